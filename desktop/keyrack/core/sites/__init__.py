"""The room `sites`."""
