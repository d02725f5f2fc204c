"""From the bytes of a connection to one request within the limits."""

import asyncio

import h11

from keyrack.net.server import head
from keyrack.net.server.connection import Connection
from keyrack.net.server.head import RequestLimits, RequestRejected
from keyrack.net.server.server_message import ServerRequest


async def receive(connection: Connection, protocol: h11.Connection, limits: RequestLimits) -> ServerRequest:
    """The request; raises Refused with the status that says which limit it breaks."""
    try:
        async with asyncio.timeout(limits.head_seconds):
            raw, rest = await head.read(connection.receive, limits)
        connection.idle = False
        request = head.parse(raw, protocol)
        async with asyncio.timeout(limits.body_seconds):
            body = await _body(connection, protocol, request, rest, limits)
    except TimeoutError:
        raise RequestRejected(408) from None
    return ServerRequest(
        method=request.method.decode("ascii"),
        target=request.target.decode("ascii"),
        headers=tuple((name.decode("ascii"), value.decode("latin-1")) for name, value in request.headers),
        body=body,
        announces_body=_announces_body(request),
        connection=connection.socket,
    )


def _announces_body(request: h11.Request) -> bool:
    fields = dict(request.headers)
    return b"transfer-encoding" in fields or int(fields.get(b"content-length", b"0")) > 0


async def _body(
    connection: Connection, protocol: h11.Connection, request: h11.Request, rest: bytes, limits: RequestLimits
) -> bytes:
    if limits.body_bytes == 0 or not _announces_body(request):
        return b""
    if int(dict(request.headers).get(b"content-length", b"0")) > limits.body_bytes:
        raise RequestRejected(413)
    body = bytearray()
    if rest:
        protocol.receive_data(rest)
    while not isinstance(event := _next(protocol), h11.EndOfMessage):
        if isinstance(event, h11.Data):
            body += event.data
        elif event is h11.NEED_DATA:
            protocol.receive_data(await connection.receive(4096))
        if len(body) > limits.body_bytes:
            raise RequestRejected(413)
    return bytes(body)


def _next(protocol: h11.Connection) -> object:
    try:
        event = protocol.next_event()
    except h11.RemoteProtocolError as error:
        raise RequestRejected(error.error_status_hint) from None
    if isinstance(event, h11.ConnectionClosed) or event is h11.PAUSED:
        raise RequestRejected(400)
    return event
