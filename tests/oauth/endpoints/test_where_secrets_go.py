"""Where secrets travel, by recording real requests: to the right host, in the right place, once."""

import logging
from collections.abc import AsyncGenerator
from contextlib import suppress
from dataclasses import replace

import pytest

from keyrack.net.network_errors import NoResponse, Unreachable, Unsendable
from keyrack.oauth.authorization_server import Dialect
from keyrack.oauth.endpoints.token_endpoint import TokenEndpoint
from keyrack.oauth.oauth_errors import InvalidGrant, UnexpectedResponse
from keyrack.primitives.failure import Failure
from keyrack.primitives.secret import Secret
from keyrack.providers.api.api_client import ApiClient
from keyrack.providers.files.load import moved
from tests.recording_server import RecordingServer, Write, answer, pieces, recording, reset
from tests.tokens import (
    CANARY,
    CLIENT,
    CODE,
    OLD,
    PAIR,
    VERIFIER,
    endpoint_of,
    everything,
    http,
    provider,
    rfc_server,
    there,
)


@pytest.fixture
async def port() -> AsyncGenerator[RecordingServer]:
    async with recording(answer(PAIR)) as made:
        yield made


@pytest.mark.security("S41")
@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
@pytest.mark.parametrize(
    "target", ["{evil}/token", "https://127.0.0.1:{port}/", "//127.0.0.1:{port}/", "file:///etc/passwd", "/token"]
)
async def test_no_redirect_is_followed(port: RecordingServer, status: int, target: str) -> None:
    """C2.14, WhiteBIT Q9: the target sees no byte."""
    async with recording(answer(PAIR)) as evil, http() as client:
        location = target.format(evil=evil.base, port=evil.port)
        port.then(answer({**PAIR, "data": []}, status, f"Location: {location}"))
        endpoint = TokenEndpoint(client, rfc_server(port.base), lambda: 0.0)
        with pytest.raises(UnexpectedResponse):
            await endpoint.refresh(CLIENT, OLD)
        with pytest.raises(UnexpectedResponse):
            await endpoint.authorization_code(CLIENT, CODE, VERIFIER)
        found = moved(provider("probit"), port.base)
        with pytest.raises(UnexpectedResponse):
            await ApiClient(client, found, found.regions["global"]).holdings(Secret("canary-access"))
        assert evil.connections == 0
    assert len(port.requests) == 3


