"""How Keyrack connects to the providers: the person's choice, the login for a proxy, and a try of both.

`ProxySetting` keeps the choice with the preferences, and every client follows it from the next connection on.
`ProxyLogins` keeps a user name and a password in the keyring, for the one proxy that they were entered for.
`ProxyTrial` makes one connection to a provider before a choice is kept.
The rule of the room: no password in the preferences, and none to another proxy than its own (S52).
Open `proxy_setting.py` first.
"""
