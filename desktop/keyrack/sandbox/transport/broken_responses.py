"""Responses that break on the wire (reset, cut off, slow, huge), and the protocols that make them possible."""

import asyncio
import gzip
import socket
import struct
from functools import cache
from typing import Any

from starlette.responses import HTMLResponse, Response
from starlette.types import Receive, Scope, Send
from uvicorn.protocols.http.h11_impl import H11Protocol
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol

TRANSPORT = "keyrack.transport"
_GATEWAY = "<html>\r\n<head><title>{0}</title></head>\r\n<body><center><h1>{0}</h1></center><hr></body>\r\n</html>\r\n"
_CLOSED = """<!doctype html><html lang="en"><head><title>Service notice</title></head>
<body><h1>This service has ended</h1><p>Thank you for being with us.</p></body></html>"""


class ResettableHttp(H11Protocol):
    """HTTP/1.1 whose responses can reach their own connection, which ASGI hides."""

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        inner = self.app

        async def app(scope: Any, receive: Any, send: Any) -> None:
            scope[TRANSPORT] = self.transport
            await inner(scope, receive, send)

        self.app = app


class ResettableWebSocket(WebSocketsSansIOProtocol):
    """A WebSocket whose handler can reach its own connection, too."""

    def handle_connect(self, event: Any) -> None:
        """Accept the handshake as uvicorn does. The application begins in a later turn of the loop."""
        super().handle_connect(event)
        if hasattr(self, "scope"):
            self.scope[TRANSPORT] = self.transport  # type: ignore[literal-required]


class Reset(Response):
    """No response: the connection is reset (RST, not FIN)."""

    async def __call__(self, scope: Scope, receive: Receive, _send: Send) -> None:
        """Drop the connection and wait until the server has noticed."""
        reset(scope[TRANSPORT])
        await _gone(receive)


def reset(transport: asyncio.Transport) -> None:
    """Reset a connection (RST, not FIN)."""
    raw = transport.get_extra_info("socket")
    raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    transport.abort()


class Truncated(Response):
    """The right header, half the body, and the end."""

    async def __call__(self, scope: Scope, receive: Receive, _send: Send) -> None:
        """Write the first half directly, because HTTP software refuses to."""
        whole = bytes(self.body)
        transport: asyncio.Transport = scope[TRANSPORT]
        head = (
            f"HTTP/1.1 {self.status_code} OK",
            "Content-Type: application/json",
            f"Content-Length: {len(whole)}",
            "",
            "",
        )
        transport.write("\r\n".join(head).encode() + whole[: len(whole) // 2])
        transport.close()
        await _gone(receive)


class Drip(Response):
    """The whole response at one byte a second."""

    async def __call__(self, _scope: Scope, _receive: Receive, send: Send) -> None:
        """Send the header at once and the body slowly."""
        whole = bytes(self.body)
        await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
        for at in range(len(whole)):
            more = at + 1 < len(whole)
            await send({"type": "http.response.body", "body": whole[at : at + 1], "more_body": more})
            await asyncio.sleep(1)


def gateway(status: int, **headers: str) -> Response:
    """The HTML page of a gateway, with this status."""
    words = {429: "Too Many Requests", 500: "Internal Server Error", 502: "Bad Gateway", 503: "Service Unavailable"}
    return HTMLResponse(_GATEWAY.format(f"{status} {words.get(status, '')}".strip()), status, headers)


def closed() -> Response:
    """The page of a service that has ended."""
    return HTMLResponse(_CLOSED)


def json_response(text: str | bytes) -> Response:
    """200 with this text, sent as JSON."""
    return Response(text, media_type="application/json")


def big() -> Response:
    """2 MiB of JSON."""
    return json_response(b'{"data":"' + b"a" * (2 * 1024 * 1024) + b'"}')


def bomb() -> Response:
    """About 200 KB of gzip that unpack to 200 MB."""
    return Response(_packed(), media_type="application/json", headers={"Content-Encoding": "gzip"})


@cache
def _packed() -> bytes:
    # One member of 10 MB repeated: gzip files may be joined, so nothing large is ever in memory.
    return gzip.compress(b" " * 10_000_000, 9) * 20


async def _gone(receive: Receive) -> None:
    while not (await receive())["type"].endswith(".disconnect"):
        pass
