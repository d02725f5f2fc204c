"""Where a token is stored: in the operating system's keyring, as one record for each account.

`RecordStore` is what the other rooms use. A record holds the client secret, the refresh token, API keys, and an
access token only if it cannot be renewed. Between it and the keyring stand a vault, items of at most 1,200
characters, and one thread with deadlines. A Secret Service keeps one connection and one session.
The rule of the room: a record is stored, read back and compared (`keyring_items.py`) before memory changes, and
`Refresher` waits for it. Without a keyring `MemoryVault` keeps the records for this session only.
Open `record_store.py` first, then `record.py` and `keyring_vault.py`.
"""
