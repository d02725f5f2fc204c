"""What a server of ours received, what it answers and who says so; neither shows its content in a repr."""

import logging
import socket
from collections.abc import AsyncGenerator, Awaitable, Callable
from dataclasses import dataclass

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, repr=False)
class ServerRequest:
    """One request whose head passed all limits.

    Header names are in lower case. `body` is empty unless the server reads bodies;
    `announces_body` says that one was announced. `connection` serves for the peer's identity alone.
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
        return f"<Received {self.method}>"


@dataclass(frozen=True, slots=True, repr=False)
class ServerResponse:
    """An answer; `sent` is called after its last byte was handed to the system.

    On a kept connection `parts` may follow one by one instead of a `body`, and `last` says that no
    further request is answered there.
    """

    status: int
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""
    sent: Callable[[], None] | None = None
    parts: AsyncGenerator[bytes, None] | None = None
    last: bool = False

    def __repr__(self) -> str:
        return f"<Page {self.status}>"


def bare(status: int) -> ServerResponse:
    """A page without a body, for a server that has no words of its own."""
    return ServerResponse(status)


Handler = Callable[[ServerRequest], Awaitable[ServerResponse]]


async def answer_of(
    handler: Handler, received: ServerRequest, refusal: Callable[[int], ServerResponse]
) -> ServerResponse:
    """The handler's page; where the handler itself breaks, the refusal for 500."""
    try:
        return await handler(received)
    except Exception as error:  # noqa: BLE001  its text may quote the request
        _log.error("A request could not be handled: %s", type(error).__name__)
        return refusal(500)
