"""The token endpoint against ProBit, Bitport and WhiteBIT as the sandbox plays them."""

from collections.abc import AsyncGenerator, Iterator
from dataclasses import replace

import pytest

from keyrack.net.network_errors import NoResponse, TooLarge, Unreachable
from keyrack.oauth.authorization.request import make_request
from keyrack.oauth.authorization_server import Dialect
from keyrack.oauth.endpoints.token_endpoint import TokenEndpoint
from keyrack.oauth.oauth_errors import ClientRejected, InvalidGrant, RequestRefused, Unavailable, UnexpectedResponse
from keyrack.oauth.registered_client import OAuthClient
from keyrack.oauth.token import Token
from keyrack.primitives.failure import Failure
from keyrack.primitives.secret import Secret
from tests.recording_server import RecordingServer, answer, recording
from tests.sandbox_people import PEOPLE
from tests.sandbox_process import RunningSandbox
from tests.tokens import (
    CLIENT,
    CODE,
    PAIR,
    approve,
    endpoint_of,
    http,
    provider,
    there,
)


@pytest.fixture(scope="module")
def running() -> Iterator[RunningSandbox]:
    with RunningSandbox.start() as sandbox:
        yield sandbox


@pytest.fixture
def sandbox(running: RunningSandbox) -> RunningSandbox:
    running.clear_faults()
    return running


@pytest.fixture
async def port() -> AsyncGenerator[RecordingServer]:
    async with recording(answer(PAIR)) as made:
        yield made


def client_of(sandbox: RunningSandbox, provider: str) -> OAuthClient:
    known = sandbox.client(provider)
    return OAuthClient(known["client_id"], Secret(known["client_secret"]), known["redirect_uri"] or "")


async def sign_in(sandbox: RunningSandbox, id: str) -> tuple[TokenEndpoint, OAuthClient, Token]:
    client, of = client_of(sandbox, id), there(id, sandbox.base(id))
    request = make_request(of, client, id, "a1")
    back = approve(request.url.reveal(), next(iter(PEOPLE[id])))
    async with endpoint_of(of) as endpoint:
        token = await endpoint.authorization_code(client, Secret(back["code"]), request.verifier)
        return endpoint, client, token


def unexpected(sandbox: RunningSandbox, provider: str, endpoint: str) -> set[str]:
    rows = sandbox.log(provider, endpoint)
    assert rows
    return {name for row in rows for name in row["unexpected"]}


async def test_probit_end_to_end(sandbox: RunningSandbox) -> None:
    """ProBit Q3, Q4, Q5, Q16: JSON body, a token with "/" and "+", `bearer`, and the answer's own lifetime."""
    client = client_of(sandbox, "probit")
    async with endpoint_of(there("probit", sandbox.base("probit"))) as endpoint:
        token = await endpoint.client_credentials(client)
        again = await endpoint.refresh(client, token)
        sandbox.fault("probit", "token", "expires:text")
        text = await endpoint.refresh(client, again)
    assert (token.lifetime, text.lifetime) == (900.0, 900.0)
    assert token.access is not None
    assert {"/", "+"} <= set(token.access.reveal())
    assert token.access != again.access
    assert token.renewable
    assert (token.refresh, token.scopes) == (None, ())
    assert unexpected(sandbox, "probit", "token") == set()


async def test_probit_takes_no_form(sandbox: RunningSandbox) -> None:
    """ProBit Q3: the sandbox refuses a form, so the JSON above is what was sent."""
    of = there("probit", sandbox.base("probit"))
    form = replace(of, dialect=Dialect(client_authentication="basic_raw", renewal="again"))
    async with endpoint_of(form) as endpoint:
        with pytest.raises(RequestRefused):
            await endpoint.client_credentials(client_of(sandbox, "probit"))


