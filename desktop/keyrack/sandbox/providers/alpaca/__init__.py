"""Alpaca's stand-in, as https://docs.alpaca.markets/docs/using-oauth2-and-trading-api says.

The client secret is in the body of the token request, the token names no lifetime and no refresh token, and the balance
is one object of figures (Alpaca Q9). Open `alpaca_stand_in.py` first.
"""
