"""The room `vault`."""
