"""Keyrack keeps the short-lived tokens of exchange accounts fresh and at hand."""

__version__ = "0.1.0"
