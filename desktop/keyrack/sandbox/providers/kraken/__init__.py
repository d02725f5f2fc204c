"""Kraken Connect's stand-in, as https://docs.kraken.com/api/docs/oauth/kraken-connect says.

The client authenticates by Basic with an empty password (Kraken Q5), a refresh ends the running access token (Q6), and
balances need a request signed with a read-only key (Q8). Open `kraken_stand_in.py` first.
"""
