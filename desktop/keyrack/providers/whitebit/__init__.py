"""WhiteBIT with an API key of the person, which a provider file alone cannot describe.

`whitebit_keys.py` is the `KeyProvider`. It calls `key_endpoints.py`, which has the endpoints for the key, its one-time
secret and its deletion. `signing.py` signs a request, `refusals.py` explains a refusal, and `whitebit_balances.py` and
`whitebit_stream.py` read the balances.
The rule of the room: it sends what it is given and stores nothing. Keys are stored and used in `core/api_keys`.
Open `whitebit_keys.py` first. The quirks stand at the head of `../whitebit-fast-key.toml`.
"""
