"""The words for a person, each under the code of what happened.

Every failure and every line of an account's activity carries a code and parameters. This room alone turns them into
sentences, so a translation has one place to work on.
The rule of the room: it imports nothing of Keyrack, and a code is never reused for something else.
Open `catalogue.py` first. The other modules hold the sentences, one module for each part of the program.
"""
