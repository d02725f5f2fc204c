"""The list in the sidebar, of which only what is near the shown part exists.

`entry_list.py` places titles and entries, whatever the entries show. `account_entries.py` fills it with the accounts as
they are at this moment. `sidebar_entry.py` is one line, and `state_beside.py` tells the state on it. Open
`entry_list.py` first.
"""
