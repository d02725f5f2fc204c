"""The room `valuation`."""
