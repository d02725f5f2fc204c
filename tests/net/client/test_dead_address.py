"""A host whose first address leads nowhere is reached by its second one, also for a stream."""

import asyncio
import socket
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

from keyrack.net.client.client_message import Request
from keyrack.net.client.http_client import HttpClient
from keyrack.net.client.websocket_client import Dialler
from keyrack.primitives.secret import Secret
from tests.net.tls_server import Authority, answer, serving
from tests.net.websocket_server import Peer, upgraded

_HOST = "provider.example"
_NOWHERE = "127.0.0.2"


class _Resolving(asyncio.SelectorEventLoop):
    """An event loop that knows two addresses of the host. Nothing listens behind the first one, and nothing refuses."""

    async def getaddrinfo(self, host: Any, port: Any, **_: Any) -> Any:
        addresses = [_NOWHERE, "127.0.0.1"] if host in (_HOST, _HOST.encode()) else [host]
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in addresses]


@contextmanager
def _black_hole(port: int) -> Iterator[None]:
    """A port whose queue is full, so that the kernel answers nothing to whoever connects."""
    with ExitStack() as held:
        listening = held.enter_context(socket.socket())
        listening.bind((_NOWHERE, port))
        listening.listen(0)
        for _ in range(4):
            waiting = held.enter_context(socket.socket())
            waiting.setblocking(False)
            waiting.connect_ex((_NOWHERE, port))
        yield


def test_a_stream_and_a_request_find_the_address_that_answers(authority: Authority) -> None:
    with asyncio.Runner(loop_factory=_Resolving) as runner:
        runner.run(_stream(authority))
        runner.run(_request(authority))


async def _stream(authority: Authority) -> None:
    async def greet(peer: Peer) -> None:
        await peer.send(b"hello")
        await peer.hear()

    this: list[Any] = []
    async with serving(upgraded(greet, this), authority.server(_HOST)) as provider:
        this.append(provider)
        with _black_hole(provider.port):
            stream = await Dialler(ca_file=authority.file).open(provider.url("/ws", _HOST, "wss"))
            assert await stream.receive() == "hello"
            await stream.close()


async def _request(authority: Authority) -> None:
    client = HttpClient(ca_file=authority.file)
    async with serving(answer(), authority.server(_HOST)) as provider:
        with _black_hole(provider.port):
            headers = {"Authorization": Secret("Bearer canary")}
            assert (await client.send(Request("GET", provider.url(host=_HOST), headers))).status == 200
    await client.close()
