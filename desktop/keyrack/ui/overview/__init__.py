"""The first page of the window: one card per account, the sum of all values, and the welcome page without accounts.

The rule of the room: a card computes nothing. Its figures come from the account's snapshot and from `rack.totals`.
Open `overview.py` first.
"""
