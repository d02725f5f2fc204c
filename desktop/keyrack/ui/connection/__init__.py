"""How Keyrack connects: seen, tried and chosen in the window.

`ConnectionPage` is the page that the sidebar's menu and a connection's failure open. It holds `ConnectionForm`, which
knows nothing of the page, so that another page can hold it.
The rule of the room: a form that is wrong keeps what was entered, and a password leaves its field only to the keyring.
Open `connection_form.py` first.
"""
