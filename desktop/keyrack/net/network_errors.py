"""The tree of failures between Keyrack and a provider's host.

NetworkFailure
├── Unreachable     nothing was sent, so the same request is safe again, also with a code (S44)
│   └── ProxyRefused        the proxy on the way is away, refuses, or has an address that cannot be used
├── NoResponse      something may have been sent, and no usable response came
│   └── NotUpgraded     a WebSocket was asked for, and an ordinary response came (net/client/websocket_client.py)
├── TooLarge        the response was longer than Keyrack reads
├── TlsRefused      the host's certificate or TLS was refused before anything was sent
└── Unsendable      the request breaks Keyrack's own rules: nothing was sent, and it fails again in the same way
"""

from keyrack.primitives.failure import Failure


class NetworkFailure(Failure):
    """The transport failed. `host` is the name of the server."""

    technical = True

    def __init__(self, code: str, host: str, *, detail: str = "", **params: str) -> None:
        super().__init__(code, detail=detail, params={**params, "host": host})
        self.host = host


class Unreachable(NetworkFailure):
    """There was no connection, and nothing was sent. `connects` says how Keyrack connects, in a whole sentence."""

    def __init__(self, host: str, connects: str, *, late: bool = False, detail: str = "") -> None:
        code = "host_unreachable_in_time" if late else "host_unreachable"
        NetworkFailure.__init__(self, code, host, detail=detail, connects=connects)


class ProxyRefused(Unreachable):
    """There was no connection through the proxy, and nothing was sent to the host."""

    def __init__(self, code: str, host: str, **params: str) -> None:
        NetworkFailure.__init__(self, code, host, **params)


class NoResponse(NetworkFailure):
    """The request may have arrived, but no usable response came back."""

    def __init__(self, host: str, *, late: bool = False, detail: str = "") -> None:
        super().__init__("no_response_in_time" if late else "no_response", host, detail=detail)


class TooLarge(NetworkFailure):
    """The response exceeded the limit on its decoded size, in bytes."""

    def __init__(self, host: str, *, limit: int) -> None:
        super().__init__("response_too_large", host, kib=str(limit // 1024))


class TlsRefused(NetworkFailure):
    """There was no trustworthy TLS connection, so nothing was sent (S40, R31, R32)."""


class Unsendable(NetworkFailure):
    """The request itself is not one that Keyrack sends. No value of it is quoted."""
