"""The verbs that move accounts from one home to another: `keyrack export FILE` and `keyrack import FILE`.

The running Keyrack reads and writes the file. The verbs ask for the passphrases and say what came of it.
The rule of the room is that of `cli`: the standard library alone, and no secret in an argument.
Open `moving_commands.py`.
"""
