"""The store that the Keyracks of several hosts share, and the seal on everything that they put into it.

`SharedStore` is what the other rooms see: entries with revisions, leases, transactions and a watch. `EtcdStore` is the
one engine behind it. What is stored was sealed on this host, so the engine and its backups see no secret.
The rule of the room: it knows entries and keys, but no account. Every write compares what its host last saw.
Open `shared_store.py` first.
"""
