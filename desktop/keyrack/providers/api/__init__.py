"""Asks a provider's API what an account holds, with a token, and what that is worth, without one.

`api_client.py` sends the requests that a provider file describes, and `amounts.py` reads their responses. Live
balances come over a WebSocket: `stream.py` says what a provider's conversation looks like, and the modules
`probit.py`, `deribit.py` and `whitebit/whitebit_stream.py` hold the conversations.
The rule of the room: a figure is exact or absent, never rounded and never a guess.
Open `api_client.py` first.
"""
