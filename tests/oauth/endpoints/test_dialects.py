"""The dialects of the services that are open today: the browser's link, the token request, and its answer."""

import json
from base64 import b64decode
from collections.abc import AsyncGenerator
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import msgspec
import pytest

from keyrack.net.client.client_message import Request
from keyrack.net.network_errors import NetworkFailure
from keyrack.oauth.authorization.request import make_request
from keyrack.oauth.authorization_server import AuthorizationServer, Dialect, KnownFailure
from keyrack.oauth.endpoints import grants
from keyrack.oauth.endpoints.token_endpoint import TokenEndpoint
from keyrack.oauth.endpoints.token_response import read_token
from keyrack.oauth.oauth_errors import ClientRejected, InvalidGrant, RequestRefused, Transient, UnexpectedResponse
from keyrack.oauth.registered_client import OAuthClient
from keyrack.primitives.failure import Failure
from keyrack.primitives.secret import Secret
from keyrack.providers.files.load import server
from keyrack.providers.registry import built_in
from tests.oauth.endpoints.test_hostile_responses import HOSTILE
from tests.recording_server import RecordingServer, answer, recording
from tests.tokens import CANARY, CLIENT, CODE, OLD, VERIFIER, endpoint_of, everything, provider, rfc_server, there

GEMINI, KRAKEN, UPHOLD, ALPACA = (server(provider(id), "global") for id in ("gemini", "kraken", "uphold", "alpaca"))
DERIBIT = server(provider("deribit"), "test")
REFRESH = Secret("canary-refresh/+=")
ODD = OAuthClient("id/../with?odd&parts#", None, "http://127.0.0.1:17463/cb/uphold")


@pytest.fixture
async def port() -> AsyncGenerator[RecordingServer]:
    async with recording(answer({})) as made:
        yield made


def sent(request: Request) -> dict[str, Any]:
    assert isinstance(request.body, Secret)
    text = request.body.reveal()
    if request.headers["Content-Type"] == "application/json":
        found: dict[str, Any] = json.loads(text)
        return found
    return dict(parse_qsl(text, keep_blank_values=True, strict_parsing=True))


def link(of: AuthorizationServer, client: OAuthClient = CLIENT) -> tuple[str, dict[str, str]]:
    parts = urlsplit(make_request(of, client, "sample", "a1").url.reveal())
    return f"{parts.scheme}://{parts.netloc}{parts.path}", dict(parse_qsl(parts.query, strict_parsing=True))


def test_geminis_link_separates_rights_by_commas_q2() -> None:
    place, query = link(GEMINI)
    assert place == "https://exchange.gemini.com/auth"
    assert query["scope"] == "balances:read,account:read"
    assert query["code_challenge_method"] == "S256"
    assert len(query["state"]) >= 43
    assert (query["response_type"], query["redirect_uri"]) == ("code", CLIENT.redirect_uri)


@pytest.mark.security("S42")
def test_a_public_client_sends_no_secret_even_if_it_has_one_q1() -> None:
    """Gemini Q1 and Q2: JSON, and a client id alone."""
    for request in (grants.authorization_code(GEMINI, CLIENT, CODE, VERIFIER), grants.refresh(GEMINI, CLIENT, REFRESH)):
        fields = sent(request)
        assert "Authorization" not in request.headers
        assert fields["client_id"] == CLIENT.client_id
        assert "client_secret" not in fields
        assert CLIENT.client_secret is not None
        assert CLIENT.client_secret.reveal() not in str(fields)
    assert sent(grants.authorization_code(GEMINI, CLIENT, CODE, VERIFIER)) == {
        "client_id": CLIENT.client_id,
        "code": CODE.reveal(),
        "grant_type": "authorization_code",
        "redirect_uri": CLIENT.redirect_uri,
        "code_verifier": VERIFIER.reveal(),
    }


