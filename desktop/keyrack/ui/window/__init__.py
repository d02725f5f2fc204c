"""The main window: sidebar at the left, one page at the right, notices over it, programs' questions below it.

The rule of the room: `first_paint` and `main_window` import nothing but Qt, the theme's lengths and colours, and the
window's place, so that the grounds are painted before the rest of Keyrack is loaded.
Open `contents.py` first, then `pages.py`, which opens every page of the right side.
"""
