"""The accounts: settings, state, balances and activity of each, and the files that keep them.

One account is one sign-in of one person at one provider. Its state is one frozen value, with no flags beside it.
The rule of the room: `Account.become(new, expected=old)` is the only way to change the state. A sign-in or a
renewal that returns late finds another state than the one it started from, so its result is dropped.
No secret is in this room or in its files. Open `account.py` first, then `state.py`.
"""