def test_krakens_basic_has_an_empty_password_q5() -> None:
    """Kraken Q5. A colon in the client id is not the separator."""
    for client in (CLIENT, OAuthClient("with:colon", None, CLIENT.redirect_uri)):
        request = grants.refresh(KRAKEN, client, REFRESH)
        header = request.headers["Authorization"]
        assert isinstance(header, Secret)
        packed = b64decode(header.reveal().removeprefix("Basic ")).decode()
        assert packed == client.client_id.replace(":", "%3A") + ":"
        assert sent(request) == {"refresh_token": REFRESH.reveal(), "grant_type": "refresh_token"}


def test_upholds_client_id_is_in_the_path_and_its_redirect_nowhere_q10() -> None:
    place, query = link(UPHOLD)
    assert place == f"https://wallet.uphold.com/authorize/{CLIENT.client_id}"
    assert set(query) == {"state", "response_type", "scope"}
    exchanged = sent(grants.authorization_code(UPHOLD, CLIENT, CODE, None))
    assert set(exchanged) == {"code", "grant_type"}


@pytest.mark.security("S35")
def test_a_client_id_cannot_leave_its_place_in_the_path() -> None:
    place, query = link(UPHOLD, ODD)
    assert place == "https://wallet.uphold.com/authorize/id%2F..%2Fwith%3Fodd%26parts%23"
    assert set(query) == {"state", "response_type", "scope"}


def test_alpaca_is_asked_for_no_scope_q9() -> None:
    place, query = link(ALPACA)
    assert place == "https://app.alpaca.markets/oauth/authorize"
    assert "scope" not in query
    assert sent(grants.authorization_code(ALPACA, CLIENT, CODE, None))["client_id"] == CLIENT.client_id


def test_deribits_call_is_json_rpc_with_the_secret_in_its_body() -> None:
    request = grants.client_credentials(DERIBIT, CLIENT)
    assert (request.method, request.url) == ("POST", "https://test.deribit.com/api/v2/public/auth")
    assert CLIENT.client_secret is not None
    assert sent(request) == {
        "jsonrpc": "2.0",
        "id": 1,
        "method": "public/auth",
        "params": {
            "client_id": CLIENT.client_id,
            "client_secret": CLIENT.client_secret.reveal(),
            "grant_type": "client_credentials",
            "scope": "account:read trade:none wallet:none",
        },
    }


def test_fixed_parameters_are_sent_and_never_replace_ours() -> None:
    dialect = Dialect(authorize_parameters={"audience": "https://api.sample.example", "state": "fixed"})
    query = link(rfc_server("https://sample.example", dialect))[1]
    assert query["audience"] == "https://api.sample.example"
    assert query["state"] != "fixed"


def test_a_scope_may_be_known_and_not_sent() -> None:
    of = rfc_server("https://sample.example", Dialect(send_scope=False), scope="read write")
    assert "scope" not in link(of)[1]
    assert "scope" not in sent(grants.client_credentials(of, CLIENT))
    assert read_token(of, {"access_token": "a", "token_type": "Bearer"}, 0.0).scopes == ("read", "write")


@pytest.mark.security("S47")
@pytest.mark.parametrize("answered", [{"expires_in": None}, {}])
def test_no_lifetime_means_until_refused_q9_q10(answered: dict[str, Any]) -> None:
    """Alpaca Q9 leaves expires_in out, and Uphold Q10 sends null. Both mean an unknown lifetime."""
    for of in (UPHOLD, ALPACA):
        token = read_token(of, {"access_token": "canary-new", "token_type": "bearer", **answered}, 5.0)
        assert (token.lifetime, token.expires, token.refresh, token.renewable) == (None, None, None, False)


@pytest.mark.security("S46", "S47")
@pytest.mark.parametrize("expires", [-1, 0, True, "abc", [], "9" * 5000])
def test_a_lifetime_that_is_none_is_unknown(expires: Any) -> None:
    """C2.5."""
    assert (
        read_token(UPHOLD, {"access_token": "a", "token_type": "bearer", "expires_in": expires}, 0.0).lifetime is None
    )


def rpc(content: dict[str, Any], status: int = 200) -> bytes:
    return answer({"jsonrpc": "2.0", "id": 1, **content}, status)


TOKENS = {"access_token": "canary-a", "refresh_token": "canary-r", "expires_in": 31_536_000, "token_type": "bearer"}


