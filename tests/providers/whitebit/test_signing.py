"""WhiteBIT's signatures and PKCE, by the documents' own vectors, and what its refusals of signed calls mean."""

import json
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keyrack.net.client.client_message import Response
from keyrack.net.client.rules import check
from keyrack.net.network_errors import Unsendable
from keyrack.oauth.authorization import pkce
from keyrack.oauth.endpoints.error_response import unavailable
from keyrack.oauth.oauth_errors import UnexpectedResponse
from keyrack.oauth.strict_json import read_json
from keyrack.primitives.failure import Failure
from keyrack.primitives.secret import Secret
from keyrack.providers.api.api_failures import ApiRefused, TokenRefused
from keyrack.providers.api.key_refusals import KeyDisabled, KeyMayNot, KeyUnknown, NonceRefused
from keyrack.providers.api_key import ApiKey
from keyrack.providers.whitebit.key_endpoints import public_key
from keyrack.providers.whitebit.refusals import signed_refusal
from keyrack.providers.whitebit.signing import body_of, payload_of, signature_of, signed
from keyrack.providers.whitebit.whitebit_balances import Wallets, read_wallet
from tests.tokens import FIXED, provider

SECRET = Secret("s3cr3t-local-only")
KEY = ApiKey(SECRET, Secret("public-key-invented"), "0b5a3c1e-1111-4222-8333-444455556666")
FAST = provider("whitebit-fast-key")
CALLS = {call.place: call for call in FAST.balances}


def test_the_first_vector_of_the_documents() -> None:
    body = body_of("/api/v4/trade-account/balance", 1764000000123)
    assert body == b'{"request":"/api/v4/trade-account/balance","nonce":1764000000123}'
    payload = payload_of(body)
    assert payload == ("eyJyZXF1ZXN0IjoiL2FwaS92NC90cmFkZS1hY2NvdW50L2JhbGFuY2UiLCJub25jZSI6MTc2NDAwMDAwMDEyM30=")
    assert signature_of(SECRET, payload) == (
        "4b1f99dc3f8bbb687b2b7495daa78e87ba70e743f1cd2ecd0faa57383b5062af"
        "ba174e632c3b5789b4f21cdeb38b06e6b1b904dd446f78d93ea3dbd2b423b0b5"
    )


def test_the_second_vector_with_a_parameter_and_a_window() -> None:
    body = body_of("/api/v4/main-account/balance", 1764000000124, {"ticker": "BTC"}, window=True)
    assert body == (
        b'{"ticker":"BTC","request":"/api/v4/main-account/balance","nonce":1764000000124,"nonceWindow":true}'
    )
    payload = payload_of(body)
    assert payload == (
        "eyJ0aWNrZXIiOiJCVEMiLCJyZXF1ZXN0IjoiL2FwaS92NC9tYWluLWFjY291bnQvYmFsYW5jZSIs"
        "Im5vbmNlIjoxNzY0MDAwMDAwMTI0LCJub25jZVdpbmRvdyI6dHJ1ZX0="
    )
    assert signature_of(SECRET, payload) == (
        "a8d01c29271f60d9eb06876860b779f5405735d6d72afe140a97506be57a6125"
        "6fe90a3702005bc0cbe2b94fdfff866d87f5ca6a0c09904225ef929dbe8bf1fc"
    )


@pytest.mark.security("S28")
def test_the_pkce_vector_of_the_documents() -> None:
    made = pkce.of(Secret("local-verifier-0123456789-ABCDEFGHIJKLMNOPQRSTUVWXYZ"))
    assert made.challenge == "ZZjmKJQT0q_q8-gKGDi0IXmDYcL00MXjI1Ly1UOTjzs"


@FIXED
@given(st.integers(1, 2**53), st.text("abcdefghijklmnopqrstuvwxyz-/", min_size=1, max_size=60))
def test_a_body_is_compact_and_its_nonce_is_a_number_q5_q17(nonce: int, path: str) -> None:
    body = body_of(path, nonce)
    assert b" " not in body
    assert json.loads(body) == {"request": path, "nonce": nonce}


@pytest.mark.security("S42", "S104")
def test_a_signed_request_shows_no_secret_and_holds_three_headers() -> None:
    request = signed(FAST.regions["global"], KEY, "/api/v4/trade-account/balance", 7)
    check(request)
    assert request.url == "https://whitebit.com/api/v4/trade-account/balance"
    assert {"X-TXC-APIKEY", "X-TXC-PAYLOAD", "X-TXC-SIGNATURE"} <= set(request.headers)
    assert request.headers["Content-Type"] == "application/json"
    shown = f"{request!r} {KEY!r} {request.headers!r} {request.body!r}"
    assert SECRET.reveal() not in shown
    assert "invented" not in shown


