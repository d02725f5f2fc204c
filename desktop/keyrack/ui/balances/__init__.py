"""The balances within an account's pane: a table for exchanges, a bar for storage, and the value in a currency.

The rule of the room: an amount is a Decimal from the provider to the pixel, never a float and never rounded. Only a
value is rounded. Privacy mode hides every figure.
Open `balances_card.py` first.
"""
