"""The keyboard: all keys in one table, their page, and where the focus goes.

The rule of the room: every key stands in `all_keys.py`, and `ui/window/shortcuts.py` binds those of the window. A page
says where the person goes on (`first_focus`), and nothing but `page_focus.py` goes there.
Open `all_keys.py` first, then `page_focus.py`.
"""
