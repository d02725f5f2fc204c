"""The signed list of releases, as whoever publishes Keyrack makes it.

`publish_command.py` is the command, `list_making.py` makes the list of the packages and CHANGELOG.md, and `signing.py`
is a child process in Keyrack's own environment, which has the library for signatures.
The rule of the room: no private key in the tree, on a command line or in an environment.
"""
