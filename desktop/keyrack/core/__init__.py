"""What Keyrack does, without a window: accounts, sign-ins, tokens and balances, in plain asyncio.

A token is renewed by `tokens/refresher.py`, when `tokens/schedule.py` says so, and stored by `vault/record_store.py`
before it is used. `tokens/guarded_tokens.py` gives it out, after `access/policy.py` admitted the program. Live balances
come from `balances/account_stream.py`, else from `balances/poller.py`. The other rooms: `sign_in`, `api_keys`,
`valuation`, `sites` (the providers and their clients), `accounts`, `scheduling` and `system`.
The rule of the room: a layer imports only layers below it (a contract in pyproject.toml), and never the window.
Open `rack.py` first: `Rack` is what window, agent and local socket call. `wiring.py` makes its parts.
"""
