"""The request and the response of a server, and the handler between them. Neither shows its content in a repr."""

import logging
import socket
from collections.abc import AsyncGenerator, Awaitable, Callable
from dataclasses import dataclass

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, repr=False)
class ServerRequest:
    """One request that passed all limits.

    Header names are in lower case. `body` is empty unless the server reads bodies, and `announces_body` says that one
    was announced. `connection` serves to find the identity of the client, and for nothing else.
    """

    method: str
    target: str
    headers: tuple[tuple[str, str], ...]
    body: bytes
    announces_body: bool
    connection: socket.socket

    def values(self, name: str) -> list[str]:
        """All values of a header, by its lower-case name."""
        return [value for key, value in self.headers if key == name]

    def __repr__(self) -> str:
        return f"<ServerRequest {self.method}>"


@dataclass(frozen=True, slots=True, repr=False)
class ServerResponse:
    """A response. `sent` is called after its last byte was handed to the system.

    `parts` may follow one by one instead of a `body`. `last` says that the connection ends after this response.
    """

    status: int
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""
    sent: Callable[[], None] | None = None
    parts: AsyncGenerator[bytes, None] | None = None
    last: bool = False

    def __repr__(self) -> str:
        return f"<ServerResponse {self.status}>"


Handler = Callable[[ServerRequest], Awaitable[ServerResponse]]
Refusal = Callable[[int], ServerResponse]


def without_body(status: int) -> ServerResponse:
    """A response without a body, for a server that has no words of its own."""
    return ServerResponse(status)


async def response_of(handler: Handler, request: ServerRequest, refusal: Refusal) -> ServerResponse:
    """The handler's response, or the refusal with status 500 when the handler raises."""
    try:
        return await handler(request)
    except Exception as error:  # noqa: BLE001  its text may quote the request
        _log.error("A request could not be handled: %s", type(error).__name__)
        return refusal(500)
