"""Reads provider files and says which key on which line is wrong.

`load.py` makes a `Provider` of a text: TOML, then the schema, then the checks of choices that do not fit each other
(`check.py` and those that it names). `toml_lines.py` finds the line of a key.
A file of the person is held to further rules in `user_file.py`, and may leave its addresses to the server's metadata.
The rule of the room: a mistake is a code with the steps to its key. The sentences stand in
`messages/provider_file_messages.py`.
Open `load.py` first.
"""