@pytest.mark.security("S76")
@pytest.mark.parametrize("fault", ["refused", "refused:401"])
async def test_a_refused_probit_key_is_no_dead_sign_in(sandbox: RunningSandbox, fault: str) -> None:
    """ProBit answers 400 and 401 alike."""
    sandbox.fault("probit", "token", fault)
    async with endpoint_of(there("probit", sandbox.base("probit"))) as endpoint:
        with pytest.raises(ClientRejected) as raised:
            await endpoint.client_credentials(client_of(sandbox, "probit"))
    assert raised.value.happened == "ProBit refused the client id or the client secret."


@pytest.mark.parametrize("id", ["probit", "bitport", "whitebit"])
@pytest.mark.security("S75")
@pytest.mark.parametrize(
    ("fault", "kind"),
    [
        ("closed", UnexpectedResponse),
        ("html:502", Unavailable),
        ("html:403", UnexpectedResponse),
        ("redirect:https://sample.example/", UnexpectedResponse),
        ("status:503", Unavailable),
        ("retry:17", Unavailable),
        ("reset", NoResponse),
        ("truncated", NoResponse),
        ("malformed", UnexpectedResponse),
        ("big", TooLarge),
        ("bomb", TooLarge),
        ("delay:30", NoResponse),
        ("drip", NoResponse),
        ("down", Unreachable),
    ],
)
async def test_what_goes_wrong_on_the_way_is_never_an_authentication_error(
    sandbox: RunningSandbox, id: str, fault: str, kind: type[Failure]
) -> None:
    """ProBit Q1: a closed service, a gateway, a redirect."""
    sandbox.fault(id, "*", fault)
    async with endpoint_of(there(id, sandbox.base(id)), total=1.5) as endpoint:
        with pytest.raises(kind) as raised:
            await endpoint.authorization_code(client_of(sandbox, id), CODE, None)
    sandbox.clear_faults()
    assert not isinstance(raised.value, InvalidGrant | ClientRejected | RequestRefused)
    assert getattr(raised.value, "retry_after", None) == (17.0 if fault == "retry:17" else None)


async def test_bitport_end_to_end(sandbox: RunningSandbox) -> None:
    """Bitport Q9, Q10: ten years, `bearer`, and nothing undocumented was sent."""
    _, _, token = await sign_in(sandbox, "bitport")
    assert token.lifetime == 315_360_000.0
    assert (token.scopes, token.renewable) == (("full",), False)
    assert unexpected(sandbox, "bitport", "token") == set()
    assert unexpected(sandbox, "bitport", "authorize") == set()


@pytest.mark.parametrize(("fault", "lifetime"), [("bare", None), ("expires:absent", None), ("refresh", 315_360_000.0)])
async def test_bitports_other_token_answers(sandbox: RunningSandbox, fault: str, lifetime: float | None) -> None:
    """Bitport: access_token alone is a token. A refresh token is kept and never used."""
    sandbox.fault("bitport", "token", fault)
    endpoint, client, token = await sign_in(sandbox, "bitport")
    assert (token.lifetime, token.renewable, token.refresh is not None) == (lifetime, False, fault == "refresh")
    before = len(sandbox.log("bitport", "token"))
    with pytest.raises(InvalidGrant):
        await endpoint.refresh(client, token)
    assert len(sandbox.log("bitport", "token")) == before


async def test_bitports_user_code_is_a_grant_of_its_own(sandbox: RunningSandbox) -> None:
    """Bitport Q4: each grant refuses the other's code, and a code works once."""
    client = client_of(sandbox, "bitport")
    code = Secret(sandbox.user_code())
    async with endpoint_of(there("bitport", sandbox.base("bitport"))) as endpoint:
        assert (await endpoint.user_code(client, code)).access
        with pytest.raises(InvalidGrant):
            await endpoint.user_code(client, code)
        with pytest.raises(InvalidGrant):
            await endpoint.authorization_code(client, Secret(sandbox.user_code()), None)
    assert unexpected(sandbox, "bitport", "token") == set()


