"""What the WebSocket client opens, refuses and survives. A host that is not trusted gets no byte of a secret."""

import asyncio
import datetime as dt
import logging
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
import trustme

from keyrack import __version__
from keyrack.net.client.websocket_client import Dialler
from keyrack.net.client.websocket_connection import WebSocket
from keyrack.net.client.websocket_limits import NotUpgraded, WebSocketLimits
from keyrack.net.network_errors import NetworkFailure, NoResponse, TlsRefused, TooLarge, Unreachable, Unsendable
from keyrack.primitives.secret import Secret
from tests.net.canary import TOKEN, shown
from tests.net.tls_server import Authority, Provider, answer, serving
from tests.net.websocket_server import BINARY, CLOSE, PING, PONG, TEXT, Peer, Scene, upgraded

MIB = 1024 * 1024
SHORT = WebSocketLimits(open=2.0, ping=30.0, pong=0.3, send=2.0, close=0.3)


@pytest.fixture
def dialler(authority: Authority) -> Dialler:
    return Dialler(ca_file=authority.file, limits=SHORT)


@asynccontextmanager
async def server(scene: Scene, authority: Authority, *headers: str) -> AsyncGenerator[Provider]:
    """A TLS WebSocket server that plays the scene to each connection."""
    this: list[Provider] = []
    async with serving(upgraded(scene, this, *headers), authority.server("localhost")) as provider:
        this.append(provider)
        yield provider


@asynccontextmanager
async def opened(
    scene: Scene, authority: Authority, dialler: Dialler, *headers: str
) -> AsyncGenerator[tuple[WebSocket, Provider]]:
    async with server(scene, authority, *headers) as provider:
        socket = await dialler.open(provider.url("/ws", scheme="wss"))
        try:
            yield socket, provider
        finally:
            await socket.close()


async def echo(peer: Peer) -> None:
    while True:
        opcode, payload = await peer.hear()
        await peer.send(payload, opcode if opcode == TEXT else PONG if opcode == PING else CLOSE)


async def silent(peer: Peer) -> None:
    await asyncio.Event().wait()


async def gone(peer: Peer) -> None:
    """The other side left."""
    await peer.reader.read()


@pytest.mark.security("S42")
async def test_a_frame_goes_out_and_its_answer_comes_back(authority: Authority, dialler: Dialler) -> None:
    async with opened(echo, authority, dialler) as (socket, provider):
        await socket.send(Secret('{"token":"a/b+c=="}'))
        assert await socket.receive() == '{"token":"a/b+c=="}'
    [head] = provider.heads
    lines = [line.partition(":")[0] for line in head.lower().split("\r\n")[1:] if line]
    assert f"user-agent: keyrack/{__version__}" in head.lower()
    assert not {"cookie", "origin", "authorization", "sec-websocket-extensions"} & set(lines), "and no compression"


@pytest.mark.security("S40")
async def test_an_untrusted_host_gets_no_byte(authority: Authority, dialler: Dialler, tmp_path: Path) -> None:
    stranger = Authority(trustme.CA(), tmp_path / "none")
    past = dt.datetime.now(dt.UTC) - dt.timedelta(days=2)
    for context, words in (
        (stranger.server("localhost"), "nobody this computer trusts"),
        (authority.server("other.example"), "another name"),
        (authority.server("localhost", not_after=past), "this computer's date"),
    ):
        async with serving(answer(), context) as provider:
            with pytest.raises(TlsRefused, match="could not prove") as caught:
                await dialler.open(provider.url(scheme="wss"))
            assert provider.received == b""
        assert words in caught.value.means


@pytest.mark.security("S40")
@pytest.mark.parametrize(
    "url",
    [
        "ws://provider.example/ws",
        "ws://localhost:1/ws",
        "ws://127.0.0.2:1/ws",
        "ws://2130706433:1/ws",
        "http://127.0.0.1:1/ws",
        "https://provider.example/ws",
        "wss://me:word@provider.example/ws",
        "wss:///ws",
        "wss://provider.example:99999/ws",
        "wss://provider.example/a b",
        "wss://provider.example/\r\nX: y",
        "",
    ],
)
async def test_only_wss_is_opened_to_anyone_else(url: str, dialler: Dialler) -> None:
    with pytest.raises(Unsendable):
        await dialler.open(url, plain_allowed=True)


@pytest.mark.security("S40")
async def test_a_plain_socket_to_this_machine_needs_leave(dialler: Dialler) -> None:
    this: list[Provider] = []
    async with serving(upgraded(echo, this), None) as provider:
        this.append(provider)
        url = provider.url("/ws", "127.0.0.1", "ws")
        with pytest.raises(Unsendable):
            await dialler.open(url)
        assert provider.connections == 0
        socket = await dialler.open(url, plain_allowed=True)
        await socket.close()
    assert provider.connections == 1


