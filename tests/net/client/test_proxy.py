"""A proxy is used where the person chose one, for requests and streams alike, and its failures are told as its own."""

import asyncio
import os
import subprocess
import sys
from collections.abc import Awaitable, Callable

import pytest

from keyrack.net.client.client_message import Request
from keyrack.net.client.http_client import ClientLimits, HttpClient
from keyrack.net.client.proxy import NONE, BadProxy, Proxies, parse
from keyrack.net.client.websocket_client import Dialler, WebSocketLimits
from keyrack.net.network_errors import NetworkFailure, ProxyRefused, TlsRefused, Unreachable
from keyrack.primitives.secret import Secret
from tests.connect_proxy import SIGN_IN_PAGE, proxying, refusing
from tests.net.tls_server import Authority, answer, serving
from tests.net.websocket_server import Peer, upgraded
from tests.raw_http import is_closed

pytestmark = pytest.mark.security("S52")

# A name that nobody but the proxy resolves.
HOST = "provider.example"
CANARY = "canary-token"
Ask = Callable[[Authority, str, int], Awaitable[None]]


async def request(authority: Authority, chosen: str, port: int) -> None:
    client = HttpClient(
        ca_file=authority.file, limits=ClientLimits(connect=1.0, total=2.0), proxies=Proxies(lambda: chosen)
    )
    headers = {"Authorization": Secret(f"Bearer {CANARY}")}
    try:
        assert (await client.send(Request("POST", f"https://{HOST}:{port}/token", headers, b"x"))).status == 200
        assert (await client.send(Request("POST", f"https://{HOST}:{port}/token", headers, b"x"))).status == 200
    finally:
        await client.close()


async def stream(authority: Authority, chosen: str, port: int) -> None:
    limits = WebSocketLimits(open=1.0, close=0.3)
    dialler = Dialler(ca_file=authority.file, limits=limits, proxies=Proxies(lambda: chosen))
    socket = await dialler.open(f"wss://{HOST}:{port}/ws")
    await socket.send(Secret(CANARY))
    assert await socket.receive() == "hello"
    await socket.close()


async def _failure(ask: Ask, authority: Authority, chosen: str, port: int = 443) -> NetworkFailure:
    with pytest.raises(NetworkFailure) as caught:
        await ask(authority, chosen, port)
    assert CANARY not in caught.value.sentences() + repr(caught.value)
    return caught.value


async def test_a_request_goes_through_the_proxy_and_is_secret_to_it(authority: Authority) -> None:
    async with proxying() as proxy, serving(answer(), authority.server(HOST)) as provider:
        await request(authority, proxy.address, provider.port)

        assert proxy.asked == [f"{HOST}:{provider.port}"], "one tunnel serves both requests"
        assert [head.split(" ")[0] for head in provider.heads] == ["POST", "POST"]
        assert CANARY.encode() in provider.received
        assert CANARY.encode() not in b"".join(proxy.heads)


async def test_a_stream_goes_through_the_proxy_and_is_secret_to_it(authority: Authority) -> None:
    async def greet(peer: Peer) -> None:
        assert (await peer.hear())[1] == CANARY.encode()
        await peer.send(b"hello")
        await peer.hear()

    this: list = []  # type: ignore[type-arg]
    async with proxying() as proxy, serving(upgraded(greet, this), authority.server(HOST)) as provider:
        this.append(provider)
        await stream(authority, proxy.address, provider.port)

        assert proxy.asked == [f"{HOST}:{provider.port}"]
        assert CANARY.encode() not in b"".join(proxy.heads)


async def test_the_choice_counts_from_the_next_connection_on(authority: Authority) -> None:
    chosen = [NONE]
    client = HttpClient(ca_file=authority.file, proxies=Proxies(lambda: chosen[0]))
    async with proxying() as proxy, serving(answer(), authority.server(HOST)) as provider:
        url = f"https://{HOST}:{provider.port}/"
        with pytest.raises(Unreachable):
            await client.send(Request("GET", url))
        chosen[0] = proxy.address
        assert (await client.send(Request("GET", url))).status == 200
        chosen[0] = NONE
        with pytest.raises(Unreachable):
            await client.send(Request("GET", url))
    await client.close()


