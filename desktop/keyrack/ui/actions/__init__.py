"""The room `actions`."""
