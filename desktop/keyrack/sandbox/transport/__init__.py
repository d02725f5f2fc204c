"""How a stand-in is served: ports, requests and responses over HTTP, messages over a WebSocket.

Every request and message is written to the log and fails here when a fault says so, so a stand-in only writes what its
provider answers. The rule of the room: it names no provider.
Open `endpoint.py` first. `broken_responses.py` makes the broken responses, `websocket.py` the streams, `ports.py` the
servers.
"""
