"""The room `kraken`."""
