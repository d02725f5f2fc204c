"""Providers that no stand-in plays: documented answers, re-typed with invented figures, from sign-in to sign-out."""

import asyncio
import http.client
import json
from collections.abc import AsyncGenerator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest

from keyrack.core.accounts.account import Account
from keyrack.core.accounts.draft import Draft
from keyrack.core.accounts.state import Active
from keyrack.core.failures import RefusedForNow
from keyrack.primitives.secret import Secret
from keyrack.providers.files.load import moved
from keyrack.providers.holding import Holding, Storage
from keyrack.providers.schema import REDIRECT_FLOWS, FlowName
from tests.core.harness import CoreHarness
from tests.core.user_provider import waits
from tests.free_port import free_port
from tests.recording_server import RecordingServer, answer, recording
from tests.tokens import provider

D = Decimal
PASTED = Secret("invented-grant")


@dataclass(frozen=True)
class Documented:
    """One way to sign in, with the answers of the documents by path, and what is to come of them."""

    id: str
    flow: FlowName
    token_path: str
    token: dict[str, Any]
    sent: dict[str, str]
    answers: dict[str, Any]
    identity: str
    holdings: tuple[Holding, ...] = ()
    storage: Storage | None = None
    secret: bool = False
    region: str = "global"
    renewed: dict[str, str] = field(default_factory=dict)
    refused: tuple[int, Any] = (401, {})


CODE = {"grant_type": "authorization_code", "code": "invented-code", "client_id": "invented-client"}
PREMIUMIZE_TOKEN = {"access_token": "invented-access", "token_type": "Bearer", "expires_in": 315360000, "scope": "full"}
PREMIUMIZE: dict[str, Any] = {
    "answers": {
        "/api/account/info": {
            "status": "success",
            "customer_id": "1234567",
            "premium_until": 1799999999,
            "limit_used": 0.42,
            "booster_points": 0,
            "space_used": 123456789,
        }
    },
    "identity": "12…67",
    "storage": Storage(123456789, None, None),
    "refused": (200, {"status": "error", "message": "Not logged in.", "code": "authentication_failed"}),
}
ALL = [
    Documented(
        "putio",
        "authorization_code",
        "/v2/oauth2/access_token",
        {"access_token": "invented-access"},
        {**CODE, "client_secret": "invented-secret"},
        {
            "/v2/account/info": {
                "info": {
                    "username": "kim",
                    "mail": "kim.arai@example.org",
                    "disk": {"avail": 900, "size": 1000, "used": 100},
                },
                "status": "OK",
            }
        },
        "k…i@example.org",
        storage=Storage(100, 900, 1000),
        secret=True,
        refused=(401, {"error_type": "invalid_grant", "error_message": "Token is wrong", "status": "ERROR"}),
    ),
    Documented(
        "dropbox",
        "authorization_code_pkce",
        "/oauth2/token",
        {
            "access_token": "invented-access",
            "token_type": "bearer",
            "expires_in": 14400,
            "refresh_token": "invented-refresh",
            "scope": "account_info.read",
            "uid": "12345",
            "account_id": "dbid:invented",
        },
        CODE,
        {
            "/2/users/get_space_usage": {
                "used": 314159265,
                "allocation": {".tag": "individual", "allocated": 10000000000},
            },
            "/2/users/get_current_account": {"account_id": "dbid:invented", "email": "kim.arai@example.org"},
        },
        "k…i@example.org",
        storage=Storage(314159265, None, 10000000000, "individual"),
        renewed={"grant_type": "refresh_token", "refresh_token": "invented-refresh", "client_id": "invented-client"},
        refused=(401, {"error_summary": "expired_access_token/", "error": {".tag": "expired_access_token"}}),
    ),
    Documented("premiumize", "authorization_code_pkce", "/token", PREMIUMIZE_TOKEN, CODE, secret=False, **PREMIUMIZE),
    Documented(
        "premiumize",
        "device_code",
        "/token",
        {
            **PREMIUMIZE_TOKEN,
            "verification_uri": "{base}/device",
            "user_code": "kpwx-3m7r",
            "device_code": "invented-device",
            "expires_in": 600,
            "interval": 5,
        },
        {"grant_type": "device_code", "code": "invented-device", "client_id": "invented-client"},
        **PREMIUMIZE,
    ),
    Documented(
        "saxo-sim",
        "authorization_code_pkce",
        "/token",
        {
            "access_token": "invented-access",
            "token_type": "Bearer",
            "expires_in": 1200,
            "refresh_token": "invented-refresh",
            "refresh_token_expires_in": 2400,
            "base_uri": None,
        },
        CODE,
        {
            "/sim/openapi/port/v1/balances/me": {
                "CalculationReliability": "Ok",
                "CashBalance": 1234.18,
                "Currency": "EUR",
                "CurrencyDecimals": 2,
                "MarginAvailableForTrading": 989.91,
                "TotalValue": 103771.48,
            },
            "/sim/openapi/port/v1/users/me": {"UserId": "1234567", "Name": "Kim Arai"},
        },
        "12…67",
        holdings=(Holding("EUR", None, D("103771.48")),),
        renewed={"grant_type": "refresh_token", "refresh_token": "invented-refresh", "client_id": "invented-client"},
    ),
    Documented(
        "tastytrade",
        "refresh_token",
        "/oauth/token",
        {"access_token": "invented-access", "token_type": "Bearer", "expires_in": 900},
        {
            "grant_type": "refresh_token",
            "refresh_token": "invented-grant",
            "client_id": "invented-client",
            "client_secret": "invented-secret",
        },
        {
            "/customers/me": {"data": {"email": "kim.arai@example.org"}, "context": "/customers/me"},
            "/customers/me/accounts": {
                "data": {
                    "items": [
                        {"account": {"account-number": "5WX00001", "nickname": "Cash"}, "authority-level": "owner"},
                        {"account": {"account-number": "5WX00002", "nickname": "IRA"}, "authority-level": "owner"},
                    ]
                }
            },
            "/accounts/5WX00001/balances": {
                "data": {
                    "account-number": "5WX00001",
                    "cash-balance": "87.055",
                    "net-liquidating-value": "4133.105",
                    "cash-available-to-withdraw": "87.05",
                }
            },
            "/accounts/5WX00002/balances": {
                "data": {"net-liquidating-value": "0.5", "cash-available-to-withdraw": "0.5"}
            },
        },
        "k…i@example.org",
        holdings=(
            Holding("USD", D("87.05"), D("4133.105"), "Cash"),
            Holding("USD", D("0.5"), D("0.5"), "IRA"),
        ),
        secret=True,
        region="sandbox",
        renewed={
            "grant_type": "refresh_token",
            "refresh_token": "invented-grant",
            "client_id": "invented-client",
            "client_secret": "invented-secret",
        },
        refused=(401, {"error": {"code": "token_invalid", "message": "This token is invalid or has expired"}}),
    ),
]
each = pytest.mark.parametrize("of", ALL, ids=lambda of: f"{of.id}-{of.flow}")
renewable = pytest.mark.parametrize("of", [of for of in ALL if of.renewed], ids=lambda of: of.id)


