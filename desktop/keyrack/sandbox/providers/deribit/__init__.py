"""The room `deribit`."""
