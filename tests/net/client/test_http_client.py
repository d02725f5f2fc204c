"""What the client sends, takes back, and leaves alone."""

import asyncio
import logging
import os
import sys
from pathlib import Path

import pytest

from keyrack import __version__
from keyrack.net.client.client_message import Request, Response
from keyrack.net.client.http_client import ClientLimits, HttpClient
from keyrack.net.network_errors import NoResponse, Unreachable, Unsendable
from keyrack.primitives.secret import Secret
from tests.net.canary import TOKEN, shown, with_token
from tests.net.tls_server import Authority, answer, serving


@pytest.mark.security("S42")
async def test_a_request_arrives_and_its_answer_comes_back(client: HttpClient, authority: Authority) -> None:
    reply = answer("200 OK", "X-Thing: one", "X-Thing: two", body=b'{"a":1}')
    async with serving(reply, authority.server("localhost")) as provider:
        got = await client.send(with_token(provider.url("/token")))

    assert (got.status, got.body) == (200, b'{"a":1}')
    assert got.headers["x-thing"] == "one, two"
    [head] = provider.heads
    assert head.startswith("POST /token HTTP/1.1\r\n")
    assert f"authorization: bearer {TOKEN}" in head.lower()
    assert f"user-agent: keyrack/{__version__}" in head.lower()
    assert provider.received.endswith(b"refresh_token=canary-refresh")


@pytest.mark.parametrize("status", ["204 No Content", "205 Reset Content", "400 Bad Request", "503 Busy"])
async def test_every_status_is_an_answer(status: str, client: HttpClient, authority: Authority) -> None:
    async with serving(answer(status, body=b""), authority.server("localhost")) as provider:
        assert (await client.send(Request("GET", provider.url()))).status == int(status[:3])


@pytest.mark.security("S41")
@pytest.mark.parametrize("status", ["301 Moved", "302 Found", "303 See Other", "307 Temporary", "308 Permanent"])
async def test_no_redirect_is_followed_and_the_target_sees_no_byte(
    status: str, client: HttpClient, authority: Authority
) -> None:
    tls = authority.server("localhost")
    async with serving(answer(), tls) as target:
        for place in (target.url("/stolen"), "file:///etc/passwd", "/token"):
            async with serving(answer(status, f"Location: {place}"), tls) as provider:
                got = await client.send(with_token(provider.url("/token")))
                assert got.status == int(status[:3])
                assert len(provider.heads) == 1
        assert (target.connections, target.received) == (0, b"")


async def test_no_request_searches_the_path_for_what_is_not_there(client: HttpClient, authority: Authority) -> None:
    """httpcore asks for sniffio several times a request, each time in every folder of the path."""
    sought: list[str] = []

    class Watch:
        @staticmethod
        def find_spec(name: str, *_: object) -> None:
            sought.append(name)

    async with serving(answer(), authority.server("localhost")) as provider:
        await client.send(Request("GET", provider.url()))
        sys.meta_path.insert(0, Watch)
        try:
            await client.send(Request("GET", provider.url()))
        finally:
            sys.meta_path.remove(Watch)
    assert sought == []


async def test_no_cookie_is_kept(client: HttpClient, authority: Authority) -> None:
    reply = answer("200 OK", "Set-Cookie: session=canary; Path=/", "Set-Cookie: other=1")
    async with serving(reply, authority.server("localhost")) as provider:
        await client.send(Request("GET", provider.url()))
        await client.send(Request("GET", provider.url()))

    assert len(provider.heads) == 2
    assert "cookie" not in "".join(provider.heads).lower()


