"""The room `api_keys`."""
