"""The clients for providers: HTTP requests and WebSockets.

The rule of the room: TLS is always verified, no redirect is followed, and nothing comes from the environment, no
cookie, no key log, and a proxy only where the person chose the system's. Only a test server on this machine may be
spoken to without TLS.
Open `http_client.py` first. `rules.py` checks a request before it is sent, `tls.py` verifies the host, `body.py` and
`charset.py` decode the response, and `websocket_client.py` serves live balances. Both ask `net/proxy` for the way.
"""
