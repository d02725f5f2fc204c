"""The room `authorization`."""
