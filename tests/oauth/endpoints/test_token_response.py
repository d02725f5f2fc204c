"""A decoded token answer: what makes a token, and that everything else is refused without being quoted."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from keyrack.oauth.authorization_server import AuthorizationServer, Dialect
from keyrack.oauth.endpoints.token_response import LONGEST_LIFETIME, LONGEST_TOKEN, MOST_SCOPES, read_token
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
    for access in (everything_visible, "Zm9v/YmFy+QmF6==", "%2F%2B", "x", "x" * LONGEST_TOKEN):
        assert shown(read({**GOOD, "access_token": access}).access) == access


@pytest.mark.security("S46")
@pytest.mark.parametrize("kind", ["mac", "N_A", 7, "", True, ["bearer"], "bearer ", "beare\u0280"])
def test_another_token_type_is_refused(kind: Any) -> None:
    refused({**GOOD, "token_type": kind})


@pytest.mark.security("S46")
@pytest.mark.parametrize("kind", ["bearer", "Bearer", "BEARER"])
def test_bearer_is_compared_without_case(kind: str) -> None:
    """ProBit Q5, Bitport Q10."""
    assert read({**GOOD, "token_type": kind}).access


@pytest.mark.security("S46")
def test_an_absent_token_type_passes_where_the_profile_allows_it() -> None:
    bare = {"access_token": "canary-new-access"}
    refused(bare)
    assert read(bare, rfc_server("http://127.0.0.1:1", Dialect(token_type_optional=True))).access
    assert [found for found in ("probit", "bitport", "whitebit") if provider(found).dialect.token_type_optional] == [
        "bitport"
    ]


LIFETIMES = [
    ("300", 300.0),
    ('"300"', 300.0),
    ("300.5", 300.5),
    ("315360000", 315_360_000.0),
    ("null", None),
    (str(LONGEST_LIFETIME), float(LONGEST_LIFETIME)),
]
BAD_LIFETIMES = [
    "-1",
    "0",
    "0.0",
    "-0",
    "1e999",
    "true",
    "false",
    '"abc"',
    '""',
    '"-5"',
    '"3e2"',
    '"٣٠٠"',
    '" 300"',
    '"²"',
]


@pytest.mark.security("S46", "S47")
@pytest.mark.parametrize(("sent", "lifetime"), LIFETIMES)
def test_lifetimes_that_are_taken(sent: str, lifetime: float | None) -> None:
    """Bitport Q9: ten years are a lifetime like any other."""
    body = b'{"access_token":"canary-a","token_type":"bearer","expires_in":%s}' % sent.encode()
    assert read(read_json(body, "Sample")).lifetime == lifetime


@pytest.mark.security("S46")
@pytest.mark.parametrize(
    "sent", [*BAD_LIFETIMES, "[]", "{}", "9" * 400, f'"{"9" * 5000}"', "1e-500", str(LONGEST_LIFETIME + 1)]
)
def test_lifetimes_that_are_refused(sent: str) -> None:
    body = b'{"access_token":"canary-a","token_type":"bearer","expires_in":%s}' % sent.encode()
    refused(read_json(body, "Sample"))


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
@pytest.mark.parametrize("sent", ["canary\n", "canary token", "canary\u202e", "x" * (LONGEST_TOKEN + 1)])
def test_a_hostile_refresh_token_is_refused(sent: str) -> None:
    refused({**GOOD, "refresh_token": sent})


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


def test_a_probit_token_of_no_lifetime_is_refused() -> None:
    """ProBit Q16: only expires_in counts, and 0 is none."""
    probit = server(provider("probit"), "global")
    refused({**GOOD, "expires_in": 0}, probit)
    assert read({**GOOD, "expires_in": 900}, probit).lifetime == 900.0


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
        (" ", ["write"], ("read",)),
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
