"""The OAuth protocol, under the names of its RFCs: 6749, 7636 (PKCE), 7009, 8252, 8628 and 9207.

The rule of the room: it knows no account, no disk and no window. Where a provider departs from the RFCs is data in
`authorization_server.Dialect`, which the provider's TOML file fills in.
A sign-in by redirect starts in `authorization/request.py`, the callback arrives in `loopback/listener.py`, and the
token comes from `endpoints/token_endpoint.py`, which also sends every renewal.
Open `authorization_server.py` first. When a token is renewed, and where it is stored, is decided in `keyrack.core`.
"""
