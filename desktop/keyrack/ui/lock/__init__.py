"""The room `lock`."""
