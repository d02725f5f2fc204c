"""The HTTP/1.1 server for this machine: for programs at the local socket, and for the browser's callback.

The rule of the room: every request has limits in bytes and seconds, and no slow, silent or broken client delays
another one. After a rejected request the connection ends, and nothing more is read from it as a request.
Open `http_server.py` first: it accepts and counts connections. `server_connection.py` is one connection,
`request_reader.py` and `head.py` read its requests, `response_bytes.py` writes the responses, and `server_limits.py`
has the numbers.
"""
