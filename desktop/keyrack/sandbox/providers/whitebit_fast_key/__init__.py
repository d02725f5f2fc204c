"""The room `whitebit_fast_key`."""
