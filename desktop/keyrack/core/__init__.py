"""What Keyrack does, without a window: accounts, sign-ins, tokens and balances, in plain asyncio.

`tokens/refresher.py` renews a token when `tokens/schedule.py` says so. `vault/record_store.py` stores what the sign-in
needs before anyone gets it. `tokens/guarded_tokens.py` gives it out, after `access/policy.py` admitted the program.
Balances come live from `balances/account_stream.py`, and the rest from `balances/poller.py`. These two and the
refresher close an account whose provider has ended. `sites` has the providers' clients.
The rule of the room: a layer imports only layers below it (a contract in pyproject.toml), and never the window.
Open `rack.py` first: `Rack` is what window, agent and local socket call. `wiring.py` makes its parts.
"""
