"""What a device authorization endpoint may answer (RFC 8628 §3.2), and what of it is never used."""

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from keyrack.oauth.authorization_server import AuthorizationServer, Dialect
from keyrack.oauth.endpoints.device import LONGEST_INTERVAL, LONGEST_LIFE, USUAL_INTERVAL, hosts, read_authorization
from keyrack.oauth.oauth_errors import UnexpectedResponse

SERVER = AuthorizationServer(
    "Sample",
    Dialect(),
    token_endpoint="https://auth.example.org/token",
    device_authorization_endpoint="https://device.example.org/code",
)
CODE = "invented-device-code"
ANSWER: Mapping[str, Any] = {
    "device_code": CODE,
    "user_code": "WDJB-MJHT",
    "verification_uri": "https://auth.example.org/device",
    "verification_uri_complete": "https://auth.example.org/device?user_code=WDJB-MJHT",
    "expires_in": 1800,
    "interval": 5,
}


def test_the_example_of_the_rfc() -> None:
    found = read_authorization(SERVER, ANSWER, 100.0)
    assert found.device_code.reveal() == CODE
    assert (found.user_code, found.ends, found.interval) == ("WDJB-MJHT", 1900.0, 5.0)
    assert found.complete.endswith("?user_code=WDJB-MJHT")


def test_the_older_name_of_the_address_is_taken() -> None:
    """Google's answer says `verification_url`."""
    answer = {**ANSWER, "verification_url": ANSWER["verification_uri"]}
    del answer["verification_uri"]
    assert read_authorization(SERVER, answer, 0.0).verification_uri == ANSWER["verification_uri"]


@pytest.mark.parametrize(
    ("interval", "expected"),
    [
        (None, USUAL_INTERVAL), (0, USUAL_INTERVAL), (-3, USUAL_INTERVAL), (True, USUAL_INTERVAL),
        ("x", USUAL_INTERVAL), (Decimal("2.5"), 2.5), ("7", 7.0), (10**9, LONGEST_INTERVAL), ([], USUAL_INTERVAL),
    ],
)  # fmt: skip
def test_every_interval(interval: object, expected: float) -> None:
    assert read_authorization(SERVER, {**ANSWER, "interval": interval}, 0.0).interval == expected


@pytest.mark.parametrize("lifetime", [None, 0, -1, True, "soon", [], Decimal("-0.5")])
def test_without_a_lifetime_it_does_not_begin(lifetime: object) -> None:
    with pytest.raises(UnexpectedResponse):
        read_authorization(SERVER, {**ANSWER, "expires_in": lifetime}, 0.0)


def test_a_lifetime_has_an_end() -> None:
    assert read_authorization(SERVER, {**ANSWER, "expires_in": 10**12}, 0.0).ends == LONGEST_LIFE


@pytest.mark.parametrize(
    ("key", "value"),
    [
        *(("device_code", value) for value in (None, "", 7, "a b", "a\r\nX: y", "é", "a" * 5000)),
        *(("user_code", value) for value in (None, "", 7, "A\nB", "A\u202eB", "A" * 50, " AB")),
        *(("verification_uri", value) for value in (None, 7, "javascript:alert(1)", "http://auth.example.org/x")),
        *(("verification_uri", value) for value in ("https://a@auth.example.org/", "https://auth.example.org/ x")),
        ("verification_uri", "https://auth.example.org/" + "x" * 600),
    ],
)
def test_what_cannot_be_shown_or_sent_is_refused_unquoted(key: str, value: object) -> None:
    """C2.6: no part of the answer is in the words."""
    with pytest.raises(UnexpectedResponse) as raised:
        read_authorization(SERVER, {**ANSWER, key: value}, 0.0)
    shown = f"{raised.value.sentences()} {raised.value.detail}"
    assert CODE not in shown
    assert "WDJB" not in shown


@pytest.mark.parametrize("value", [None, [], "x", 7])
def test_an_answer_that_is_no_object_is_refused(value: object) -> None:
    with pytest.raises(UnexpectedResponse):
        read_authorization(SERVER, value, 0.0)


@pytest.mark.security("S35", "S38")
@pytest.mark.parametrize(
    "address",
    ["https://evil.example/device", "https://auth.example.org:8443/device", "https://auth.example.org.evil.example/"],
)
def test_only_hosts_of_the_file_are_opened(address: str) -> None:
    with pytest.raises(UnexpectedResponse, match="does not name"):
        read_authorization(SERVER, {**ANSWER, "verification_uri": address}, 0.0)
    shown = read_authorization(SERVER, {**ANSWER, "verification_uri_complete": address}, 0.0)
    assert shown.complete == ""  # a comfort only: without it the person types the code
    named = replace(SERVER, verification_page=address)
    assert read_authorization(named, {**ANSWER, "verification_uri": address}, 0.0).verification_uri == address


def test_the_hosts_are_those_of_the_file() -> None:
    full = replace(SERVER, issuer="https://id.example.org", authorization_endpoint="https://login.example.org/a")
    assert hosts(full) == {"auth.example.org", "device.example.org", "id.example.org", "login.example.org"}
