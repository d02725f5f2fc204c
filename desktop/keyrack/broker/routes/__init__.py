"""The handlers of the interface, one module for each group of routes.

A handler takes a `Call` and returns the JSON object of the response, or a stream of them. It raises a Failure for
anything else, which `protocol/api_errors.py` turns into an error response.
The rule of the room: a handler decides nothing about tokens, accounts or the lock itself. It calls the core.
Open `token_routes.py` first. To add a route, write its handler here, list it in the module's ROUTES, and describe it in
`broker/README.md`. A new module of routes is named once more in `broker/socket_server.py`.
"""
