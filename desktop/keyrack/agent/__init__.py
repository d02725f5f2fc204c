"""Keyrack without a window, for a server: the same core, its own keyring if wanted, a log on standard error."""
