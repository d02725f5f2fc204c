"""The locked window: the page to unlock it, the page for the passphrase, and the lock after a time without use.

The rule of the room: an unlock needs the person. A typed passphrase leaves its field at once, as a Secret.
Open `unlock_page.py` first. The page is shown by `window/lock_cover.py`, and the lock itself is
`core/access/lock.py`.
"""
