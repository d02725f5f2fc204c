"""Accounts, their state, the vault, renewal and balances, in plain asyncio."""
