"""The words about one account: its state, its sign-in, its key, its move to another home, and what it did.

The rule of the room is that of `messages`: a table for each part of the program, with the code of what happened as
the key.
Open `account_messages.py` first.
"""
