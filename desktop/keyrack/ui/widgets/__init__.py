"""The controls that every page is made of: texts, buttons, fields, cards, the ring and the QR code.

The rule of the room: a control knows nothing of accounts, shows plain text only (S49), and has an accessible name.
Open `controls.py` first.
"""
