"""The room `instance`."""
