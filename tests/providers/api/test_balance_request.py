"""Balance calls over real sockets: shapes, pages, headers and proofs, and what must never be lost on the way."""

import asyncio
import base64
import json
import time
from collections.abc import AsyncGenerator
from contextlib import suppress
from decimal import Decimal
from typing import Any
from urllib.parse import parse_qs, urlsplit

import msgspec
import pytest

from keyrack.oauth.authorization.request import make_request
from keyrack.oauth.oauth_errors import UnexpectedResponse
from keyrack.oauth.registered_client import OAuthClient
from keyrack.oauth.strict_json import read_json
from keyrack.primitives.failure import Failure
from keyrack.primitives.secret import Secret
from keyrack.providers.api.api_client import ApiClient
from keyrack.providers.api.api_failures import ApiRefused, TokenRefused
from keyrack.providers.api.balance_rows import rows
from keyrack.providers.api.paging import next_page
from keyrack.providers.api_key import ApiKey
from keyrack.providers.call_schema import BalanceCall
from keyrack.providers.files.load import moved, server
from keyrack.providers.holding import Holding
from keyrack.providers.kraken import KrakenKeys
from keyrack.providers.registry import built_in
from keyrack.providers.schema import ApiErrors, RequestRate
from tests.oauth.endpoints.test_hostile_responses import HOSTILE
from tests.recording_server import RecordingServer, answer, recording
from tests.tokens import http, provider

D = Decimal
TOKEN = Secret("canary-access/+==")
KEY = ApiKey(Secret(base64.b64encode(b"invented-secret").decode()), Secret("invented-public-part"))


@pytest.fixture
async def port() -> AsyncGenerator[RecordingServer]:
    async with recording(answer([])) as made:
        yield made


async def holdings(port: RecordingServer, id: str, call: BalanceCall | None = None) -> tuple[Holding, ...]:
    found = moved(provider(id), port.base)
    if call is not None:
        found = msgspec.structs.replace(found, balances=(call,))
    async with http() as client:
        api = ApiClient(client, found, next(iter(found.regions.values())))
        return (await api.holdings(TOKEN, lambda path: KrakenKeys().signed(path, KEY, 11))).holdings


def ranged(content: Any, content_range: str) -> bytes:
    body = json.dumps(content)
    return (
        f"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Range: {content_range}\r\n"
        f"Content-Length: {len(body)}\r\n\r\n{body}"
    ).encode()


def card(currency: str, balance: str, available: str = "0") -> dict[str, str]:
    return {"id": "c", "label": "Card", "currency": currency, "balance": balance, "available": available}


async def test_geminis_path_is_repeated_in_a_header(port: RecordingServer) -> None:
    port.then(answer([{"currency": "BTC", "amount": "1.2", "available": "1.0"}]))
    assert await holdings(port, "gemini") == (Holding("BTC", D("1.0"), D("1.2")),)
    assert (port.last.method, port.last.target, port.last.body) == ("POST", "/v1/balances", "")
    assert port.last.headers["authorization"] == f"Bearer {TOKEN.reveal()}"
    assert json.loads(base64.b64decode(port.last.headers["x-gemini-payload"])) == {"request": "/v1/balances"}


async def test_deribits_numbers_are_taken_from_their_text_q4(port: RecordingServer) -> None:
    text = (
        '{"jsonrpc":"2.0","result":{"summaries":[{"currency":"BTC","equity":0.123456789012345678901,'
        '"available_funds":1e-9,"balance":1},{"currency":"ETH","equity":12345678901234567890,"available_funds":0}]}}'
    )
    port.then(answer(text))
    found = await holdings(port, "deribit")
    assert found == (
        Holding("BTC", D("1E-9"), D("0.123456789012345678901")),
        Holding("ETH", D(0), D("12345678901234567890")),
    )
    assert str(found[0].total) == "0.123456789012345678901"


async def test_krakens_call_is_signed_and_its_names_are_the_common_ones_q8(port: RecordingServer) -> None:
    port.then(
        answer(
            '{"error":[],"result":{"XXBT":{"balance":1.2,"hold_trade":0.1},"ZUSD":{"balance":"5","hold_trade":"0"}}}'
        )
    )
    found = await holdings(port, "kraken")
    assert found == (Holding("BTC", D("1.1"), D("1.2")), Holding("USD", D(5), D(5)))
    assert (port.last.method, port.last.target, port.last.body) == ("POST", "/0/private/BalanceEx", "nonce=11")
    assert port.last.headers["api-key"] == "invented-public-part"
    assert "authorization" not in port.last.headers
    assert TOKEN.reveal() not in port.last.raw


async def test_a_failure_of_kraken_has_status_200(port: RecordingServer) -> None:
    port.then(answer({"error": ["EAPI:Invalid key"]}))
    with pytest.raises(TokenRefused):
        await holdings(port, "kraken")
    port.then(answer({"error": ["EAPI:Invalid nonce"]}))
    with pytest.raises(ApiRefused):
        await holdings(port, "kraken")


