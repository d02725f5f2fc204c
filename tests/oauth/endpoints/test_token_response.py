"""A decoded token answer: what makes a token, and that everything else is refused without being quoted."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from keyrack.oauth.authorization_server import AuthorizationServer, Dialect
from keyrack.oauth.endpoints.token_lifetime import LONGEST_LIFETIME
from keyrack.oauth.endpoints.token_response import LONGEST_TOKEN, MOST_SCOPES, read_token
from keyrack.oauth.oauth_errors import UnexpectedResponse
from keyrack.oauth.strict_json import read_json
from keyrack.oauth.token import Token
from keyrack.primitives.secret import Secret
from keyrack.providers.files.load import server
from tests.tokens import CANARY, FIXED, GOOD, OLD, PAIR, RFC, everything, provider, rfc_server

PLAIN = rfc_server("http://127.0.0.1:1")


def read(answer: Any, of: AuthorizationServer = PLAIN, old: Token | None = OLD) -> Token:
    return read_token(of, answer, 1000.0, old)


def refused(answer: Any, of: AuthorizationServer = PLAIN) -> UnexpectedResponse:
    with pytest.raises(UnexpectedResponse) as raised:
        read(answer, of)
    assert CANARY not in everything(raised.value)
    assert OLD.refresh == Secret("canary-old-refresh/+=")
    return raised.value


def shown(secret: Secret | None) -> str | None:
    return secret.reveal() if secret else None


@pytest.mark.security("S46")
def test_a_good_answer_makes_a_token() -> None:
    token = read(PAIR)
    assert (shown(token.access), shown(token.refresh)) == ("canary-new-access", "canary-new-refresh")
    assert (token.issued, token.expires, token.refresh_issued, token.renewable) == (1000.0, 1300.0, 1000.0, True)
    assert CANARY not in repr(token)


@pytest.mark.security("S46")
@pytest.mark.parametrize("answer", [None, [], {}, "x", "", 7, True, [PAIR], {"data": PAIR}, {"access_token": None}])
def test_what_is_no_object_with_a_token_is_refused(answer: Any) -> None:
    refused(answer)


@pytest.mark.security("S46")
@pytest.mark.parametrize(
    "access",
    [
        "",
        None,
        123,
        True,
        ["canary"],
        {"canary": 1},
        "canary\n",
        "canary\r\nX: y",
        "canary\x1b[31m",
        "canary\x00",
        "canary token",
        "canary\u202etoken",
        "canary\u200b",
        "canary😀",
        "canary\ud800",
        "canaré",
        "canary" + "x" * 1_000_000,
        "x" * (LONGEST_TOKEN + 1),
    ],
)
def test_a_hostile_access_token_is_refused_and_not_quoted(access: Any) -> None:
    refused({**GOOD, "access_token": access})


@pytest.mark.security("S46")
def test_tokens_of_any_visible_ascii_pass_unchanged() -> None:
    """ProBit Q4: "/", "+" and "=" are part of the token."""
    everything_visible = "".join(map(chr, range(0x21, 0x7F)))
    for access in (everything_visible, "Zm9v/YmFy+QmF6==", "%2F%2B", "x", "eyJ" + "x" * 9_000, "x" * LONGEST_TOKEN):
        assert shown(read({**GOOD, "access_token": access}).access) == access


@pytest.mark.security("S46")
@pytest.mark.parametrize("kind", ["mac", "N_A", "DPoP", "pop", 7, True, ["bearer"], "beare\u0280", "canary" * 99])
def test_a_type_that_needs_a_proof_is_refused_unless_the_file_says_otherwise(kind: Any) -> None:
    with pytest.raises(UnexpectedResponse) as raised:
        read({**GOOD, "token_type": kind})
    assert raised.value.code == "token_type_unknown"
    assert len(raised.value.happened) < 200
    assert "canary-new-access" not in everything(raised.value)
    assert read(
        {**GOOD, "token_type": kind}, rfc_server("http://127.0.0.1:1", Dialect(token_type_optional=True))
    ).access


@pytest.mark.security("S46")
@pytest.mark.parametrize("kind", ["bearer", "Bearer", "BEARER", "bearer ", "BearerToken", "bearer_token", "", None])
def test_bearer_is_known_in_any_spelling_and_where_nothing_is_said(kind: str | None) -> None:
    """ProBit Q5, Bitport Q10, Apigee. What is not said is harmless, because a token is only ever sent as a bearer."""
    assert read({**GOOD, "token_type": kind}).access
    assert read({"access_token": "canary-new-access"}).access


TEN_YEARS = float(LONGEST_LIFETIME)
LIFETIMES = [
    ("300", 300.0),
    ('"300"', 300.0),
    ("300.5", 300.5),
    ("3e2", 300.0),
    ("1", 1.0),
    ('"3600.0"', 3600.0),
    ('"3600 "', 3600.0),
    ('" 3600"', 3600.0),
    ('"3600."', 3600.0),
    ('"+3600"', 3600.0),
    ("315360000", 315_360_000.0),
    (str(LONGEST_LIFETIME), TEN_YEARS),
    # very long
    (str(LONGEST_LIFETIME + 1), TEN_YEARS),
    ("631138518", TEN_YEARS),
    ("2147483647", TEN_YEARS),
    ("9223372036854775", TEN_YEARS),
    ("9223372036854775807", TEN_YEARS),
    ("9" * 400, TEN_YEARS),
    ("1e999", TEN_YEARS),
    ("1e999999", TEN_YEARS),
    (f'"{"9" * 400}"', TEN_YEARS),
    # not said
    ("null", None),
    ("0", None),
    ("-0", None),
    ("0.0", None),
    ("-1", None),
    ("0.5", None),
    ("1e-500", None),
    ("true", None),
    ("false", None),
    ('""', None),
    ('"0"', None),
    ('"-5"', None),
    ('"abc"', None),
    ('"3600s"', None),
    ('"3e2"', None),
    ('"٣٠٠"', None),
    ('"²"', None),
    (f'"{"9" * 5000}"', None),
    ("[]", None),
    ("{}", None),
    ("NaN", None),
    ("-Infinity", None),
    ("9" * 5000, None),
    ("1e99999999999999999999", None),
]


@pytest.mark.security("S46", "S47")
@pytest.mark.parametrize(("sent", "lifetime"), LIFETIMES)
def test_no_lifetime_ever_costs_the_token(sent: str, lifetime: float | None) -> None:
    """Report 10, Bitport Q9, ProBit Q16. More than ten years are ten, and what is no lifetime is not said."""
    body = b'{"access_token":"canary-a","token_type":"bearer","expires_in":%s}' % sent.encode()
    answer = read_json(body, "Sample", forgiving=True)
    assert read(answer).lifetime == lifetime
    assert read(answer, rfc_server("http://127.0.0.1:1", Dialect(default_lifetime=9.0))).lifetime == (lifetime or 9.0)


@pytest.mark.parametrize(("sent", "lifetime"), [("300000", 300.0), ("999", None), ("9" * 20, TEN_YEARS), ("1e9", 1e6)])
def test_a_lifetime_in_milliseconds(sent: str, lifetime: float | None) -> None:
    of = rfc_server("http://127.0.0.1:1", Dialect(lifetime_unit="milliseconds"))
    body = b'{"access_token":"canary-a","expires_in":%s}' % sent.encode()
    assert read(read_json(body, "Sample"), of).lifetime == lifetime


@pytest.mark.parametrize(
    ("sent", "lifetime"),
    [
        (1_790_000_300, 300.0),
        ("1790000300", 300.0),
        (1_790_000_300_000, 300.0),
        ("2026-09-21T14:18:20Z", 300.0),
        ("2026-09-21T16:18:20.000+02:00", 300.0),
        ("2026-09-21T14:18:20", 300.0),
        (1_789_999_000, None),
        (300, None),
        ("soon", None),
        ("", None),
        (None, None),
        ([], None),
        (True, None),
        ("9999-12-31T23:59:59Z", TEN_YEARS),
        (Decimal("1e999"), TEN_YEARS),
    ],
)
def test_a_moment_is_read_only_where_a_file_names_its_field(sent: Any, lifetime: float | None) -> None:
    answer = {"access_token": "canary-a", "expires_at": sent}
    named = rfc_server("http://127.0.0.1:1", Dialect(expires_at_field="expires_at"))
    assert read_token(named, answer, 1000.0, now=1_790_000_000.0).lifetime == lifetime
    assert read_token(PLAIN, answer, 1000.0, now=1_790_000_000.0).lifetime is None
    assert read_token(named, {**answer, "expires_in": 7}, 1000.0, now=1_790_000_000.0).lifetime == 7.0


@pytest.mark.security("S47")
def test_a_missing_lifetime_is_the_default_of_the_profile_or_unknown() -> None:
    without = {"access_token": "canary-a", "token_type": "bearer"}
    assert read(without, rfc_server("http://127.0.0.1:1", Dialect(default_lifetime=120.0))).expires == 1120.0
    unknown = read(without)
    assert (unknown.lifetime, unknown.expires) == (None, None)


@pytest.mark.security("S46")
@pytest.mark.parametrize("sent", [None, "", 123, True, [], {}])
def test_a_refresh_token_that_is_none_keeps_the_old_one(sent: Any) -> None:
    for answer in ({**GOOD, "refresh_token": sent}, GOOD):
        token = read(answer)
        assert (token.refresh, token.refresh_issued, token.renewable) == (OLD.refresh, OLD.refresh_issued, True)


@pytest.mark.security("S46")
@pytest.mark.parametrize("sent", ["canary\n", "canary\u202e", "x" * (LONGEST_TOKEN + 1)])
def test_an_unfit_refresh_token_costs_only_itself(sent: str) -> None:
    assert read({**GOOD, "refresh_token": sent}).refresh == OLD.refresh
    first = read({**GOOD, "refresh_token": sent}, old=None)
    assert (first.refresh, first.renewable) == (None, False)


def test_a_refresh_token_may_hold_a_space() -> None:
    """RFC 6749 appendix A.17."""
    assert shown(read({**GOOD, "refresh_token": "canary token"}).refresh) == "canary token"


@pytest.mark.parametrize(
    "name", ["id_token", "scope", "refresh_expires_in", "not-before-policy", "session_state", "user"]
)
@pytest.mark.parametrize(
    "value", [None, 7, True, "", "\u202e", [], [None], {}, {"a": [1]}, ["canary", 7], "x" * 100_000]
)
def test_no_field_beside_the_token_costs_it(name: str, value: Any) -> None:
    of = rfc_server("http://127.0.0.1:1", Dialect(refresh_lifetime_field="refresh_expires_in"))
    assert shown(read({**PAIR, name: value}, of, old=None).access) == "canary-new-access"


def test_without_any_refresh_token_nothing_renews() -> None:
    assert not read(GOOD, old=None).renewable
    assert read(GOOD, rfc_server("http://127.0.0.1:1", Dialect(renewal="again")), old=None).renewable
    never = rfc_server("http://127.0.0.1:1", Dialect(renewal="none"))
    assert not read(PAIR, never, old=None).renewable


def test_the_refresh_tokens_own_end_counts_from_its_issue() -> None:
    """WhiteBIT Q3."""
    server_of_ten_minutes = rfc_server("http://127.0.0.1:1", Dialect(refresh_lifetime=600.0))
    assert read(PAIR, server_of_ten_minutes).refresh_expires == 1600.0
    assert read(GOOD, server_of_ten_minutes).refresh_expires == 607.0


@pytest.mark.security("S46")
def test_whitebits_response_alone_is_inside_data() -> None:
    """WhiteBIT Q4."""
    whitebit = server(provider("whitebit"), "global")
    assert shown(read({"data": PAIR}, whitebit).access) == "canary-new-access"
    wrong: list[Any] = [
        PAIR,
        {},
        {"data": None},
        {"data": []},
        {"data": [PAIR]},
        [{"data": PAIR}],
        {"data": {"data": PAIR}},
    ]
    for answer in wrong:
        refused(answer, whitebit)
    for name in ("probit", "bitport"):
        refused({"data": PAIR}, server(provider(name), "global"))


@pytest.mark.security("S48")
@pytest.mark.parametrize(
    ("separator", "sent", "scopes"),
    [
        (" ", "read write", ("read", "write")),
        (",", "users.balances.read,show.userinfo", ("users.balances.read", "show.userinfo")),
        (",", "a, b,,c ,", ("a", "b", "c")),
        (" ", "read read", ("read",)),
        (" ", "read \u202ewrite \ud800 a\nb" + " " + "x" * 101, ("read",)),
        (" ", "", ("read",)),
        (" ", 7, ("read",)),
        (" ", None, ("read",)),
        (" ", ["write", 7, "a b"], ("write",)),
        (" ", [[]], ("read",)),
        (" ", {"a": 1}, ("read",)),
    ],
)
def test_the_returned_scope_is_kept_clean(separator: str, sent: Any, scopes: tuple[str, ...]) -> None:
    """WhiteBIT Q8: commas and unlisted names. An absent scope is the former one (RFC 6749 section 5.1)."""
    of = rfc_server("http://127.0.0.1:1", Dialect(scope_separator=separator))
    token = read({**GOOD, "scope": sent}, of)
    assert token.scopes == scopes
    msgspec.json.encode(token.scopes)


@pytest.mark.security("S48")
def test_narrower_and_wider_scopes_are_kept_as_returned() -> None:
    asked = rfc_server("http://127.0.0.1:1", scope="read balances")
    assert read(GOOD, asked, old=None).scopes == ("read", "balances")
    assert read({**GOOD, "scope": "read"}, asked, old=None).scopes == ("read",)
    whitebit = provider("whitebit")
    wide = read({"data": {**GOOD, "scope": "balances.read,orders.create"}}, server(whitebit, "global"), old=None)
    assert set(wide.scopes) & set(whitebit.risky_scopes) == {"orders.create"}


def test_ten_thousand_scopes_are_cut() -> None:
    token = read({**GOOD, "scope": " ".join(f"scope-{n}" for n in range(10_000))})
    assert len(token.scopes) == MOST_SCOPES


@FIXED
@given(
    st.dictionaries(
        st.sampled_from(["access_token", "token_type", "expires_in", "refresh_token", "scope", "data"]),
        st.none()
        | st.booleans()
        | st.integers()
        | st.text(max_size=8)
        | st.lists(st.text(), max_size=2)
        | st.decimals(allow_nan=False, allow_infinity=False)
        | st.just("bearer"),
    )
)
def test_no_answer_raises_anything_else_and_the_refresh_token_stays(answer: dict[str, Any]) -> None:
    for of in (PLAIN, server(provider("whitebit"), "global"), server(provider("bitport"), "global")):
        try:
            token = read(answer, of)
        except UnexpectedResponse:
            continue
        assert token.access is not None
        assert token.refresh is not None
        assert token.lifetime is None or 0 < token.lifetime <= LONGEST_LIFETIME


def test_numbers_lose_nothing_on_their_way() -> None:
    assert read({**GOOD, "expires_in": Decimal("1e1")}).lifetime == 10.0
    assert read(PAIR, replace(PLAIN, dialect=RFC)).scopes == ("read",)
