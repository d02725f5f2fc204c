"""The room `caller`."""
