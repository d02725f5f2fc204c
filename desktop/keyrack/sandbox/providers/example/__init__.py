"""The room `example`."""