def test_a_key_with_a_line_end_is_never_sent() -> None:
    odd = ApiKey(SECRET, Secret("key\r\nX: y"), "")
    with pytest.raises(Unsendable):
        check(signed(FAST.regions["global"], odd, "/api", 1))


def refused(status: int, message: str, code: int | None = None) -> Failure | None:
    content: dict[str, Any] = {"message": message} if code is None else {"code": code, "message": message}
    return signed_refusal(status, content)


TABLE = [
    ("Payload not provided.", 0, ApiRefused, "fault of Keyrack"),
    ("Invalid payload.", 9, ApiRefused, "fault of Keyrack"),
    ("Unauthorized request.", 10, KeyUnknown, "does not know this key"),
    ("Too many requests.", 0, NonceRefused, "another program uses the same key"),
    ("Nonce not provided.", 0, ApiRefused, "fault of Keyrack"),
    ("Request not provided.", 0, ApiRefused, "fault of Keyrack"),
    ("Invalid nonceWindow.", 0, ApiRefused, "fault of Keyrack"),
    ("Your nonce is more than 5 seconds lesser than the current nonce", 0, ApiRefused, "Set the clock"),
    ("This action is unauthorized. Enable your key in API settings", 2, KeyDisabled, "14 days"),
    ("This action is unauthorized.", 0, KeyMayNot, "may not read"),
    ("This API Key is not authorized to perform this action.", 4, KeyMayNot, "may not read"),
    ("You don't have permission to use this endpoint.", 0, KeyMayNot, "may not read"),
    ("Validation failed", 30, ApiRefused, "fault of Keyrack"),
]


@pytest.mark.parametrize("status", [400, 401, 403, 422])
@pytest.mark.parametrize(("message", "code", "kind", "words"), TABLE, ids=[row[0][:24] for row in TABLE])
def test_the_table_of_errors_is_read_by_its_texts(
    message: str, code: int, kind: type[Failure], words: str, status: int
) -> None:
    """Which status goes with which text is not written down, so the text decides."""
    why = refused(status, message, code)
    assert type(why) is kind
    assert words in why.sentences()
    assert message[:20] in why.detail


@pytest.mark.parametrize(("message", "code", "kind", "words"), TABLE, ids=[row[0][:24] for row in TABLE])
def test_the_texts_are_enough_without_a_code(message: str, code: int, kind: type[Failure], words: str) -> None:
    """Most codes are not written down."""
    assert type(refused(400, message)) is kind


def test_a_disabled_key_is_told_without_a_word_of_address_lists_q7() -> None:
    why = refused(403, "This action is unauthorized. Enable your key in API settings", 2)
    assert why is not None
    assert "disabled" in why.happened
    assert "14 days" in why.means
    assert "address" not in why.sentences()
    assert not isinstance(why, TokenRefused), "only the person can end a key that is asleep"


def test_a_nonce_that_is_too_new_is_a_clock_too_q11() -> None:
    why = refused(422, "Your nonce is more than 5 seconds greater than the current nonce", 0)
    assert why is not None
    assert "clock" in why.happened


def test_the_nonce_text_is_no_rate_limit_q6() -> None:
    """HTTP 429 differs from it by the status and a full stop."""
    assert isinstance(refused(422, "Too many requests.", 0), NonceRefused)
    limited = unavailable("WhiteBIT", Response(429, {}, b"").status, {})
    assert limited is not None
    assert "slow down" in limited.happened
    assert not isinstance(refused(400, "Too many requests", 0), NonceRefused)


@pytest.mark.parametrize("code", [9, 10, 2, 4, 30])
def test_a_number_alone_decides_nothing(code: int) -> None:
    """Unlike errors share one number, so that a number never signs anybody out."""
    assert type(refused(400, "In other words.", code)) is ApiRefused


def test_without_a_body_the_status_decides() -> None:
    assert isinstance(signed_refusal(401, {}), KeyUnknown)
    assert isinstance(signed_refusal(403, []), KeyMayNot)
    assert type(signed_refusal(422, None)) is ApiRefused
    assert signed_refusal(200, {"BTC": {"main_balance": "1"}}) is None
    assert isinstance(refused(200, "Unauthorized request.", 10), KeyUnknown), "C2: an error inside a 200"


@pytest.mark.security("S49")
def test_foreign_words_are_plain_and_hold_no_secret() -> None:
    held = Secret("secret-that-is-echoed-invented")
    why = refused(400, f"<b>\u202eodd\x1b[31m {held.reveal()}</b>", 99)
    assert why is not None
    assert "\x1b" not in why.detail
    assert "\u202e" not in why.detail
    assert held.reveal() not in why.detail


