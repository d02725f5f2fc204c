"""Accounts that several hosts share: one of them renews, and all serve what it stored.

`sharing.py` runs it all. `group_entries.py` is the picture of the shared store, kept by a watch. `group_records.py`
writes records, each in a transaction of its own, and `joined_commits.py` sends many of them in one request.
`group_notes.py` tells of a renewal under way. `followers.py` brings what other hosts stored to the accounts here.
The rule of the room: a host whose lease may be over sends no request that rotates, and writes nothing. Nothing of it
is imported on a host that shares no account. Open `sharing.py` first.
"""
