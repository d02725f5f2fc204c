"""The redirect listener: the callback of a sign-in arrives here (RFC 8252 section 7.3).

The rule of the room: a port of 127.0.0.1 or [::1] is open only while a sign-in is pending. Only a genuine response
changes anything. Any other request gets a constant page and leaves the sign-in pending.
The callback arrives in `listener.py`: open it first. `redirects.py` begins a sign-in, `request_filter.py` rejects what
is no navigation of a person, `pending.py` is one sign-in, and `closing_pages.py` has what the browser shows.
"""
