"""The room `window`."""
