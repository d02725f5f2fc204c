"""HTTP, WebSocket and local sockets: every byte to and from another program passes this room.

The rule of the room: it knows nothing of OAuth, accounts or the window, and no other room imports httpx or websockets.
A secret goes only to an address that `address.py` and `client/rules.py` admit, over verified TLS.
Open `client/http_client.py` for requests to providers and `server/http_server.py` for what Keyrack itself serves.
`unix_request.py` and `unix_peer.py` need the standard library alone, because the command line imports them.
This file imports nothing for the same reason.
"""
