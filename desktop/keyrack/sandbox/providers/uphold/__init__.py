"""The room `uphold`."""
