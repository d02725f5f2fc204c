"""The API over real sockets: ProBit's, Bitport's and WhiteBIT's figures, and every way in which one goes wrong."""

from collections.abc import AsyncGenerator, Iterator
from contextlib import asynccontextmanager
from decimal import Decimal
from typing import Any

import pytest

from keyrack.net.network_errors import NetworkFailure
from keyrack.oauth.authorization.request import make_request
from keyrack.oauth.endpoints.token_endpoint import TokenEndpoint
from keyrack.oauth.oauth_errors import ServiceEnded, Unavailable, UnexpectedResponse
from keyrack.oauth.registered_client import OAuthClient
from keyrack.primitives.failure import Failure
from keyrack.primitives.secret import Secret
from keyrack.providers.api.api_client import ApiClient
from keyrack.providers.api.api_failures import ApiRefused, TokenRefused
from keyrack.providers.files.load import moved
from tests.recording_server import RecordingServer, answer, recording
from tests.sandbox_people import PEOPLE
from tests.sandbox_process import RunningSandbox
from tests.tokens import CANARY, approve, everything, http, provider, there

TOKEN = Secret("canary-access/+==")


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
    async with recording(answer({"data": []})) as made:
        yield made


@asynccontextmanager
async def api_at(id: str, base: str, total: float = 5.0) -> AsyncGenerator[ApiClient]:
    async with http(total) as client:
        found = moved(provider(id), base)
        yield ApiClient(client, found, found.regions["global"])


async def token_of(sandbox: RunningSandbox, id: str) -> Secret:
    known = sandbox.client(id)
    client = OAuthClient(known["client_id"], Secret(known["client_secret"]), known["redirect_uri"] or "")
    of = there(id, sandbox.base(id))
    async with http() as connection:
        endpoint = TokenEndpoint(connection, of, lambda: 0.0)
        if id == "probit":
            token = await endpoint.client_credentials(client)
        else:
            back = approve(make_request(of, client, id, "a1").url.reveal(), next(iter(PEOPLE[id])))
            token = await endpoint.authorization_code(client, Secret(back["code"]), None)
    assert token.access is not None
    return token.access


async def failure(id: str, base: str, call: str = "holdings", token: Secret = TOKEN) -> Failure:
    async with api_at(id, base, 1.5) as api:
        with pytest.raises(Failure) as raised:
            await getattr(api, call)(token)
    assert CANARY not in everything(raised.value)
    return raised.value


@pytest.mark.security("S42")
async def test_a_token_travels_in_the_authorization_header_alone(port: RecordingServer) -> None:
    """ProBit Q4, Q5, Bitport Q10: unchanged, and as `Bearer`."""
    async with api_at("probit", port.base) as api:
        assert len(await api.holdings(TOKEN)) == 0
        assert await api.storage(TOKEN) is None
        assert await api.identity(TOKEN) == ""
    assert len(port.requests) == 1
    assert port.last.headers["authorization"] == "Bearer canary-access/+=="
    assert port.last.raw.count(CANARY) == 1
    assert (port.last.method, port.last.target) == ("GET", "/api/exchange/v1/balance")


async def test_whitebits_calls_are_posts_with_an_empty_object(port: RecordingServer) -> None:
    """WhiteBIT Q12."""
    port.then(answer({}))
    async with api_at("whitebit", port.base) as api:
        assert len(await api.holdings(TOKEN)) == 0
    seen = [
        (request.method, request.target, request.body, request.headers["content-type"]) for request in port.requests
    ]
    assert seen == [
        ("POST", "/api/v4/accounts/balances/main", "{}", "application/json"),
        ("POST", "/api/v4/accounts/balances/spot", "{}", "application/json"),
    ]


# --- ProBit, Bitport and WhiteBIT ------------------------------------------------------------------------------------


async def test_probits_balances(sandbox: RunningSandbox) -> None:
    token = await token_of(sandbox, "probit")
    async with api_at("probit", sandbox.base("probit")) as api:
        found = await api.holdings(token)
        sandbox.fault("probit", "balance", "rows:nonzero")
        assert {holding.asset for holding in await api.holdings(token)} == {holding.asset for holding in found}
    assert found
    for holding in found:
        assert isinstance(holding.available, Decimal)
        assert isinstance(holding.total, Decimal)
        assert 0 <= holding.available <= holding.total
        assert holding.place == ""


@pytest.mark.parametrize("mode", [None, "rows:nonzero"])
async def test_whitebits_balances(sandbox: RunningSandbox, mode: str | None) -> None:
    """WhiteBIT Q6: zero rows present or absent make no difference."""
    token = await token_of(sandbox, "whitebit")
    if mode:
        sandbox.fault("whitebit", "main", mode)
    async with api_at("whitebit", sandbox.base("whitebit")) as api:
        found = await api.holdings(token)
        assert await api.storage(token) is None
        sandbox.fault("whitebit", "main", "empty")
        sandbox.fault("whitebit", "spot", "empty")
        assert len(await api.holdings(token)) == 0
    assert {holding.place for holding in found} == {"Main", "Spot"}
    assert all(holding.total for holding in found)


