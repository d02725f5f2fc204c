"""The sign-in within an account's pane: one card for each step, one for the token, and one for a problem.

The rule of the room: a card shows the account's state and keeps none of it, so a code or an address is cleared from
the screen when its step is over.
Open `sign_in_panel.py` first. It selects the card.
"""
