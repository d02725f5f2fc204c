"""The keyboard: where its focus goes, and the page of all keys.

The rule of the room: a page says where the person goes on (`first_focus`), and nothing but `page_focus.py` goes there.
The keys themselves are the table in `ui/window/shortcuts.py`.
Open `page_focus.py` first.
"""
