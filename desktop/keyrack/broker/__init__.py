"""The local socket between Keyrack and the person's other programs."""
