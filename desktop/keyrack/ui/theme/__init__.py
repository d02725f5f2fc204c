"""The look: colours, lengths, type scale, icons and the stylesheet.

The rule of the room: a colour or a length is named once here and used by its name elsewhere. Every text colour
reaches WCAG AA in both schemes.
Open `theme.py` first, then `palette.py`.
"""
