"""A proxy is used where the person chose one, for requests and streams alike, and its failures are told as its own."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from keyrack.net.client.client_message import Request
from keyrack.net.client.http_client import ClientLimits, HttpClient
from keyrack.net.client.websocket_client import Dialler
from keyrack.net.client.websocket_limits import WebSocketLimits
from keyrack.net.network_errors import NetworkFailure, ProxyRefused, TlsRefused, Unreachable
from keyrack.net.proxy.proxies import NONE, Proxies
from keyrack.net.proxy.proxy_address import Proxy, login_of
from keyrack.primitives.secret import Secret
from tests.connect_proxy import SIGN_IN_PAGE, ConnectProxy, proxying, refusing
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
async def test_a_proxy_that_nobody_knows_by_name_is_told_as_such(ask: Ask, authority: Authority) -> None:
    failure = await _failure(ask, authority, "http://proxy.invalid:3128")

    assert failure.code == "proxy_name_unknown"
    assert failure.happened == "The name of the proxy proxy.invalid:3128 is not known in this network."


@pytest.mark.security("R33", "S44")
@pytest.mark.parametrize("ask", [request, stream])
async def test_a_proxy_that_agrees_and_then_sends_a_page_is_named(ask: Ask, authority: Authority) -> None:
    async with proxying(own_text=b"HTTP/1.1 200 OK\r\n\r\n" + SIGN_IN_PAGE) as proxy:
        failure = await _failure(ask, authority, proxy.address)

    assert failure.code == "proxy_answers_itself"
    assert failure.happened == f"The proxy {proxy.name} answers in the place of {HOST}."


LOGIN = "desk\\mé:pass@w/rd:канарейка"


def _with_login(proxy: ConnectProxy, user: str = "desk\\mé", password: str = "pass@w/rd:канарейка") -> str:
    return Proxy("127.0.0.1", proxy.port, login_of(user, Secret(password))).address_with_login().reveal()


async def test_a_login_goes_to_the_proxy_and_never_to_the_provider(authority: Authority) -> None:
    async with proxying(login=LOGIN) as proxy, serving(answer(), authority.server(HOST)) as provider:
        await request(authority, _with_login(proxy), provider.port)

        assert len(proxy.asked) == 1
        assert b"proxy-authorization" not in provider.received.lower()


async def test_a_stream_tells_the_login_to_the_proxy_alone(authority: Authority) -> None:
    async def greet(peer: Peer) -> None:
        await peer.hear()
        await peer.send(b"hello")
        await peer.hear()

    this: list = []  # type: ignore[type-arg]
    async with proxying(login=LOGIN) as proxy, serving(upgraded(greet, this), authority.server(HOST)) as provider:
        this.append(provider)
        await stream(authority, _with_login(proxy), provider.port)

        assert proxy.asked == [f"{HOST}:{provider.port}"]
        assert b"proxy-authorization" not in provider.received.lower()


@pytest.mark.security("R33", "S44", "S52")
@pytest.mark.parametrize("ask", [request, stream])
async def test_a_wrong_password_is_told_as_such_and_is_not_shown(ask: Ask, authority: Authority) -> None:
    async with proxying(login=LOGIN) as proxy:
        failure = await _failure(ask, authority, _with_login(proxy, "me", CANARY))

    assert isinstance(failure, ProxyRefused)
    assert failure.code == "proxy_refuses_password"
    assert "does not accept the user name or the password" in failure.happened


@pytest.mark.parametrize("ask", [request, stream])
async def test_without_a_proxy_a_failure_says_so(ask: Ask, authority: Authority) -> None:
    failure = await _failure(ask, authority, NONE)

    assert failure.means.startswith("Keyrack connects directly, without a proxy.")
    assert "`keyrack proxy`" in failure.todo


@pytest.mark.parametrize("ask", [request, stream])
@pytest.mark.parametrize(
    ("chosen", "code"),
    [
        ("http://canary-token@proxy.example:3128", "proxy_password_missing"),
        ("socks5://proxy.example:1080", "proxy_is_socks"),
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
        for host in ("localhost", "127.0.0.1", "LOCALHOST"):
            assert (await local.send(Request("GET", provider.url(host=host)))).status == 200
        await local.close()

        assert proxy.asked == []