@pytest.mark.security("S41")
@pytest.mark.parametrize("status", ["301 Moved", "302 Found", "303 See Other", "307 Temporary", "308 Permanent"])
async def test_no_redirect_is_followed(status: str, authority: Authority, dialler: Dialler) -> None:
    tls = authority.server("localhost")
    async with serving(answer(), tls) as target:
        for place in (target.url("/ws", scheme="wss"), target.url("/ws"), "/ws"):
            async with serving(answer(status, f"Location: {place}"), tls) as provider:
                with pytest.raises(NotUpgraded) as caught:
                    await dialler.open(provider.url(scheme="wss"))
                assert caught.value.status == int(status[:3])
                assert len(provider.heads) == 1
        assert target.connections == 0


async def test_a_page_instead_of_a_socket_tells_its_status(authority: Authority, dialler: Dialler) -> None:
    reply = answer("503 Busy", "Retry-After: 7", body=b"<html>" + b"x" * 5000)
    async with serving(reply, authority.server("localhost")) as provider:
        with pytest.raises(NotUpgraded) as caught:
            await dialler.open(provider.url(scheme="wss"))
    assert (caught.value.status, caught.value.headers["retry-after"]) == (503, "7")
    assert caught.value.detail == "HTTP 503"


@pytest.mark.parametrize(
    "reply",
    [
        b"SSH-2.0-Example\r\n",
        b"HTTP/1.1 101 Hm\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: d3Jvbmc=\r\n\r\n",
        b"HTTP/1.1 101 Switching Protocols\r\n\r\n",
        b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 10_000 + b"\r\n",
        b"HTTP/1.1 200 OK\r\nX: " + b"y" * MIB + b"\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n",
        b"\x16\x03\x01\x00\xff",
        b"",
    ],
)
async def test_a_hostile_handshake_ends_in_a_failure(reply: bytes, authority: Authority, dialler: Dialler) -> None:
    async def play(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(reply)
        writer.write_eof() if writer.can_write_eof() else writer.close()

    async with serving(play, authority.server("localhost")) as provider:
        with pytest.raises(NetworkFailure):
            await dialler.open(provider.url(scheme="wss"))


async def test_a_host_that_never_answers_is_given_up(authority: Authority) -> None:
    ended = asyncio.Event()

    async def mute(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()
        ended.set()

    dialler = Dialler(ca_file=authority.file, limits=WebSocketLimits(open=0.3))
    async with serving(mute, authority.server("localhost")) as provider:
        with pytest.raises(Unreachable, match="did not answer in time"):
            await dialler.open(provider.url(scheme="wss"))
        await asyncio.wait_for(ended.wait(), 5)  # the connection is closed, not only given up


@pytest.mark.security("S44")
async def test_a_refused_connection_sent_nothing(authority: Authority, dialler: Dialler) -> None:
    async with serving(answer(), None) as provider:
        url = provider.url(scheme="wss")
    with pytest.raises(Unreachable):
        await dialler.open(url)


async def test_a_message_of_a_mebibyte_is_read_and_one_byte_more_is_not(authority: Authority, dialler: Dialler) -> None:
    async def large(peer: Peer) -> None:
        await peer.send(b"a" * MIB)
        await peer.send(b"a" * (MIB + 1))
        await gone(peer)

    async with opened(large, authority, dialler) as (socket, _):
        assert len(await socket.receive()) == MIB
        with pytest.raises(TooLarge, match="too large") as caught:
            await socket.receive()
    assert "1024 KiB" in caught.value.means


async def test_a_message_in_endless_pieces_is_cut_off(authority: Authority, dialler: Dialler) -> None:
    async def endless(peer: Peer) -> None:
        await peer.send(b"a" * 65_536, TEXT, first=0)
        for _ in range(1000):
            await peer.send(b"a" * 65_536, 0, first=0)

    async with opened(endless, authority, dialler) as (socket, _):
        with pytest.raises(TooLarge):
            await socket.receive()


@pytest.mark.parametrize(
    ("payload", "opcode", "first"),
    [
        (b"text in another dress", BINARY, 0x80),
        (b"\xff\xfe\xff", TEXT, 0x80),
        (b"compressed", TEXT, 0xC0),
        (b"reserved", 3, 0x80),
        (b"no beginning", 0, 0x80),
        (b"a" * 200, PING, 0x80),
        (b"\x03", CLOSE, 0x80),
    ],
)
async def test_a_frame_that_breaks_the_rules_ends_the_connection(
    payload: bytes, opcode: int, first: int, authority: Authority, dialler: Dialler
) -> None:
    async def odd(peer: Peer) -> None:
        await peer.send(payload, opcode, first)
        await gone(peer)

    async with opened(odd, authority, dialler) as (socket, _):
        with pytest.raises(NoResponse):
            await socket.receive()
    assert "text in another dress" not in repr(socket)


async def test_an_extension_that_was_not_requested_is_refused(authority: Authority, dialler: Dialler) -> None:
    """So that no small frame ever unfolds into a large one."""
    async with server(gone, authority, "Sec-WebSocket-Extensions: permessage-deflate") as provider:
        with pytest.raises(NetworkFailure):
            await dialler.open(provider.url(scheme="wss"))


async def test_the_reason_of_a_goodbye_is_not_kept(authority: Authority, dialler: Dialler) -> None:
    async def bye(peer: Peer) -> None:
        await peer.send((1008).to_bytes(2, "big") + TOKEN.encode(), CLOSE)
        await gone(peer)

    async with opened(bye, authority, dialler) as (socket, _):
        with pytest.raises(NoResponse) as caught:
            await socket.receive()
        with pytest.raises(NoResponse):
            await socket.send(Secret(TOKEN))
    assert caught.value.detail == "closed with 1008"
    assert TOKEN not in shown(caught.value) + repr(socket)


async def test_a_broken_connection_is_reported(authority: Authority, dialler: Dialler) -> None:
    async def abort(peer: Peer) -> None:
        peer.writer.transport.abort()

    async with opened(abort, authority, dialler) as (socket, _):
        with pytest.raises(NoResponse, match="broke off"):
            await socket.receive()


async def test_silence_after_a_ping_of_ours_ends_the_connection(authority: Authority) -> None:
    dialler = Dialler(ca_file=authority.file, limits=WebSocketLimits(ping=0.05, pong=0.2, close=0.2))
    async with opened(silent, authority, dialler) as (socket, _):
        with pytest.raises(NoResponse, match="took too long"):
            await socket.receive()


def test_the_numbers_are_those_of_the_documents() -> None:
    """ProBit documents a ping every 20 s and 10 s for its pong. 1 MiB and 10 s to open hold for every provider."""
    limits = WebSocketLimits()
    assert (limits.ping, limits.pong, limits.open, limits.message) == (20.0, 10.0, 10.0, MIB)


async def test_pings_of_the_server_are_answered(authority: Authority, dialler: Dialler) -> None:
    answered: asyncio.Queue[tuple[int, bytes]] = asyncio.Queue()

    async def ping(peer: Peer) -> None:
        await peer.send(b"are you there", PING)
        answered.put_nowait(await peer.hear())
        await gone(peer)

    async with opened(ping, authority, dialler):
        assert await asyncio.wait_for(answered.get(), 5) == (PONG, b"are you there")


async def test_a_check_finds_out_who_is_there_and_who_is_not(authority: Authority, dialler: Dialler) -> None:
    async with opened(echo, authority, dialler) as (socket, _):
        await socket.check()
    async with opened(silent, authority, dialler) as (socket, _):
        with pytest.raises(NoResponse, match="took too long"):
            await socket.check()


async def test_closing_never_waits_for_long(authority: Authority, dialler: Dialler) -> None:
    async with server(silent, authority) as provider:
        socket = await dialler.open(provider.url(scheme="wss"))
        async with asyncio.timeout(5):
            await socket.close()
        with pytest.raises(NoResponse):
            await socket.receive()


async def test_a_receive_that_was_cancelled_loses_nothing(authority: Authority, dialler: Dialler) -> None:
    async with opened(echo, authority, dialler) as (socket, _):
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.01):
                await socket.receive()
        await socket.send(Secret("one"))
        assert await socket.receive() == "one"


@pytest.mark.security("S103", "S11")
async def test_the_library_logs_no_frame_even_at_debug(authority: Authority, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    dialler = Dialler(ca_file=authority.file, limits=SHORT)
    async with opened(echo, authority, dialler) as (socket, _):
        await socket.send(Secret(TOKEN))
        await socket.receive()
    async with serving(b"HTTP/1.1 " + TOKEN.encode(), authority.server("localhost")) as provider:
        with pytest.raises(NetworkFailure) as caught:
            await dialler.open(provider.url("/ws?canary=1", scheme="wss"))

    assert TOKEN not in caplog.text
    assert "canary" not in shown(caught.value)
    assert not [record for record in caplog.records if record.name.startswith("websockets")]


@pytest.mark.security("S52")
async def test_a_proxy_of_the_environment_is_not_used(
    authority: Authority, dialler: Dialler, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with serving(answer(), None) as proxy:
        for name in ("HTTPS_PROXY", "HTTP_PROXY", "ALL_PROXY", "https_proxy", "wss_proxy", "socks_proxy"):
            monkeypatch.setenv(name, proxy.url("", "127.0.0.1", "http"))
        async with opened(echo, authority, dialler):
            assert proxy.connections == 0


@pytest.mark.security("S53")
async def test_no_key_log_is_written(tmp_path: Path, authority: Authority, monkeypatch: pytest.MonkeyPatch) -> None:
    log = tmp_path / "keys.log"
    monkeypatch.setenv("SSLKEYLOGFILE", str(log))
    async with opened(echo, authority, Dialler(ca_file=authority.file)) as (socket, _):
        await socket.check()
    assert not log.exists()
