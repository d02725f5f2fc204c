"""WhiteBIT with an API key of the person, which a provider file alone cannot describe.

`fast_key.py` has WhiteBIT's endpoints for the key, its one-time secret and its deletion. `signing.py` signs a request
with the key, `refusals.py` knows what a refusal means, `whitebit_balances.py` and `whitebit_stream.py` read the
balances.
The rule of the room: it sends what it is given and stores nothing. Keys are stored and used in `core/api_keys`.
Open `fast_key.py` first. The quirks stand at the head of `../whitebit-fast-key.toml`.
"""