async def test_deribits_token_is_inside_result_q4(port: RecordingServer) -> None:
    port.then(rpc({"result": {**TOKENS, "scope": "account:read trade:none wallet:none sid"}}))
    async with endpoint_of(there("deribit", port.base)) as endpoint:
        token = await endpoint.client_credentials(CLIENT)
    assert token.lifetime == 31_536_000
    assert token.renewable
    assert token.refresh == Secret("canary-r")
    assert token.scopes == ("account:read", "trade:none", "wallet:none", "sid")


@pytest.mark.parametrize(
    ("code", "message", "kind"),
    [
        (13004, "invalid_credentials", ClientRejected),
        (10028, "too_many_requests", Transient),
        (13009, "invalid_token", InvalidGrant),
    ],
)
async def test_deribits_failures_are_known_by_their_words(
    port: RecordingServer, code: int, message: str, kind: type[Exception]
) -> None:
    port.then(rpc({"error": {"code": code, "message": message, "data": {"reason": "<b>no</b>"}}}, 400))
    async with endpoint_of(there("deribit", port.base)) as endpoint:
        with pytest.raises(kind) as raised:
            await endpoint.client_credentials(CLIENT)
    assert CANARY not in str(raised.value)


@pytest.mark.parametrize("refused", ["invalid_credentials", "invalid_token"])
async def test_a_dead_refresh_token_of_deribit_is_replaced_by_the_key(port: RecordingServer, refused: str) -> None:
    """What a used-up refresh token is answered with is not documented: the key itself settles it."""
    port.then(rpc({"error": {"code": 13004, "message": refused}}, 400), rpc({"result": TOKENS}))
    async with endpoint_of(there("deribit", port.base)) as endpoint:
        token = await endpoint.refresh(CLIENT, OLD)
    asked = [json.loads(seen.body)["params"]["grant_type"] for seen in port.requests]
    assert asked == ["refresh_token", "client_credentials"]
    assert token.access == Secret("canary-a")


async def test_a_refused_key_of_deribit_is_asked_twice_at_most(port: RecordingServer) -> None:
    port.then(rpc({"error": {"code": 13004, "message": "invalid_credentials"}}, 400))
    async with endpoint_of(there("deribit", port.base)) as endpoint:
        with pytest.raises(ClientRejected):
            await endpoint.refresh(CLIENT, OLD)
    assert len(port.requests) == 2


async def test_a_busy_deribit_keeps_the_refresh_token(port: RecordingServer) -> None:
    port.then(answer("<html>busy</html>", 503))
    async with endpoint_of(there("deribit", port.base)) as endpoint:
        with pytest.raises(Transient):
            await endpoint.refresh(CLIENT, OLD)
    assert len(port.requests) == 1


def test_a_refresh_that_may_ask_again_is_bound_to_no_window() -> None:
    """A refresh token's own end does not end a sign-in that its key renews."""
    of = replace(DERIBIT, dialect=msgspec.structs.replace(DERIBIT.dialect, refresh_lifetime=40.0))
    assert read_token(of, {"result": TOKENS}, 0.0).refresh_expires is None


async def test_krakens_answer_is_read_by_its_content(port: RecordingServer) -> None:
    """The reference names a form where the sample is JSON."""
    text = json.dumps({**TOKENS, "expires_in": 14_400})
    head = f"HTTP/1.1 200 OK\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(text)}\r\n\r\n"
    port.then(f"{head}{text}".encode())
    async with endpoint_of(there("kraken", port.base)) as endpoint:
        token = await endpoint.refresh(CLIENT, OLD)
    assert (token.lifetime, token.refresh_lifetime) == (14_400, 30 * 86_400)


def token_of(found: dict[str, Any], **choices: Any) -> Any:
    """The token in an answer, by a dialect with these choices."""
    return read_token(rfc_server("https://sample.example", Dialect(**choices)), found, 0.0)