@pytest.mark.security("S42", "S29")
@pytest.mark.parametrize("way", ["basic", "basic_raw", "body"])
@pytest.mark.parametrize("body", ["form", "json"])
async def test_secrets_travel_in_the_body_or_the_authorization_header_alone(
    port: RecordingServer, way: str, body: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    of = rfc_server(port.base, Dialect(client_authentication=way, body=body, user_code_grant="code"))  # type: ignore[arg-type]
    async with endpoint_of(of) as endpoint:
        await endpoint.client_credentials(CLIENT)
        await endpoint.authorization_code(CLIENT, CODE, VERIFIER)
        await endpoint.user_code(CLIENT, CODE)
        await endpoint.refresh(CLIENT, OLD)
    assert [seen.target for seen in port.requests] == ["/token"] * 4
    for seen in port.requests:
        assert seen.method == "POST"
        assert CANARY not in str({name: value for name, value in seen.headers.items() if name != "authorization"})
        assert ("authorization" in seen.headers) == (way != "body")
        assert CANARY not in seen.headers.get("authorization", "")  # it is base64
        assert "canary-old-access" not in seen.raw
    assert "canary-verifier" in port.requests[1].body
    assert CANARY not in caplog.text


@pytest.mark.security("S43", "S42")
@pytest.mark.parametrize("id", ["probit", "bitport", "whitebit"])
async def test_secrets_go_to_the_token_host_and_tokens_to_the_api_host(port: RecordingServer, id: str) -> None:
    """A profile with its API on another host and port."""
    body = {"data": PAIR} if id == "whitebit" else PAIR
    port.then(answer(body))
    async with recording(answer({"data": []})) as api_port, http() as client:
        found = moved(provider(id), port.base)
        region = found.regions["global"]
        far = moved(provider(id), api_port.base).regions["global"]
        region = type(region)(**{**{name: getattr(region, name) for name in region.__struct_fields__}, "api": far.api})
        endpoint = TokenEndpoint(client, there(id, port.base), lambda: 0.0)
        token = await endpoint.authorization_code(CLIENT, CODE, None)
        assert token.access is not None
        api = ApiClient(client, found, region)
        for call in (api.holdings, api.storage, api.identity):
            with suppress(Failure):
                await call(token.access)
        assert api_port.requests
    for seen in api_port.requests:
        assert seen.headers["authorization"] == "Bearer canary-new-access"
        assert seen.raw.count(CANARY) == 1
        assert "?" not in seen.target
        assert CLIENT.client_id not in seen.raw
    for seen in port.requests:
        assert "canary-new-access" not in seen.raw
    assert len(port.requests) == 1


@pytest.mark.security("S38")
async def test_no_address_is_taken_from_an_answer(port: RecordingServer) -> None:
    async with recording(answer(PAIR)) as evil, http() as client:
        names = (
            "token_endpoint",
            "refresh_endpoint",
            "authorization_endpoint",
            "api",
            "issuer",
            "endpoint",
            "url",
            "uri",
        )
        extra = dict.fromkeys(names, evil.base)
        links = (
            f"Location: {evil.base}",
            f"Content-Location: {evil.base}",
            f'Link: <{evil.base}>; rel="next"',
            f'Alt-Svc: http/1.1="127.0.0.1:{evil.port}"',
            f"Refresh: 0; url={evil.base}",
        )
        port.then(answer({**PAIR, **extra}, 200, *links))
        endpoint = TokenEndpoint(client, rfc_server(port.base), lambda: 0.0)
        token = await endpoint.refresh(CLIENT, OLD)
        token = await endpoint.refresh(CLIENT, token)
        found = moved(provider("probit"), port.base)
        port.then(answer({"data": [], **extra}, 200, *links))
        assert token.access is not None
        await ApiClient(client, found, found.regions["global"]).holdings(token.access)
        assert evil.connections == 0
    assert len(port.requests) == 3


@pytest.mark.security("S40")
async def test_plain_http_is_refused_outside_of_test_regions(port: RecordingServer) -> None:
    for of in (
        replace(rfc_server(port.base), plain_http=False),
        rfc_server(f"http://localhost:{port.port}"),
        rfc_server(f"http://127.0.0.1.nip.io:{port.port}"),
    ):
        async with endpoint_of(of) as endpoint:
            with pytest.raises(Unsendable) as raised:
                await endpoint.refresh(CLIENT, OLD)
        assert CANARY not in everything(raised.value)
    assert port.connections == 0


async def test_no_cookie_is_sent_back(port: RecordingServer) -> None:
    """C2.17."""
    port.then(answer(PAIR, 200, "Set-Cookie: canary=1; Path=/", "Set-Cookie: other=canary"))
    async with endpoint_of(rfc_server(port.base)) as endpoint:
        await endpoint.refresh(CLIENT, OLD)
        await endpoint.refresh(CLIENT, OLD)
    assert not [seen for seen in port.requests if "cookie" in seen.headers]


@pytest.mark.security("S44")
@pytest.mark.parametrize(
    "sent",
    [
        reset,
        pieces(),
        pieces(b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n{"),
        answer({}, 500),
        answer({}, 503),
        answer({}),
        answer({"error": "slow_down"}, 400),
    ],
)
async def test_a_code_is_sent_once_whatever_comes_back(port: RecordingServer, sent: bytes | Write) -> None:
    port.then(sent)
    async with endpoint_of(rfc_server(port.base)) as endpoint:
        with pytest.raises(Failure):
            await endpoint.authorization_code(CLIENT, CODE, VERIFIER)
    assert (len(port.requests), port.connections) == (1, 1)


@pytest.mark.security("S44")
async def test_a_code_is_not_sent_again_on_a_connection_that_was_kept(port: RecordingServer) -> None:
    """A kept connection that breaks at the second request is not replaced silently."""
    port.then(answer(PAIR), reset)
    async with endpoint_of(rfc_server(port.base)) as endpoint:
        await endpoint.refresh(CLIENT, OLD)
        with pytest.raises(NoResponse):
            await endpoint.authorization_code(CLIENT, CODE, VERIFIER)
    assert len([seen for seen in port.requests if "canary-code" in seen.body]) == 1


@pytest.mark.security("S44")
async def test_nothing_was_sent_where_no_server_listens() -> None:
    async with recording(answer(PAIR)) as gone:
        base = gone.base
    async with endpoint_of(rfc_server(base)) as endpoint:
        with pytest.raises(Unreachable):
            await endpoint.authorization_code(CLIENT, CODE, VERIFIER)


async def test_renewal_follows_the_profile_not_what_was_sent(port: RecordingServer) -> None:
    """A provider of `again` that adds a refresh token still gets its own grant. `none` gets no request."""
    for kind, grant in (("again", "client_credentials"), ("refresh_token", "refresh_token")):
        async with endpoint_of(rfc_server(port.base, Dialect(renewal=kind))) as endpoint:  # type: ignore[arg-type]
            await endpoint.refresh(CLIENT, OLD)
        assert f"grant_type={grant}" in port.last.body
    for dialect, old in ((Dialect(renewal="none"), OLD), (Dialect(), replace(OLD, refresh=None))):
        async with endpoint_of(rfc_server(port.base, dialect)) as endpoint:
            with pytest.raises(InvalidGrant):
                await endpoint.refresh(CLIENT, old)
    assert len(port.requests) == 2


async def test_lifetimes_count_from_before_the_request(port: RecordingServer) -> None:
    moments = iter([50.0, 99.0])
    async with http() as client:
        token = await TokenEndpoint(client, rfc_server(port.base), lambda: next(moments)).refresh(CLIENT, OLD)
    assert (token.issued, token.expires) == (50.0, 350.0)