@pytest.mark.parametrize("ask", [request, stream])
async def test_a_certificate_of_the_proxy_is_not_taken_for_the_providers(ask: Ask, authority: Authority) -> None:
    async with proxying() as proxy, serving(answer(), authority.server("proxy.example")) as provider:
        failure = await _failure(ask, authority, proxy.address, provider.port)

        assert isinstance(failure, TlsRefused)
        assert CANARY.encode() not in provider.received


@pytest.mark.security("R33", "S44")
@pytest.mark.parametrize("ask", [request, stream])
@pytest.mark.parametrize(
    ("status", "code"),
    [
        ("407 Proxy Authentication Required", "proxy_wants_password"),
        ("403 Forbidden", "proxy_refused"),
        ("502 Bad Gateway", "proxy_refused"),
        ("302 Found", "proxy_refused"),
    ],
)
async def test_a_proxy_that_refuses_is_named(ask: Ask, status: str, code: str, authority: Authority) -> None:
    async with proxying(refusing(status)) as proxy:
        failure = await _failure(ask, authority, proxy.address)

    assert isinstance(failure, ProxyRefused)
    assert failure.code == code
    assert f"The proxy 127.0.0.1:{proxy.port}" in failure.happened
    assert status[:3] in failure.means or code == "proxy_wants_password"
    assert SIGN_IN_PAGE.decode() not in failure.sentences()


@pytest.mark.security("R33", "S44")
@pytest.mark.parametrize("ask", [request, stream])
@pytest.mark.parametrize(
    "said", [b"", b"HTTP/1.1 200 Conn", b"\x16\x03\x01 nothing known\r\n\r\n"], ids=["nothing", "half", "nonsense"]
)
async def test_a_proxy_that_dies_in_between_is_named_as_the_way(ask: Ask, said: bytes, authority: Authority) -> None:
    async with proxying(said) as proxy:
        failure = await _failure(ask, authority, proxy.address)

    assert isinstance(failure, Unreachable)
    assert f"through the proxy 127.0.0.1:{proxy.port}" in failure.means


@pytest.mark.security("R33", "S44")
@pytest.mark.parametrize("ask", [request, stream])
async def test_a_proxy_that_is_away_is_named(ask: Ask, authority: Authority) -> None:
    async with proxying() as proxy:
        pass
    assert await is_closed(proxy.port)
    failure = await _failure(ask, authority, proxy.address)

    assert failure.code == "proxy_unreachable"
    assert failure.happened == f"The proxy 127.0.0.1:{proxy.port} cannot be reached."


