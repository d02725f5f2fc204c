"""The pages that lie over the page that was open: help, activity of all accounts, log, diagnostics.

`over_pages.py` makes each of them. They share the head of `ui/parts/over_page.py`, and all keys are one of them.
The rule of the room: a page only reads, it changes nothing of an account, and what leaves it as a file or a copy was
seen before (S105).
Open `help_page.py` first.
"""
