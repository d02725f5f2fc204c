"""The manual page and the shells' completions, made from the tables that the command line is parsed by.

The rule of the room: it states nothing about a verb or an option that the parser does not know, and what a shell asks
for at each Tab imports no more than the client of the local socket.
Open `command_table.py` first: it reads every `Usage` of the room `cli`, so that a new verb is in all pages by itself.
"""