@pytest.mark.parametrize("fault", [None, "shape:array", "sizes:text"])
async def test_bitports_storage_and_identity(sandbox: RunningSandbox, fault: str | None) -> None:
    """Bitport Q6, Q7."""
    token = await token_of(sandbox, "bitport")
    if fault:
        sandbox.fault("bitport", "me", fault)
    async with api_at("bitport", sandbox.base("bitport")) as api:
        found = await api.storage(token)
        identity = await api.identity(token)
        assert len(await api.holdings(token)) == 0
    assert found is not None
    assert found.used is not None
    assert found.size is not None
    assert 0 < found.used < found.size
    assert found.plan_ends == "2031-08-16"
    assert "@" in identity


@pytest.mark.parametrize("fault", ["disk:absent", "sizes:null"])
async def test_bitports_root_folder_tells_what_is_used_when_me_does_not(sandbox: RunningSandbox, fault: str) -> None:
    token = await token_of(sandbox, "bitport")
    sandbox.fault("bitport", "me", fault)
    async with api_at("bitport", sandbox.base("bitport")) as api:
        found = await api.storage(token)
        assert found is not None
        assert found.used
        assert (found.size, found.available) == (None, None)
        sandbox.fault("bitport", "cloud", "sizes:null")
        with pytest.raises(UnexpectedResponse):
            await api.storage(token)


@pytest.mark.security("S81")
@pytest.mark.parametrize(
    ("id", "place", "fault", "call"),
    [
        ("probit", "balance", "withdrawn", "holdings"),
        ("bitport", "me", "withdrawn", "storage"),
        ("bitport", "me", "withdrawn:200", "storage"),
        ("bitport", "me", "withdrawn:200", "identity"),
        ("whitebit", "main", "withdrawn", "holdings"),
        ("whitebit", "spot", "withdrawn", "holdings"),
    ],
)
async def test_a_withdrawn_token_is_told_as_such(
    sandbox: RunningSandbox, id: str, place: str, fault: str, call: str
) -> None:
    """Bitport sends its 401 inside a 200, too."""
    token = await token_of(sandbox, id)
    sandbox.fault(id, place, fault)
    assert isinstance(await failure(id, sandbox.base(id), call, token), TokenRefused)


@pytest.mark.parametrize("id", ["probit", "bitport", "whitebit"])
async def test_a_foreign_token_is_refused(sandbox: RunningSandbox, id: str) -> None:
    call = "storage" if id == "bitport" else "holdings"
    assert isinstance(await failure(id, sandbox.base(id), call), TokenRefused)


async def test_a_key_without_the_right_to_read(sandbox: RunningSandbox) -> None:
    token = await token_of(sandbox, "probit")
    sandbox.fault("probit", "balance", "forbidden")
    why = await failure("probit", sandbox.base("probit"), "holdings", token)
    assert isinstance(why, ApiRefused)
    assert "may not read" in why.means
    assert why.detail.startswith("FORBIDDEN")


# --- what goes wrong -------------------------------------------------------------------------------------------------

