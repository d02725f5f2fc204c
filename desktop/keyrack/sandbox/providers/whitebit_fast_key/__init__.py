"""WhiteBIT's stand-in for API keys, as https://docs.whitebit.com/guides/fast-api-key-via-oauth says (Q1 to Q18).

The person makes a key on WhiteBIT's page, the redirect carries its public part, and the token reads its secret exactly
once. Balances need requests signed with the key. Open `whitebit_fast_key_stand_in.py` first. The sign-in is in
`fast_key_endpoints.py`, signed requests are in `fast_key_calls.py`, the account stream is in `fast_key_push.py`.
"""
