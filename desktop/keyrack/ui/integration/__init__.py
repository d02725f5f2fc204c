"""Where Keyrack meets the desktop: tray, notifications, clipboard, locked screens and sleep.

The rule of the room: no secret is in a tooltip or a notification (S99), and a secret on the clipboard is marked, is
cleared after a time, and is never cleared when it is not ours (S94 to S97).
Open `tray.py` and `clipboard.py` first.
"""
