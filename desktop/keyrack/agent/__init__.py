"""Keyrack without a window, for a server: `keyrack agent`.

It runs the same core and the same broker as the window. It logs to standard error and reports to systemd.
The rule of the room: it never imports the window or Qt.
Open `agent.py` first, the composition root. `keyring/` runs a private keyring where there is no desktop session.
"""
