"""Keeps Keyrack running once per user: the lock file, the local socket, and the second start that finds the first.

Two running instances would renew the same tokens and break the sign-ins.
The rule of the room: it needs the standard library alone, so that a second start is over at once.
Open `instance.py` first. `socket_server.py` in the folder above serves the socket that it opens.
"""
