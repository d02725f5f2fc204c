"""The local socket: the HTTP interface through which other programs of this user reach the running Keyrack.

A program sends a request, such as GET /v1/accounts/NAME/token. The broker finds out which program it is, asks the core
whether it may have the token, and sends a JSON response. The interface is described in `README.md` of this folder.
The rule of the room: only the user who runs Keyrack is served, and only while the core's lock and policy allow it.
Open `socket_server.py` first. `routes/` holds the handlers, `protocol/` the requests and responses, `caller/` finds the
program behind a connection, and `instance/` keeps Keyrack running once per user.
"""
