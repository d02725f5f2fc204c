"""Pictures of the past: the course of a value as a line, and the assets of all accounts as one bar.

The rule of the room: a picture claims nothing that is not known. A gap is a gap, what is left out is said, and what
hides the amounts hides the pictures too. Decimals become floats only where they are drawn.
Open `past_block.py` first.
"""
