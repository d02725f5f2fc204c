"""The example exchange: a plain provider for trying out a provider file of one's own.

It departs in nothing from RFC 6749, 7009, 7636, 8414, 8628 and 9207, and is in no list of built-in providers. The
sandbox sends its TOML to Keyrack at the start. Open `example_stand_in.py` first, then `example_oauth.py`.
"""