@pytest.mark.security("S103", "S11")
async def test_the_library_logs_nothing_even_at_debug(
    client: HttpClient, authority: Authority, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    async with serving(answer(), authority.server("localhost")) as provider:
        await client.send(with_token(provider.url("/token?canary=1")))

    assert "canary" not in caplog.text
    assert not [record for record in caplog.records if record.name.startswith(("httpx", "httpcore"))]


@pytest.mark.security("S52")
async def test_a_proxy_of_the_environment_is_not_used(
    client: HttpClient, authority: Authority, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with serving(answer(), None) as proxy, serving(answer(), authority.server("localhost")) as provider:
        for name in ("HTTPS_PROXY", "HTTP_PROXY", "ALL_PROXY", "https_proxy"):
            monkeypatch.setenv(name, proxy.url("", "127.0.0.1", "http"))
        await client.send(with_token(provider.url()))

    assert proxy.connections == 0
    assert len(provider.heads) == 1


@pytest.mark.security("S53")
async def test_no_key_log_is_written(tmp_path: Path, authority: Authority, monkeypatch: pytest.MonkeyPatch) -> None:
    log = tmp_path / "keys.log"
    monkeypatch.setenv("SSLKEYLOGFILE", str(log))
    client = HttpClient(ca_file=authority.file)
    async with serving(answer(), authority.server("localhost")) as provider:
        await client.send(with_token(provider.url()))
    await client.close()

    assert len(provider.heads) == 1
    assert not log.exists()
    assert "SSLKEYLOGFILE" in os.environ


@pytest.mark.security("S44")
async def test_nothing_was_sent_where_tls_gets_no_response(authority: Authority) -> None:
    """The time to connect covers TLS, and its end differs from a response that stayed away."""

    received: list[bytes] = []
    ended = asyncio.Event()

    async def mute(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        received.append(await reader.read())
        ended.set()
        writer.transport.abort()

    client = HttpClient(ca_file=authority.file, limits=ClientLimits(connect=0.3, total=5.0))
    async with await asyncio.start_server(mute, "127.0.0.1", 0) as server:
        with pytest.raises(Unreachable) as caught:
            await client.send(with_token(f"https://localhost:{server.sockets[0].getsockname()[1]}/token"))
        await asyncio.wait_for(ended.wait(), 1)  # the connection is closed, not only given up
    await client.close()

    assert "did not answer in time" in caught.value.happened
    assert b"canary" not in received[0]


@pytest.mark.security("S44")
async def test_a_refused_connection_sent_nothing(client: HttpClient, authority: Authority) -> None:
    async with serving(answer(), authority.server("localhost")) as provider:
        pass
    with pytest.raises(Unreachable) as caught:
        await client.send(with_token(provider.url()))

    assert caught.value.host == "localhost"
    assert caught.value.happened == "localhost cannot be reached."
    assert caught.value.todo


@pytest.mark.security("S44")
async def test_an_unknown_name_is_unreachable(client: HttpClient) -> None:
    with pytest.raises(Unreachable):
        await client.send(with_token("https://no-such-host.invalid/token"))


@pytest.mark.security("S44")
async def test_a_connection_lost_after_the_request_is_not_called_safe(client: HttpClient, authority: Authority) -> None:
    async def hang_up(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.transport.abort()

    async with serving(hang_up, authority.server("localhost")) as provider:
        with pytest.raises(NoResponse):
            await client.send(with_token(provider.url()))
    assert len(provider.heads) == 1


@pytest.mark.security("S104")
async def test_a_header_value_with_a_line_end_is_refused_and_not_quoted(
    client: HttpClient, authority: Authority
) -> None:
    async with serving(answer(), authority.server("localhost")) as provider:
        for bad in ("\r\nX: y", "\n", "\0", "\x7f", "é", " "):
            request = Request("GET", provider.url(), {"Authorization": Secret(f"Bearer {TOKEN}{bad}")})
            with pytest.raises(Unsendable) as caught:
                await client.send(request)
            assert TOKEN not in shown(caught.value)
        assert provider.connections == 0


@pytest.mark.security("S104")
async def test_neither_request_nor_answer_nor_failure_shows_what_it_carries(client: HttpClient) -> None:
    request = with_token(f"https://no-such-host.invalid/token?{TOKEN}")
    with pytest.raises(Unreachable) as caught:
        await client.send(request)

    assert repr(request) == "<Request POST no-such-host.invalid>"
    assert repr(Response(200, {"x": TOKEN}, TOKEN.encode())) == "<Response 200>"
    assert TOKEN not in shown(caught.value)
    assert caught.value.__context__ is None


async def test_a_cancelled_request_leaves_the_client_usable(client: HttpClient, authority: Authority) -> None:
    arrived = asyncio.Event()

    async def wait(reader: asyncio.StreamReader, _: asyncio.StreamWriter) -> None:
        arrived.set()
        await reader.read()

    async with serving(wait, authority.server("localhost")) as provider:
        task = asyncio.create_task(client.send(Request("GET", provider.url())))
        await arrived.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
    async with serving(answer(), authority.server("localhost")) as provider:
        assert (await client.send(Request("GET", provider.url()))).status == 200


async def test_thirty_requests_at_once_share_twenty_connections(authority: Authority) -> None:
    client = HttpClient(ca_file=authority.file)
    async with serving(answer(), authority.server("localhost")) as provider:
        answers = await asyncio.gather(*(client.send(Request("GET", provider.url())) for _ in range(60)))
        assert provider.connections <= 20
    await client.close()

    assert {got.status for got in answers} == {200}


@pytest.mark.parametrize(("kept", "connections"), [(60.0, 1), (0.0, 3)])
async def test_an_idle_connection_is_used_again_for_a_while_only(
    kept: float, connections: int, authority: Authority
) -> None:
    client = HttpClient(ca_file=authority.file, limits=ClientLimits(kept=kept))
    async with serving(answer(), authority.server("localhost")) as provider:
        for _ in range(3):
            await client.send(Request("GET", provider.url()))
        assert provider.connections == connections
    await client.close()


def test_no_connection_is_kept_for_as_long_as_servers_keep_theirs() -> None:
    assert ClientLimits().kept <= 2  # seconds; Apache, Node and uvicorn close theirs after five


async def test_a_closed_client_opens_again(client: HttpClient, authority: Authority) -> None:
    async with serving(answer(), authority.server("localhost")) as provider:
        await client.send(Request("GET", provider.url()))
        await client.close()
        await client.close()
        assert (await client.send(Request("GET", provider.url()))).status == 200
