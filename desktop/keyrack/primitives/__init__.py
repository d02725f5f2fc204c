"""The room `primitives`."""