def wallet(place: str, text: str) -> list[tuple[str, Decimal | None, Decimal | None]]:
    found = read_wallet(CALLS[place], read_json(text.encode(), "test"))
    return [(row.asset, row.available, row.total) for row in found]


D = Decimal


def test_main_and_spot_are_read() -> None:
    assert wallet("Main", '{"BTC":{"main_balance":"0.25"},"ETH":{"main_balance":"0"}}') == [
        ("BTC", D("0.25"), D("0.25"))
    ]
    assert wallet("Spot", '{"BTC":{"available":"0.1","freeze":"0.02"}}') == [("BTC", D("0.1"), D("0.12"))]
    assert wallet("Spot", "{}") == []


def test_collateral_in_numbers_or_text_is_exact() -> None:
    """The schema says numbers and the live client reads text. A float would lose the last digits."""
    summary = '[{"asset":"BTC","balance":"0.500000000000000001","borrow":"0","availableWithoutBorrow":"0.5"}]'
    assert wallet("Collateral", summary) == [("BTC", D("0.5"), D("0.500000000000000001"))]
    plain = CALLS["Main"]
    for text in ('{"BTC":1.000000000000000001,"USDT":1000}', '{"BTC":"1.000000000000000001","USDT":"1000"}'):
        found = read_wallet(plain, read_json(text.encode(), "test"))
        assert [(row.asset, row.total) for row in found] == [("BTC", D("1.000000000000000001")), ("USDT", D(1000))]


@pytest.mark.parametrize("text", ["[]", "null", '"x"', '{"error":["Internal server error."]}', '{"a":{"b":1}}', "7"])
def test_another_shape_is_no_empty_wallet(text: str) -> None:
    """C2.1: figures are never lost to an answer of another shape; an empty list is how PHP writes an empty object."""
    answer = read_json(text.encode(), "test")
    if not answer:
        assert len(read_wallet(CALLS["Main"], answer)) == 0
        return
    with pytest.raises(UnexpectedResponse):
        read_wallet(CALLS["Main"], answer)


@pytest.mark.parametrize("value", ['"1e400"', '"NaN"', '"0x10"', '"1,5"', "null", "true", f'"{"9" * 400}"'])
def test_an_odd_amount_is_shown_as_unavailable(value: str) -> None:
    """C2.24."""
    found = wallet("Main", f'{{"BTC":{{"main_balance":{value}}},"ETH":{{"main_balance":"2"}}}}')
    assert ("ETH", D(2), D(2)) in found
    assert all(total is None for asset, _, total in found if asset == "BTC")


async def test_a_wallet_that_may_not_be_read_hides_no_other() -> None:
    asked: list[str] = []

    async def ask(path: str) -> Any:
        asked.append(path)
        if "collateral" in path:
            raise KeyMayNot("whitebit_key_may_not")
        return {"BTC": {"main_balance": "1", "available": "2", "freeze": "0"}}

    wallets = Wallets(FAST)
    await wallets.read(ask)
    assert [row.place for row in wallets.reading] == ["Main", "Spot"]
    assert wallets.reading.unreadable == ("Collateral",)
    assert asked[-1] == "/api/v4/collateral-account/balance", "the plain form is asked for where the summary is refused"


async def test_nothing_readable_is_a_failure() -> None:
    async def ask(path: str) -> Any:
        raise KeyMayNot("whitebit_key_may_not")

    with pytest.raises(KeyMayNot):
        await Wallets(FAST).read(ask)


@pytest.mark.parametrize(
    "text", ["", "short", "with space inside it", "x" * 513, "кириллица-ключ", "line\nbreak-inside"]
)
def test_what_cannot_be_a_public_key_is_not_taken_q2(text: str) -> None:
    assert public_key(text) is None


def test_a_public_key_is_taken_with_space_around_it_q2() -> None:
    assert public_key("  0123456789abcdef \n") == Secret("0123456789abcdef")


def test_there_is_no_such_flow_at_the_eu_site_q18() -> None:
    assert list(FAST.regions) == ["global"]
    assert not any("whitebit.eu" in str(region) for region in FAST.regions.values())
    assert list(FAST.flows) == ["fast_api_key"]


def test_the_person_is_told_before_starting_q16() -> None:
    flow = FAST.flows["fast_api_key"]
    assert "on a server" in flow.warning
    for text in (flow.warning, flow.credentials_help, *(known.means for known in FAST.dialect.failures)):
        assert "address of your" not in text
        assert "network" not in text, "no list of addresses applies to these keys (Q7)"
    assert "institutional@whitebit.com" in flow.credentials_help
