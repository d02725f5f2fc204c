"""The verb `keyrack share`: the group of hosts that this one shares accounts with.

`sharing_commands.py` has the table of its commands, `entering_commands.py` those by which a host comes into a group.
The rule of the room is that of `cli`: the standard library alone, and no secret in an argument.
Open `sharing_commands.py`.
"""
