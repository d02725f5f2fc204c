"""The words for a person, each under the code of what happened.

Every failure and every line of an account's activity carries a code and parameters. This room alone turns them into
sentences. Labels and controls have their words in `ui/text` and in their widgets, and verbs in `cli`.
The rule of the room: it imports nothing of Keyrack but `language`, and a code is never reused for something else.
Open `catalogue.py` first. It joins the tables of the other modules, one for each part of the program. Those about one
account are in `accounts`.
"""
