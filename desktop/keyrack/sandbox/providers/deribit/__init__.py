"""Deribit's stand-in, as https://docs.deribit.com/articles/authentication says.

Everything is JSON-RPC: tokens and figures are inside `result`, amounts are JSON numbers (Deribit Q4), and the WebSocket
takes the token with each private call. Open `deribit_stand_in.py` first.
"""