@pytest.mark.security("S76")
@pytest.mark.parametrize("errors", [None, "errors:401", "errors:envelope"])
async def test_bitports_failures_are_seen_whatever_their_status(sandbox: RunningSandbox, errors: str | None) -> None:
    """Bitport Q2, Q5."""
    client = client_of(sandbox, "bitport")
    if errors:
        sandbox.fault("bitport", "token", errors)
    async with endpoint_of(there("bitport", sandbox.base("bitport"))) as endpoint:
        with pytest.raises(ClientRejected):
            await endpoint.user_code(replace(client, client_secret=Secret("sample-wrong")), CODE)
        with pytest.raises((InvalidGrant, RequestRefused)) as raised:
            await endpoint.user_code(client, CODE)
    assert "Invalid code" in raised.value.detail


@pytest.mark.security("S48")
async def test_whitebit_end_to_end(sandbox: RunningSandbox) -> None:
    """WhiteBIT Q2, Q4, Q8: its own names, inside data, commas, and a new pair each time."""
    async with http() as client_of_http:
        _, client, token = await sign_in(sandbox, "whitebit")
        endpoint = TokenEndpoint(client_of_http, there("whitebit", sandbox.base("whitebit")), lambda: 1000.0)
        sandbox.advance(1.1)
        renewed = await endpoint.refresh(client, token)
        sandbox.advance(1.1)
        with pytest.raises(InvalidGrant) as raised:
            await endpoint.refresh(client, token)
    assert (token.lifetime, token.refresh_lifetime, token.renewable) == (300.0, 600.0, True)
    assert token.scopes == ("users.balances.read", "show.userinfo")
    assert renewed.refresh != token.refresh
    assert renewed.access != token.access
    assert "ten minutes" in raised.value.sentences()
    for place in ("login", "token", "refresh"):
        assert unexpected(sandbox, "whitebit", place) == set()


@pytest.mark.parametrize(("fault", "kept"), [("same", True), ("without", True), ("reuse", False)])
async def test_r25_the_same_a_missing_and_a_new_refresh_token(sandbox: RunningSandbox, fault: str, kept: bool) -> None:
    _, client, token = await sign_in(sandbox, "whitebit")
    sandbox.fault("whitebit", "refresh", fault)
    async with endpoint_of(there("whitebit", sandbox.base("whitebit"))) as endpoint:
        sandbox.advance(1.1)
        renewed = await endpoint.refresh(client, token)
    assert (renewed.refresh == token.refresh) == kept
    assert renewed.renewable


@pytest.mark.security("S76")
async def test_whitebits_failures(sandbox: RunningSandbox) -> None:
    """WhiteBIT Q5: one text for three causes. Its rate limit is no sign-out. A wide scope is kept for the warning."""
    sandbox.fault("whitebit", "token", "scope:wide")
    _, client, token = await sign_in(sandbox, "whitebit")
    assert set(token.scopes) & set(provider("whitebit").risky_scopes) == {"orders.create"}
    sandbox.fault("whitebit", "refresh", "refused:401")
    async with endpoint_of(there("whitebit", sandbox.base("whitebit"))) as endpoint:
        sandbox.advance(1.1)
        with pytest.raises(ClientRejected) as raised:
            await endpoint.refresh(client, token)
        sandbox.clear_faults()
        with pytest.raises(Unavailable) as slowed:
            for _ in range(2):
                token = await endpoint.refresh(client, token)
        with pytest.raises(ClientRejected):
            await endpoint.authorization_code(client, CODE, None)
    assert "address" in raised.value.means
    assert slowed.value.happened == "WhiteBIT asks to slow down."


async def test_a_missing_field_at_whitebit_is_a_plain_refusal(port: RecordingServer) -> None:
    port.then(answer({"errors": {"code": ["validation.required"]}, "notification": None}, 422))
    async with endpoint_of(there("whitebit", port.base)) as endpoint:
        with pytest.raises(RequestRefused) as raised:
            await endpoint.authorization_code(CLIENT, CODE, None)
    assert raised.value.detail == "HTTP 422"
    assert (port.last.target, port.last.headers["accept"]) == ("/oauth2/token", "application/json")
    assert port.last.headers["content-type"] == "application/x-www-form-urlencoded"