WRONG: list[tuple[str, bytes, type[Failure]]] = [
    ("probit", answer({"errorCode": "UNAUTHORIZED", "message": "canary-access/+=="}, 401), TokenRefused),
    ("probit", answer({"errorCode": "UNAUTHORIZED", "message": "", "details": {}}), TokenRefused),
    ("probit", answer("<html>canary", 401), TokenRefused),
    ("probit", answer({"error": "invalid_grant"}, 400), ApiRefused),
    ("probit", answer({"error": "invalid_grant"}), ApiRefused),
    (
        "probit",
        answer({"errorCode": "INVALID_ARGUMENT", "message": "canary-access/+==", "details": {}}, 400),
        ApiRefused,
    ),
    ("probit", answer({"errorCode": "RESOURCE_LOCKED", "message": ""}, 423), Unavailable),
    ("probit", answer({"errorCode": "RATE_LIMIT_EXCEEDED", "message": ""}, 429), Unavailable),
    ("probit", answer({"errorCode": "TRADING_UNAVAILABLE", "message": ""}, 503), Unavailable),
    ("probit", answer({"errorCode": "UNKNOWN_USER_BLOCKED", "message": ""}, 403), ApiRefused),
    ("probit", answer("<html>canary"), UnexpectedResponse),
    ("probit", answer("<html>canary", 404), UnexpectedResponse),
    ("probit", answer(None, 302, "Location: https://canary.example"), UnexpectedResponse),
    ("probit", answer({"data": {"BTC": {"total": "1", "available": "1"}}}), UnexpectedResponse),
    ("probit", answer({"data": [{"currency": "canary", "total": "1"}]}), UnexpectedResponse),
    ("probit", answer(b'{"data":NaN}'), UnexpectedResponse),
    ("probit", answer(b'{"data":[],"data":[]}'), UnexpectedResponse),
    ("probit", answer(b"[" * 100_000), UnexpectedResponse),
    ("probit", answer(b'{"data":["' + b"x" * 9_000_000 + b'"]}'), NetworkFailure),
    ("whitebit", answer({"data": {"message": ["Unauthorized."]}}, 401), TokenRefused),
    ("whitebit", answer({"data": {"message": ["Unauthorized."]}}), TokenRefused),
    ("whitebit", answer({"code": 0, "message": "Odd", "errors": {"a": ["b"]}}, 422), ApiRefused),
    ("whitebit", answer({"code": 0, "message": "Odd", "errors": {"a": ["b"]}}), ApiRefused),
    (
        "whitebit",
        answer({"response": None, "status": 422, "errors": {}, "warning": "Odd", "_token": None}, 422),
        ApiRefused,
    ),
    ("whitebit", answer({"error": ["Internal server error."]}, 500), Unavailable),
    ("whitebit", answer(None, 404), ServiceEnded),
    ("whitebit", answer(b"", 404, "Via: 1.1 gateway"), UnexpectedResponse),
    ("whitebit", answer("<html>canary", 404), UnexpectedResponse),
    ("whitebit", answer({"message": "Gone"}, 410), ServiceEnded),
    ("probit", answer(None, 404), UnexpectedResponse),
    ("probit", answer("<html>canary", 410), ServiceEnded),
    ("whitebit", answer({"code": 0, "errors": {}}), UnexpectedResponse),
]


@pytest.mark.security("S49", "S81")
@pytest.mark.parametrize(("id", "sent", "kind"), WRONG, ids=range(len(WRONG)))
async def test_a_wrong_answer_is_a_failure_of_its_kind(
    port: RecordingServer, id: str, sent: bytes, kind: type[Failure]
) -> None:
    """ProBit Q10, its table of codes, and WhiteBIT's four shapes (R49). Nothing of the answer or of ours leaks."""
    port.then(sent)
    why = await failure(id, port.base)
    assert isinstance(why, kind)
    assert why.detail.isprintable()


@pytest.mark.parametrize(
    ("sent", "detail"),
    [
        ({"message": "Odd", "code": 101}, "101: Odd (HTTP 200)"),
        ({"message": "", "code": 102}, "102 (HTTP 200)"),
        ({"message": "<b>\u202e\x1bOdd</b>", "code": 101}, "101: <b> Odd</b> (HTTP 200)"),
        ({"message": "a trace of 8d9f", "code": None}, "HTTP 400"),
    ],
)
@pytest.mark.security("S49")
async def test_a_message_is_never_shown_alone(port: RecordingServer, sent: dict[str, Any], detail: str) -> None:
    """ProBit Q13, and Bitport alike: the code stands beside the message."""
    status = 400 if sent["code"] is None else 200
    port.then(answer({"status": "error", "data": None, "errors": [sent]}, status))
    why = await failure("bitport", port.base, "storage")
    assert isinstance(why, ApiRefused)
    assert why.detail == (detail if status == 200 else "a trace of 8d9f (HTTP 400)")


async def test_a_wait_that_was_asked_for_is_passed_on(port: RecordingServer) -> None:
    """R23."""
    port.then(answer("<html>", 429, "Retry-After: 77"))
    why = await failure("whitebit", port.base)
    assert isinstance(why, Unavailable)
    assert why.retry_after == 77.0


@pytest.mark.security("S49")
@pytest.mark.parametrize(
    ("sent", "shown"),
    [
        ("sam@example.org", "sam@example.org"),
        ("sam\u202e\r\n<b>@example.org", "sam <b>@example.org"),
        (None, ""),
        (7, "7"),
        ({"a": 1}, ""),
        ("x" * 10_000, "x" * 119 + "…"),
    ],
)
async def test_an_identity_is_plain_and_short(port: RecordingServer, sent: Any, shown: str) -> None:
    port.then(answer({"status": "success", "data": {"email": sent}, "errors": None}))
    async with api_at("bitport", port.base) as api:
        assert await api.identity(TOKEN) == shown


async def test_one_wallet_that_fails_is_no_half_account(port: RecordingServer) -> None:
    """R49: main alone would look like everything."""
    port.then(answer({"BTC": {"main_balance": "1"}}), answer("<html>", 502))
    assert isinstance(await failure("whitebit", port.base), Unavailable)
