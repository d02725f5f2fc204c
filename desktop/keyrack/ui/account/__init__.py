"""The room `account`."""
