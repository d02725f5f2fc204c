"""The room `integration`."""