async def test_alpacas_one_object_is_one_row(port: RecordingServer) -> None:
    port.then(answer({"currency": "USD", "cash": "-12.50", "equity": "100.25", "status": "ACTIVE"}))
    assert await holdings(port, "alpaca") == (Holding("USD", None, D("100.25"), remark="borrowed"),)


async def test_cards_of_one_currency_are_one_row_q10(port: RecordingServer) -> None:
    """Uphold Q10: summed exactly, across pages too, and the zeros are left out afterwards."""
    port.then(
        ranged([card("BTC", "0.1", "0.1"), card("EUR", "5", "5"), card("XRP", "0")], "items 0-2/5"),
        ranged([card("BTC", "0.000000000000000001", "0"), card("EUR", "-5", "-5")], "items 3-4/5"),
    )
    assert await holdings(port, "uphold") == (Holding("BTC", D("0.1"), D("0.100000000000000001")),)
    assert [seen.headers["range"] for seen in port.requests] == ["items=0-49", "items=3-52"]


async def test_a_card_that_cannot_be_read_makes_the_sum_unknown_and_hides_nothing(port: RecordingServer) -> None:
    port.then(answer([card("BTC", "1", "1"), card("BTC", "one", "1")]))
    assert await holdings(port, "uphold") == (Holding("BTC", D(2), None),)


PAGED = BalanceCall(path="/v2/accounts", shape="array", rows="data", asset="c", available="a", next_page="page.next")


def page(next_uri: Any, *assets: str) -> bytes:
    return answer({"data": [{"c": asset, "a": "1"} for asset in assets], "page": {"next": next_uri}})


async def test_the_next_page_is_followed_on_the_same_host(port: RecordingServer) -> None:
    port.then(page("/v2/accounts?after=x%20y", "BTC"), page("/v2/accounts?after=z", "ETH"), page(None, "XRP"))
    found = await holdings(port, "alpaca", PAGED)
    assert [row.asset for row in found] == ["BTC", "ETH", "XRP"]
    assert [seen.target for seen in port.requests] == [
        "/v2/accounts",
        "/v2/accounts?after=x%20y",
        "/v2/accounts?after=z",
    ]


async def test_a_page_is_a_path_from_the_hosts_root(port: RecordingServer) -> None:
    """As `next_uri` of Coinbase is, whose API lies below /v2 itself."""
    found = moved(provider("probit"), port.base)
    call = msgspec.structs.replace(PAGED, path="/balance")
    port.then(page("/api/exchange/v1/balance?after=1", "BTC"), page(None, "ETH"))
    assert len(await holdings(port, "probit", call)) == 2
    base = urlsplit(found.regions["global"].api).path
    assert [seen.target for seen in port.requests] == [f"{base}/balance", "/api/exchange/v1/balance?after=1"]


@pytest.mark.security("S38", "S43")
@pytest.mark.parametrize(
    "next_uri",
    [
        "https://evil.example/v2",
        "//evil.example/v2",
        "\\\\evil.example",
        "/\\evil.example",
        "@evil.example/",
        ".evil.example/",
        "/a\r\nX: y",
        "/a#b",
        "/" + "a" * 3000,
        7,
        True,
        {"href": "/v2"},
    ],
)
async def test_no_host_is_ever_taken_from_a_page(port: RecordingServer, next_uri: Any) -> None:
    """C2.14 for pages: the figures are reported as unreadable, and no other host sees the token."""
    port.then(page(next_uri, "BTC"))
    with pytest.raises(UnexpectedResponse):
        await holdings(port, "alpaca", PAGED)
    assert len(port.requests) == 1


async def test_pages_without_end_are_not_shown_as_all(port: RecordingServer) -> None:
    port.then(page("/v2/accounts", "BTC"))
    with pytest.raises(UnexpectedResponse):
        await holdings(port, "alpaca", PAGED)
    assert len(port.requests) == 100


@pytest.mark.parametrize(
    ("content_range", "place"),
    [
        ("", None),
        ("items 0-49/120", "50-99"),
        ("items 100-119/120", None),
        ("items 0-0/0", None),
        ("items */0", None),
    ],
)
def test_where_a_range_goes_on(content_range: str, place: str | None) -> None:
    call = provider("uphold").balances[0]
    assert next_page(call, {"content-range": content_range} if content_range else {}, []) == place


@pytest.mark.parametrize("content_range", ["items 0-49", "bytes 0-49/120", "items 0-49/*", "items 0-49/" + "9" * 30])
def test_a_range_without_an_end_is_not_taken_for_all(content_range: str) -> None:
    with pytest.raises(ValueError, match="range"):
        next_page(provider("uphold").balances[0], {"content-range": content_range}, [])


async def test_fixed_headers_are_sent(port: RecordingServer) -> None:
    call = msgspec.structs.replace(PAGED, next_page="", headers={"X-Version": "2024-01"})
    port.then(page(None, "BTC"))
    await holdings(port, "alpaca", call)
    assert port.last.headers["x-version"] == "2024-01"


