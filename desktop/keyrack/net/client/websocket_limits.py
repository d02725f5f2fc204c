"""The limits of a WebSocket, and how its opening fails."""

from collections.abc import Mapping
from dataclasses import dataclass

from keyrack.net.network_errors import NoResponse


@dataclass(frozen=True, slots=True)
class WebSocketLimits:
    """The limits of a WebSocket in seconds, and `message` in bytes.

    A ping is sent every `ping` seconds. When no pong comes within `pong` seconds, the server counts as gone.
    """

    open: float = 10.0
    ping: float = 20.0
    pong: float = 10.0
    send: float = 10.0
    close: float = 1.0
    message: int = 1024 * 1024


class NotUpgraded(NoResponse):
    """The host sent an ordinary response. `status` and `headers` (names in lower case) are that response's."""

    def __init__(self, host: str, status: int, headers: Mapping[str, str]) -> None:
        super().__init__(host, detail=f"HTTP {status}")
        self.status = status
        self.headers = headers
