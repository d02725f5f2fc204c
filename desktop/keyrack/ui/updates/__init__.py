"""The notice in the window that there is a newer Keyrack.

`UpdateNotice` tells each version once, in the window alone, and only while the person has it before them.
The settings page has the rest: see `ui/preferences/updates_line.py`.
Open `update_notice.py` first.
"""
