"""The room `whitebit`."""