def test_a_token_may_lie_deeper_and_count_in_milliseconds() -> None:
    token = token_of(
        {"data": {"token": {**TOKENS, "expires_in": 90_500}}}, inside="data.token", lifetime_unit="milliseconds"
    )
    assert token.lifetime == 90.5
    with pytest.raises(UnexpectedResponse):
        token_of({"data": []}, inside="data.token")
    odd = {"data": {"token": {**TOKENS, "expires_in": 0}}}
    assert token_of(odd, inside="data.token", lifetime_unit="milliseconds").lifetime is None


ODD_WINDOWS: list[Any] = [None, 0, -1, True, "soon", []]


@pytest.mark.parametrize(
    ("field", "lifetime"),
    [
        ({"refresh_token_expires_in": 2_592_000}, 2_592_000.0),
        ({"refresh_token_expires_in": "60"}, 60.0),
        *[({"refresh_token_expires_in": odd}, 600.0) for odd in ODD_WINDOWS],
        ({}, 600.0),
    ],
)
def test_a_refresh_token_may_tell_its_own_end(field: dict[str, Any], lifetime: float) -> None:
    """Bybit's field. A value that is no lifetime gives the documented one."""
    token = token_of({**TOKENS, **field}, refresh_lifetime_field="refresh_token_expires_in", refresh_lifetime=600.0)
    assert token.refresh_lifetime == lifetime


def test_a_refresh_token_that_stays_keeps_its_window() -> None:
    of = rfc_server("https://sample.example", Dialect(refresh_lifetime_field="left"))
    old = replace(OLD, refresh_lifetime=77.0)
    without = {key: value for key, value in TOKENS.items() if key != "refresh_token"}
    assert read_token(of, without, 5.0, old).refresh_expires == (old.refresh_issued or 0) + 77.0


@pytest.mark.parametrize(
    ("envelope", "fails"),
    [
        ({"ret_code": 0}, False),
        ({"ret_code": "000000"}, False),
        ({}, False),
        ({"ret_code": 10_001}, True),
        ({"success": True}, False),
        ({"success": False}, True),
    ],
)
async def test_an_envelope_tells_success_by_its_own_words(
    port: RecordingServer, envelope: dict[str, Any], fails: bool
) -> None:
    unsuccessful = KnownFailure(at="success", says="false", kind="invalid_grant")
    dialect = Dialect(error_codes=("ret_code",), no_error=("0", "000000"), failures=(unsuccessful,))
    port.then(answer({**TOKENS, **envelope}))
    async with endpoint_of(rfc_server(port.base, dialect)) as endpoint:
        if not fails:
            assert (await endpoint.refresh(CLIENT, OLD)).access == Secret("canary-a")
            return
        with pytest.raises((InvalidGrant, RequestRefused)):
            await endpoint.refresh(CLIENT, OLD)


async def odd_answers(
    endpoint: TokenEndpoint, of: AuthorizationServer, port: RecordingServer
) -> AsyncGenerator[tuple[str, Failure]]:
    for name, sent_back, _ in HOSTILE:
        if callable(sent_back):
            continue
        port.then(sent_back)
        with pytest.raises(Failure) as raised:
            if of.dialect.renewal == "again":
                await endpoint.client_credentials(CLIENT)
            elif of.dialect.renewal == "none":
                await endpoint.authorization_code(CLIENT, CODE, VERIFIER)
            else:
                await endpoint.refresh(CLIENT, OLD)
        yield name, raised.value


@pytest.mark.security("S46", "S49", "S75")
@pytest.mark.parametrize("id", [found.id for found in built_in()])
async def test_every_provider_survives_every_hostile_answer(port: RecordingServer, id: str) -> None:
    """C2.1 to C2.12, C2.15, C2.16, C2.18 and C2.20, in the dialect of each provider."""
    of = there(id, port.base, next(iter(provider(id).regions)))
    async with endpoint_of(of) as endpoint:
        async for name, why in odd_answers(endpoint, of, port):
            assert isinstance(why, Transient | NetworkFailure | InvalidGrant | ClientRejected | RequestRefused), name
            assert CANARY not in everything(why), name
            if not name.startswith(("10", "15")):
                assert not isinstance(why, InvalidGrant), f"{name} is no reason to end a sign-in"
