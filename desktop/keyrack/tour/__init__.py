"""The room `tour`."""
