"""The clients for providers: HTTP requests and WebSockets.

The rule of the room: TLS is always verified, no redirect is followed, and nothing comes from the environment: no proxy,
no cookie, no key log. Only a test server on this machine may be spoken to without TLS.
Open `http_client.py` first. `rules.py` checks a request before it is sent, `tls.py` verifies the host, `body.py` limits
and decodes the response, `charset.py` makes UTF-8 of it, and `websocket_client.py` serves live balances.
"""
