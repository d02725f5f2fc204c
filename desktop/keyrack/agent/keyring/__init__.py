"""The agent's private keyring: gnome-keyring on a private bus, unlocked by a password that systemd passes.

A server has no desktop session that would unlock a keyring.
The rule of the room: nothing is shared with the person's login keyring, and no secret is written anywhere else.
Open `private_keyring.py` first.
"""
