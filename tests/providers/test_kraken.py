"""Kraken's key, its signature by the published example, and its names of assets."""

import json

import pytest

from keyrack.primitives.secret import Secret
from keyrack.providers.api_key import ApiKey
from keyrack.providers.kraken import KrakenKeys, placed_name, signature

# The example of docs.kraken.com, REST authentication; the key was published for it.
PUBLISHED = "kQH5HW/8p1uGOVjbgWA7FunAmGO8lsSUXNsu3eow76sz84Q18fWxnyRzBHCd3pd5nE9qa99HAZtuZuj6F1huXg=="
BODY = "nonce=1616492376594&ordertype=limit&pair=XBTUSD&price=37500&type=buy&volume=1.25"
SIGNED = "4/dpxb3iT4tp/ZCVEwSnEsLxx0bqyhLpdfOpc6fn7OR8+UClSV5n9E6aSS8MPtnRfp32bAb0nmbRn6H8ndwLUQ=="


def test_the_signature_is_that_of_the_published_example() -> None:
    assert signature("/0/private/AddOrder", BODY, 1616492376594, Secret(PUBLISHED)) == Secret(SIGNED)


def test_a_signed_call_carries_key_signature_and_number() -> None:
    key = ApiKey(Secret(PUBLISHED), Secret("invented-public-part"))
    headers, body = KrakenKeys().signed("/0/private/BalanceEx", key, 7)
    assert body == b"nonce=7"
    assert headers["API-Key"] == Secret("invented-public-part")
    assert headers["API-Sign"] == signature("/0/private/BalanceEx", "nonce=7", 7, Secret(PUBLISHED))
    assert PUBLISHED not in f"{headers} {key}"


@pytest.mark.security("S39")
def test_the_key_may_see_balances_and_nothing_else() -> None:
    assert json.loads(KrakenKeys().request_body("Keyrack 12ab")) == {
        "api_key_name": "Keyrack 12ab",
        "permissions": {"funds_query": True},
    }


@pytest.mark.parametrize(
    ("kraken", "common"),
    [
        ("XXBT", "BTC"),
        ("XBT", "BTC"),
        ("XXDG", "DOGE"),
        ("XETH", "ETH"),
        ("ZUSD", "USD"),
        ("ZEUR", "EUR"),
        ("XBT.X", "BTC.X"),
        ("DOT.S", "DOT"),
        ("ETH2.S", "ETH"),
        ("ZETA", "ZETA"),
        ("XION", "XION"),
        ("XTZ", "XTZ"),
        ("ZRX", "ZRX"),
        ("CHF", "CHF"),
        ("", ""),
        ("X", "X"),
    ],
)
def test_old_names_lose_their_letter_and_whole_names_keep_it_q8(kraken: str, common: str) -> None:
    assert placed_name(kraken)[0] == common


@pytest.mark.parametrize(
    "answer",
    [
        None,
        [],
        {},
        {"result": None},
        {"result": {"api_key": "k"}},
        {"result": {"api_key": "", "secret": PUBLISHED}},
        {"result": {"api_key": "k\r\nX: y", "secret": PUBLISHED}},
        {"result": {"api_key": "k" * 600, "secret": PUBLISHED}},
        {"result": {"api_key": 7, "secret": PUBLISHED}},
        {"result": {"api_key": "k", "secret": "not base64!"}},
        {"result": {"api_key": "k", "secret": ""}},
    ],
)
def test_an_answer_without_a_usable_key_is_none(answer: object) -> None:
    assert KrakenKeys().read(answer) is None


def test_a_key_is_read_and_not_shown() -> None:
    key = KrakenKeys().read({"error": [], "result": {"api_key": "invented-public-part", "secret": PUBLISHED}})
    assert key == ApiKey(Secret(PUBLISHED), Secret("invented-public-part"))
    assert PUBLISHED not in repr(key)
