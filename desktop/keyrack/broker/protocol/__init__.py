"""The HTTP side of the interface: routes, paths, fields of requests, JSON responses and errors.

The rule of the room: it knows what a request and a response look like, and nothing of what a route does.
What a request sends is checked strictly here: an unknown field or query is an error and is never ignored.
Open `route.py` first, then `api_errors.py`, which has the table of all error codes.
"""
