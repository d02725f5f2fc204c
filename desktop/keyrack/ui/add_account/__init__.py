"""The room `add_account`."""
