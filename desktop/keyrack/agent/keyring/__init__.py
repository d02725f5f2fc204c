"""The room `keyring`."""