@pytest.fixture
async def port() -> AsyncGenerator[RecordingServer]:
    async with recording(answer({}, 404)) as made:
        yield made


@pytest.fixture
def harness(harness_without_streams: CoreHarness) -> CoreHarness:
    return harness_without_streams


def sent(port: RecordingServer, of: Documented, number: int = -1) -> dict[str, Any]:
    request = port.asked(of.token_path)[number]
    if request.headers["content-type"] == "application/json":
        found: dict[str, Any] = json.loads(request.body)
        return found
    return {name: values[0] for name, values in parse_qs(request.body).items()}


class Page:
    """The provider's sign-in page: it sends the browser back with a code, as RFC 6749 says."""

    def __init__(self) -> None:
        self.query: dict[str, str] = {}

    async def open(self, address: str) -> None:
        """Follow the local start address, and go back to the redirect address at once."""
        await asyncio.to_thread(self._visit, address)

    def _visit(self, address: str) -> None:
        there = _get(address)
        self.query = {name: values[0] for name, values in parse_qs(urlsplit(there).query).items()}
        back = urlencode({"code": "invented-code", "state": self.query["state"]})
        _get(f"{self.query['redirect_uri']}?{back}")


def _get(address: str) -> str:
    """The address that a request is redirected to, "" where it is not."""
    parts = urlsplit(address)
    connection = http.client.HTTPConnection(parts.netloc, timeout=10)
    try:
        connection.request("GET", f"{parts.path}?{parts.query}" if parts.query else parts.path)
        found = connection.getresponse()
        found.read()
        return found.headers.get("location", "")
    finally:
        connection.close()


