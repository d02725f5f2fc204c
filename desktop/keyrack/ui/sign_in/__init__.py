"""The room `sign_in`."""
