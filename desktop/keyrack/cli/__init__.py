"""The command line: `keyrack VERB …` sends requests to the running Keyrack and prints what the response says.

The rule of the room: it imports the standard library, two modules of `net`, `command_name` and the language, because
importing takes most of a verb's time. Its own sentences therefore stand here and not in `keyrack.messages`.
They are translated, and what scripts read stays as it is: results, JSON, exit codes and the words of commands.
To add a verb, write a `<name>_command.py` with a function and a VERBS table, name it in the `match` of
`keyrack/__main__.py`, and a line in the help in `startup/option_parser.py`. A new request needs a route in `broker`.
Open `runner.py` first, then `token_commands.py` as the shortest example.
"""