async def signed_in(harness: CoreHarness, port: RecordingServer, of: Documented) -> tuple[Account, Page]:
    page = Page()
    harness.browser = page.open
    harness.replace_provider(moved(provider(of.id), port.base))
    token = {name: port.base + "/device" if value == "{base}/device" else value for name, value in of.token.items()}
    answers = {of.token_path: token, **of.answers}
    port.by_path = {path: [answer(content)] for path, content in answers.items()}
    redirect = f"http://127.0.0.1:{free_port()}/cb/{of.id}" if of.flow in REDIRECT_FLOWS else ""
    secret = Secret("invented-secret") if of.secret else None
    account = await harness.rack.add(Draft(of.id, of.region, of.flow, of.id, "invented-client", secret, redirect))
    signing = asyncio.create_task(harness.sign_in(account, PASTED if of.flow == "refresh_token" else None))
    if of.flow == "device_code":
        await harness.until(lambda: waits(account))
        harness.leap(6)
    await signing
    assert harness.status(account).name == "ready", harness.status(account)
    return account, page


@each
async def test_a_person_signs_in_and_sees_what_the_documents_say(
    harness: CoreHarness, port: RecordingServer, of: Documented
) -> None:
    account, page = await signed_in(harness, port, of)
    fields = sent(port, of)
    assert of.sent.items() <= fields.items()
    assert account.settings.identity == of.identity
    if of.flow in REDIRECT_FLOWS:
        assert page.query["response_type"] == "code"
        assert page.query["client_id"] == "invented-client"
        assert ("code_challenge" in page.query) == ("code_verifier" in fields) == (of.flow != "authorization_code")
        assert page.query.get("token_access_type") == ("offline" if of.id == "dropbox" else None)
    await harness.rack.parts.poller.update(account)
    assert account.balances is not None
    assert account.balances.failure is None
    assert account.balances.holdings == of.holdings
    assert account.balances.storage == of.storage
    for path in of.answers:
        for request in port.asked(path):
            assert request.headers["authorization"] == "Bearer invented-access"
            assert request.headers["user-agent"].startswith("Keyrack/")


@renewable
async def test_it_is_renewed_as_the_documents_say(harness: CoreHarness, port: RecordingServer, of: Documented) -> None:
    account, _ = await signed_in(harness, port, of)
    first = sent(port, of)
    await harness.rack.parts.refresher.renew(account, by_hand=True)
    fields = sent(port, of)
    assert of.renewed.items() <= fields.items()
    if of.id == "saxo-sim":
        assert fields["code_verifier"] == first["code_verifier"]
        assert fields["redirect_uri"] == first["redirect_uri"]
        assert harness.token(account).refresh_lifetime == 2400
    assert harness.status(account).name == "ready"


@each
async def test_a_token_that_is_refused_is_told_as_such(
    harness: CoreHarness, port: RecordingServer, of: Documented
) -> None:
    """Where nothing renews it, it is kept for some minutes. Else it is renewed once."""
    account, _ = await signed_in(harness, port, of)
    asked = len(port.asked(of.token_path))
    status, content = of.refused
    for path in of.answers:
        port.by_path[path] = [answer(content, status)]
    await harness.rack.parts.poller.update(account)
    if of.renewed:
        assert isinstance(account.state, Active)
        assert len(port.asked(of.token_path)) == asked + 1
    else:
        assert isinstance(account.state, Active)
        assert account.balances is not None
        assert isinstance(account.balances.failure, RefusedForNow)


async def test_put_io_revokes_the_token_by_itself(harness: CoreHarness, port: RecordingServer) -> None:
    """put.io Q4."""
    account, _ = await signed_in(harness, port, ALL[0])
    port.by_path["/v2/oauth/grants/logout"] = [answer({"status": "OK"})]
    assert "revoked" in await harness.rack.sign_out(account)
    (request,) = port.asked("/v2/oauth/grants/logout")
    assert (request.method, request.headers["authorization"]) == ("POST", "Bearer invented-access")


async def test_a_device_code_of_premiumize_is_asked_for_in_its_own_words(
    harness: CoreHarness, port: RecordingServer
) -> None:
    """Premiumize Q1."""
    of = ALL[3]
    await signed_in(harness, port, of)
    assert sent(port, of, 0) == {"response_type": "device_code", "client_id": "invented-client"}
