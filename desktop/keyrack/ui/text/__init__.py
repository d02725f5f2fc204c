"""The texts of the window: states, amounts, values, rights and commands as a person reads them.

The rule of the room: no widget is made here, and a provider's text is cleaned and cut before it becomes part of a
sentence.
Sentences of failures and of the activity are in the room `messages`.
Open `state_text.py` first.
"""
