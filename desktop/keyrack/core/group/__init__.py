"""The group of hosts that this one belongs to: its file, its key, how a host joins and leaves, and who is in it.

`Membership` has the verbs of `keyrack share`. The key comes to another host by a one-time code (`invitation.py` and
`joining.py`), and is changed for all records at once (`key_change.py`).
The rule of the room: it knows hosts and keys, but no account. Nothing imports it where no account is shared.
Open `membership.py` first.
"""
