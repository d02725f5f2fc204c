"""Asks a provider's API what an account holds, with a token, and what that is worth, mostly without one.

`api_client.py` sends the requests that a provider file describes, `balance_rows.py` reads their responses, and
`prices.py` reads the public prices. `reported_failures.py` and `service_end.py` say what a failure means.
`stream.py` is the protocol of a provider's WebSocket, and `key_provider.py` that of a provider with keys.
The rule of the room: a figure is exact or absent, never rounded and never a guess.
Open `api_client.py` first.
"""
