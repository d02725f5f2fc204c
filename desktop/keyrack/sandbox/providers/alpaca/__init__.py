"""The room `alpaca`."""
