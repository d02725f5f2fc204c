"""Credentials that are API keys, for providers whose requests are signed instead of sent with a token.

`KeySignIn` gets a key after a sign-in, `SignedCalls` uses it, `ApiKeyActions` deletes it. `ReadOnlyKeys` serves
providers that have tokens but show balances to a key alone. `Nonces` are the growing numbers of signed requests.
The rule of the room: a secret that the provider shows once is stored before anything else is done with it, and a
number is noted on disk before it is sent.
Open `key_sign_in.py` first. The keys lie in the account's record (`core/vault`). A provider with keys implements
`providers/api/key_provider.py`: `tests/core/api_keys/test_second_key_provider.py` has a whole example.
"""
