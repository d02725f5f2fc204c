"""The room `startup`."""