@pytest.mark.parametrize(
    ("paths", "row", "expected"),
    [
        ({"available": "a", "in_use": "u"}, {"a": "1", "u": "0.5"}, (D(1), D("1.5"))),
        ({"total": "t", "in_use": "u"}, {"t": "1", "u": "0.4"}, (D("0.6"), D(1))),
        ({"total": "t", "in_use": "u"}, {"t": "1"}, (None, D(1))),
        ({"total": "t", "in_use": "u"}, {"t": "1", "u": "x"}, (None, D(1))),
        ({"available": "a", "total": "t"}, {"a": "1", "t": "2"}, (D(1), D(2))),
        ({"available": "a"}, {"a": "1"}, (D(1), None)),
        ({"total": "t"}, {"t": "2"}, (None, D(2))),
    ],
)
def test_two_figures_give_the_third(
    paths: dict[str, str], row: dict[str, str], expected: tuple[Decimal | None, Decimal | None]
) -> None:
    call = msgspec.structs.replace(BalanceCall(path="/x", shape="array", asset="c"), **paths)
    found = rows(call, [{"c": "BTC", **row}])
    assert found is not None
    (holding,) = found
    assert (holding.available, holding.total) == expected


@pytest.mark.parametrize("text", ["[]", "7", '"x"', "null", '{"message":"maintenance"}', '[{"cash":"1"}]'])
def test_a_single_object_of_another_shape_is_no_empty_account(text: str) -> None:
    """C2.1."""
    assert rows(provider("alpaca").balances[0], read_json(text.encode(), "Alpaca")) is None


async def test_an_api_is_asked_no_more_often_than_it_allows(port: RecordingServer) -> None:
    """The fourth request waits until the first lies long enough ago."""
    port.then(answer({"currency": "USD", "cash": "1", "equity": "1"}))
    found = msgspec.structs.replace(moved(provider("alpaca"), port.base), rate=RequestRate(requests=3, seconds=0.5))
    async with http() as client:
        api = ApiClient(client, found, found.regions["paper"])
        begun = time.monotonic()
        await asyncio.gather(*(api.holdings(TOKEN) for _ in range(3)))
        soon = len(port.requests)
        await api.holdings(TOKEN)
    assert soon == 3
    assert time.monotonic() - begun >= 0.49
    assert len(port.requests) == 4


@pytest.mark.parametrize("code", ["0", "200"])
async def test_a_code_of_success_is_no_failure(port: RecordingServer, code: str) -> None:
    port.then(answer({"code": int(code), "currency": "USD", "cash": "1", "equity": "1"}))
    found = moved(provider("alpaca"), port.base)
    async with http() as client:
        with pytest.raises(ApiRefused):
            await ApiClient(client, found, found.regions["paper"]).holdings(TOKEN)
        tolerant = msgspec.structs.replace(found, errors=ApiErrors(codes=("code",), no_error=("0", "200")))
        assert len(await ApiClient(client, tolerant, tolerant.regions["paper"]).holdings(TOKEN)) == 1


@pytest.mark.parametrize("id", [found.id for found in built_in() if found.balances])
async def test_no_hostile_answer_looks_like_an_empty_account(port: RecordingServer, id: str) -> None:
    """C2.1 to C2.4, C2.8, C2.12, C2.16 and C2.18 at each provider's own balance call."""
    for name, sent, _ in HOSTILE:
        if callable(sent) or name == "10 error in a 200":
            continue
        port.then(sent)
        with suppress(Failure):
            assert await holdings(port, id) == ()
            whole = not provider(id).balances[0].rows
            assert name in {"1 empty object", "1 list", "16 204"} | ({"1 null"} if whole else set()), name


@pytest.mark.parametrize("status", [416, 412])
@pytest.mark.parametrize("content", [b"", b'{"code":"range_not_satisfiable"}', b'{"code":"precondition_failed"}'])
async def test_a_range_without_a_card_is_no_card_q23(port: RecordingServer, status: int, content: bytes) -> None:
    """Case 30."""
    port.then(answer(content, status))
    assert await holdings(port, "uphold") == ()


@pytest.mark.parametrize("end", [answer(b"", 416), ranged([], "items 50-50/120"), ranged([], "items */120")])
async def test_a_page_that_became_empty_ends_the_list_and_keeps_what_was_read(
    port: RecordingServer, end: bytes
) -> None:
    port.then(ranged([card("BTC", "1", "1")], "items 0-49/120"), end)
    assert await holdings(port, "uphold") == (Holding("BTC", D(1), D(1)),)


async def test_a_short_account_at_alpaca_is_never_in_use_below_zero_q22(port: RecordingServer) -> None:
    """Case 43."""
    port.then(answer({"currency": "USD", "cash": "150000", "equity": "100000"}))
    (row,) = await holdings(port, "alpaca")
    assert (row.total, row.available, row.in_use, row.remark) == (D(100000), None, None, "borrowed")


def test_each_site_of_alpaca_names_its_own_account_q20() -> None:
    """Case 42."""
    found = provider("alpaca")
    client = OAuthClient("invented", Secret("invented"), "http://127.0.0.1:17463/cb/alpaca")
    for region, env in (("paper", "paper"), ("global", "live")):
        url = make_request(server(found, region), client, "alpaca", "a1").url.reveal()
        assert parse_qs(urlsplit(url).query)["env"] == [env]
