"""What buttons, menus and shortcuts do.

The rule of the room: an action runs as a task, once at a time for each account, never while Keyrack is locked, and
its failure becomes a notice above the page.
Open `actions.py` first.
"""
