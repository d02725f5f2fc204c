"""ProBit's stand-in (ProBit Q3 to Q10): token, balance, errors, limits."""

import base64
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from typing import Any

import httpx
import pytest

from tests.sandbox_process import RunningSandbox

API = "/api/exchange/v1"


class Exchange:
    """One client at the sandbox's ProBit."""

    def __init__(self, sandbox: RunningSandbox, http: httpx.Client, region: str = "global") -> None:
        self.base = sandbox.base("probit")
        self.http = http
        self.client = sandbox.client("probit", region)

    def token(self, *, secret: str | None = None, **sent: Any) -> httpx.Response:
        pair = f"{self.client['client_id']}:{secret or self.client['client_secret']}"
        headers = {"Authorization": "Basic " + base64.b64encode(pair.encode()).decode()}
        return self.http.post(
            self.base + "/token", headers=headers, **(sent or {"json": {"grant_type": "client_credentials"}})
        )

    def balance(self, token: str) -> httpx.Response:
        return self.http.get(self.base + API + "/balance", headers={"Authorization": f"Bearer {token}"})


@pytest.fixture
def exchange(sandbox: RunningSandbox, http: httpx.Client) -> Exchange:
    # The limiter counts by address, so that one test must not use up what the next one needs.
    sandbox.advance(20)
    return Exchange(sandbox, http)


def test_a_token_lives_900_seconds_and_holds_awkward_characters(exchange: Exchange) -> None:
    made = exchange.token().json()
    assert made["token_type"] == "bearer"  # Q5
    assert made["expires_in"] == 900
    assert {"/", "+"} <= set(made["access_token"])  # Q4
    assert made["access_token"].endswith("=")
    assert set(made) == {"access_token", "token_type", "expires_in"}


def test_the_token_body_is_json_only(exchange: Exchange) -> None:
    refused = exchange.token(data={"grant_type": "client_credentials"})  # Q3
    assert (refused.status_code, refused.json()) == (400, {"error": "invalid_request"})


def test_a_wrong_secret_is_invalid_grant(exchange: Exchange, sandbox: RunningSandbox) -> None:
    refused = exchange.token(secret="wrong")
    assert (refused.status_code, refused.json()) == (400, {"error": "invalid_grant"})
    sandbox.fault("probit", "token", "refused:401")
    assert exchange.token().status_code == 401


def test_the_secret_is_compared_as_it_was_sent(exchange: Exchange) -> None:
    escaped = exchange.client["client_secret"].replace("+", "%2B").replace("/", "%2F").replace("=", "%3D")
    assert exchange.token(secret=escaped).json() == {"error": "invalid_grant"}


def test_another_grant_is_refused(exchange: Exchange) -> None:
    assert exchange.token(json={"grant_type": "password"}).json() == {"error": "unsupported_grant_type"}


def test_balances_are_an_array_of_exact_decimal_strings(exchange: Exchange) -> None:
    rows = exchange.balance(exchange.token().json()["access_token"]).json()["data"]
    assert all(set(row) == {"currency_id", "total", "available"} for row in rows)
    assert all(isinstance(row["total"], str) and "E" not in row["total"] for row in rows)
    assert any(Decimal(row["total"]) == 0 for row in rows)
    assert any(-int(Decimal(row["total"]).as_tuple().exponent) == 18 for row in rows)
    assert all(Decimal(row["total"]) >= Decimal(row["available"]) for row in rows)
    assert any(Decimal(row["total"]) > Decimal(row["available"]) for row in rows)


def test_balances_move_and_two_readers_agree(exchange: Exchange, sandbox: RunningSandbox) -> None:
    token = exchange.token().json()["access_token"]
    before = exchange.balance(token).json()
    sandbox.advance(60)
    after = exchange.balance(token).json()
    assert before != after
    for old, new in zip(before["data"], after["data"], strict=True):
        assert abs(Decimal(old["total"]) - Decimal(new["total"])) <= Decimal(old["total"]) / 100


def test_an_expired_token_is_unauthorized(exchange: Exchange, sandbox: RunningSandbox) -> None:
    token = exchange.token().json()["access_token"]
    sandbox.advance(890)
    assert exchange.balance(token).status_code == 200
    sandbox.advance(20)
    refused = exchange.balance(token)
    assert (refused.status_code, refused.json()["errorCode"]) == (401, "UNAUTHORIZED")
    assert set(refused.json()) == {"errorCode", "message", "details"}


def test_an_older_token_stays_good_unless_the_mode_says_otherwise(exchange: Exchange, sandbox: RunningSandbox) -> None:
    first = exchange.token().json()["access_token"]
    exchange.token()
    assert exchange.balance(first).status_code == 200
    sandbox.fault("probit", "token", "newest")
    exchange.token()
    assert exchange.balance(first).status_code == 401


def test_every_call_counts_against_20_a_second_with_a_burst_of_200(exchange: Exchange, sandbox: RunningSandbox) -> None:
    sandbox.advance(60)
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: exchange.http.get(exchange.base + API + "/time"), range(800)))
    refused = [answer for answer in answers if answer.status_code == 429]
    assert len(answers) - len(refused) >= 200
    assert refused
    assert refused[0].json()["errorCode"] == "RATE_LIMIT_EXCEEDED"
    assert "retry-after" not in refused[0].headers
    sandbox.advance(1)
    assert exchange.http.get(exchange.base + API + "/time").status_code == 200


def test_korea_is_another_client_with_other_figures(
    exchange: Exchange, sandbox: RunningSandbox, http: httpx.Client
) -> None:
    korea = Exchange(sandbox, http, "korea")
    rows = [e.balance(e.token().json()["access_token"]).json() for e in (exchange, korea)]
    assert rows[0] != rows[1]


def test_tokens_are_counted_as_renewals_after_the_first(exchange: Exchange, sandbox: RunningSandbox) -> None:
    sandbox.register_client("probit", "counted", "invented")
    exchange.client = {"client_id": "counted", "client_secret": "invented"}
    for _ in range(3):
        exchange.token()
    assert sandbox.renewals()["counted/desk"] == 2


def test_prices_and_markets_need_no_token(exchange: Exchange) -> None:
    rows = exchange.http.get(exchange.base + API + "/ticker", params={"market_ids": "BTC-USDT,ETH-BTC"})
    assert rows.json()["errorCode"] == "INVALID_ARGUMENT"
    rows = exchange.http.get(exchange.base + API + "/ticker", params={"market_ids": "BTC-USDT"})
    assert [row["market_id"] for row in rows.json()["data"]] == ["BTC-USDT"]
    markets = exchange.http.get(exchange.base + API + "/market").json()["data"]
    assert {market["closed"] for market in markets} == {True, False}
