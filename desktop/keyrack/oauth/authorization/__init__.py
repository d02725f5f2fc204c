"""The authorization request and the response to it (RFC 6749 section 4.1).

The rule of the room: nothing here opens a socket or a browser. A response is checked in the same way, no matter
whether it came to the listener or was pasted by the person. State, issuer and duplicates are checked before the code
is looked at.
Open `request.py` for the way out and `response_check.py` for the way back.
"""