@pytest.mark.security("S44")
@pytest.mark.parametrize("ask", [request, stream])
async def test_a_proxy_that_says_nothing_is_given_up(ask: Ask, authority: Authority) -> None:
    async def mute(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()

    async with serving(mute, None) as proxy:
        failure = await _failure(ask, authority, proxy.url("", "127.0.0.1", "http"))

    assert failure.code == "host_unreachable_in_time"
    assert f"through the proxy 127.0.0.1:{proxy.port}" in failure.means


@pytest.mark.parametrize("ask", [request, stream])
async def test_without_a_proxy_a_failure_says_so(ask: Ask, authority: Authority) -> None:
    failure = await _failure(ask, authority, NONE)

    assert failure.means.startswith("Keyrack connects directly, without a proxy.")
    assert "`keyrack proxy`" in failure.todo


@pytest.mark.parametrize("ask", [request, stream])
@pytest.mark.parametrize(
    ("chosen", "code"),
    [
        ("http://me:canary-token@proxy.example:3128", "proxy_holds_password"),
        ("socks5://proxy.example:1080", "proxy_not_http"),
        ("http://", "proxy_address_invalid"),
    ],
)
async def test_a_choice_that_cannot_be_used_is_no_direct_connection(
    ask: Ask, chosen: str, code: str, authority: Authority
) -> None:
    async with serving(answer(), authority.server(HOST)) as provider:
        failure = await _failure(ask, authority, chosen, provider.port)

        assert failure.code == code
        assert provider.connections == 0


async def test_this_machine_is_never_asked_through_a_proxy(client: HttpClient, authority: Authority) -> None:
    async with proxying() as proxy, serving(answer(), authority.server("localhost", "127.0.0.1")) as provider:
        local = HttpClient(ca_file=authority.file, proxies=Proxies(lambda: proxy.address))
        for host in ("localhost", "127.0.0.1"):
            assert (await local.send(Request("GET", provider.url(host=host)))).status == 200
        await local.close()

        assert proxy.asked == []


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("http://proxy.example:3128", "proxy.example:3128"),
        ("proxy.example:3128", "proxy.example:3128"),
        ("HTTP://Proxy.Example:3128/", "proxy.example:3128"),
        ("http://proxy.example", "proxy.example:80"),
        ("10.0.0.1:8080", "10.0.0.1:8080"),
        ("http://[fd00::1]:8080", "[fd00::1]:8080"),
    ],
)
def test_an_address_is_taken_as_people_write_it(text: str, name: str) -> None:
    assert parse(text).name == name
    assert parse(parse(text).address) == parse(text)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "proxy_address_invalid"),
        ("http://proxy.example:port", "proxy_address_invalid"),
        ("http://proxy.example:99999", "proxy_address_invalid"),
        ("http://proxy.example:3128/path", "proxy_address_invalid"),
        ("http://proxy.example:3128?x=1", "proxy_address_invalid"),
        ("http://proxy example:3128", "proxy_address_invalid"),
        ("http://proxy.example\r\nX: y:3128", "proxy_address_invalid"),
        ("http://" + "a" * 400, "proxy_address_invalid"),
        ("https://proxy.example:3128", "proxy_not_http"),
        ("me:secret@proxy.example:3128", "proxy_holds_password"),
        ("http://me@proxy.example:3128", "proxy_holds_password"),
    ],
)
def test_another_address_is_refused_and_no_secret_quoted(text: str, code: str) -> None:
    with pytest.raises(BadProxy) as caught:
        parse(text)

    assert caught.value.code == code
    assert "secret" not in caught.value.happened + repr(caught.value)


_PROGRAM = """from keyrack.net.client.proxy import Proxies
proxies = Proxies(lambda: "system")
print(*[proxy and proxy.name for proxy in map(proxies.of, ("provider.example", "near.example", "localhost"))])"""


@pytest.mark.parametrize(
    ("environment", "found"),
    [
        ({"HTTPS_PROXY": "http://proxy.example:3128", "NO_PROXY": "near.example"}, "proxy.example:3128 None None"),
        ({"https_proxy": "proxy.example:3128"}, "proxy.example:3128 proxy.example:3128 None"),
        ({"ALL_PROXY": "http://proxy.example:3128"}, "proxy.example:3128 proxy.example:3128 None"),
        ({"HTTP_PROXY": "http://proxy.example:3128"}, "None None None"),
        ({}, "None None None"),
    ],
)
@pytest.mark.skipif(sys.platform in ("win32", "darwin"), reason="the system's settings are not in the environment")
def test_the_systems_proxy_is_the_environments_one(environment: dict[str, str], found: str) -> None:
    shown = subprocess.run(
        [sys.executable, "-c", _PROGRAM],
        capture_output=True,
        text=True,
        check=True,
        env={"PYTHONPATH": os.pathsep.join(sys.path), **environment},
    )
    assert shown.stdout.strip() == found
