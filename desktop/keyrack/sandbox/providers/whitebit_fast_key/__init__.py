"""WhiteBIT's stand-in for API keys, as https://docs.whitebit.com/guides/fast-api-key-integration says (Q1 to Q20).

The person agrees, the redirect carries a code, and then the person makes a key on WhiteBIT's page. The token reads the
key's secret exactly once. Balances need requests signed with the key. Open `whitebit_fast_key_stand_in.py` first. The
pages are in `fast_key_consent.py`, tokens in `fast_key_tokens.py`, what they open in `fast_key_endpoints.py`, signed
requests in `fast_key_calls.py`, the account stream in `fast_key_push.py`.
"""
