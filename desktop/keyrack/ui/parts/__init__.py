"""Parts larger than a control that several pages are made of: product drawing, callout, and the change of pages.

The rule of the room: a part knows nothing of accounts, and whatever moves in it stops by itself and stands still when
the system asks for reduced motion.
Open `rack_drawing.py` first.
"""
