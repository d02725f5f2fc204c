"""The HTML pages that a person sees in the browser: consent, codes, notices.

The rule of the room: a page loads nothing, runs no script, and every text from a request is escaped.
Open `page_frame.py` first. `page_style.py` is the style sheet.
"""
