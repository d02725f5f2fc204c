"""The room `balances`."""
