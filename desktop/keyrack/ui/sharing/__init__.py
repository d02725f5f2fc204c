"""The group of hosts that this one shares accounts with, in the window: what `keyrack share` does, for a person.

`SharingForm` stands in a page that the settings open. In no group it holds the way into one, else the group.
The rule of the room: nothing of it is imported before the page is opened, and each press calls the same function of
`core` as the local socket does.
Open `sharing_form.py` first.
"""
