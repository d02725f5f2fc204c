"""What Keyrack does, without a window: the accounts, their sign-ins, tokens and balances. Plain asyncio.

`Rack` in `rack.py` is what the window, the agent and the local socket call. `wiring.py` makes the parts once, connects
them and ends them. Where the parts are, from the top layer to the bottom:

    sign_out.py   ends an account's sign-in or removes the account, here first and then at the provider
    sign_in/      signs in by each flow, and restores the state of every account from the vault at the start
    balances/     where live balances come from: push streams, and polls where there is no stream
    status.py     describes an account's state for a person and for `status --json`
    tokens/       where a token is renewed and when, and the only way out for a token
    access/       who may have a token: the lock, the permission of programs, the prompts
    api_keys/     credentials that are API keys: making, using and deleting them
    valuation/    what the balances are worth
    vault/        where a token is stored: in the keyring, as one record for each account
    sites/        the provider of an account: its endpoints, its API and its spacing of requests
    accounts/     settings, state, balances and activity of each account
    scheduling/   tasks, loops and sleeps. Beside it: `system/` for files, paths and the log, `failures.py`

A token is renewed by `tokens/refresher.py` at the moment that `tokens/schedule.py` gives. It is stored by
`vault/record_store.py` before it is used. A program or the clipboard gets it from `tokens/guarded_tokens.py` alone,
after `access/policy.py` has admitted the caller.
The rule of the room: a layer imports only layers below it, and no window, socket server or command line.
Open `rack.py` first, then `accounts/state.py`.
"""
