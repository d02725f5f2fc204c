"""The room `widgets`."""
