"""What a failed answer means, in each provider's own words, and how long a provider asks to wait."""

import email.utils
import time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keyrack.oauth.authorization_server import AuthorizationServer, Dialect, KnownFailure
from keyrack.oauth.endpoints import grants
from keyrack.oauth.endpoints.error_response import LONGEST_WAIT, refusal, retry_after, unavailable
from keyrack.oauth.oauth_errors import (
    ClientRejected,
    InvalidGrant,
    RequestRefused,
    Transient,
    Unavailable,
    UnexpectedResponse,
)
from keyrack.primitives.failure import Failure
from keyrack.providers.files.load import server
from tests.tokens import CANARY, CLIENT, CODE, FIXED, OLD, everything, provider, rfc_server

PLAIN = rfc_server("http://127.0.0.1:1")
PROBIT, BITPORT, WHITEBIT = (server(provider(id), "global") for id in ("probit", "bitport", "whitebit"))


@pytest.mark.security("R23", "S79")
@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("30", 30.0),
        (" 30 ", 30.0),
        ("0", 0.0),
        ("900", 900.0),
        ("1000000000", 1e9),
        ("99999999999", LONGEST_WAIT),
        ("999999999999999999999", None),
        ("-5", None),
        ("1.5", None),
        ("30, 30", None),
        ("٣٠", None),
        ("soon", None),
        ("", None),
        ("Thu, 99 Foo 2099 99:99:99 GMT", None),
        ("\x00\x1b[31m", None),
        ("x" * 10_000, None),
        ("Tue, 01 Jan 2030 00:01:00 GMT", 60.0),
        ("Tue, 01 Jan 2030 00:01:00 -0000", 60.0),
        ("Tue Jan  1 00:01:00 2030", 60.0),
        ("Tue, 01 Jan 2030 02:01:00 +0200", 60.0),
        ("Tue, 01 Jan 2030 00:00:00 GMT", None),
        ("Mon, 31 Dec 2029 23:59:00 GMT", None),
        ("Fri, 31 Dec 9999 23:59:59 GMT", LONGEST_WAIT),
        ("Sat, 01 Jan 0001 00:00:00 GMT", None),
    ],
)
def test_retry_after(header: str, seconds: float | None, monkeypatch: pytest.MonkeyPatch) -> None:
    """Dates are compared with the answer's own date, whatever clock and zone are set here (R14, R50)."""
    for zone in ("UTC", "Pacific/Kiritimati"):
        monkeypatch.setenv("TZ", zone)
        time.tzset()
        assert retry_after({"retry-after": header, "date": "Tue, 01 Jan 2030 00:00:00 GMT"}) == seconds
    monkeypatch.undo()
    time.tzset()


def test_retry_after_without_a_date_of_the_answer_uses_the_clock() -> None:
    later = email.utils.formatdate(time.time() + 100, usegmt=True)
    for date in ("", "garbage"):
        found = retry_after({"retry-after": later, "date": date})
        assert found is not None
        assert 95 < found <= 100
    assert retry_after({"retry-after": email.utils.formatdate(time.time() - 100, usegmt=True)}) is None
    assert retry_after({}) is None


@FIXED
@given(
    st.text(max_size=40) | st.text("0123456789:-+, GMTWedOct", max_size=40),
    st.text("0123456789: GMTWedOct,", max_size=40),
)
def test_no_header_raises(header: str, date: str) -> None:
    found = retry_after({"retry-after": header, "date": date})
    assert found is None or 0 <= found <= LONGEST_WAIT


@pytest.mark.security("S75")
@pytest.mark.parametrize("status", [408, 423, 425, 429, 500, 502, 503, 504, 511, 599])
def test_a_busy_or_broken_server_is_asked_again(status: int) -> None:
    why = unavailable("Sample", status, {"retry-after": "30"})
    assert isinstance(why, Unavailable)
    assert (why.retry_after, why.detail) == (30.0, f"HTTP {status}")
    assert why.happened == ("Sample asks to slow down." if status == 429 else "Sample is not available right now.")


@pytest.mark.security("S41")
@pytest.mark.parametrize("status", [300, 301, 302, 303, 304, 307, 308])
def test_a_redirect_is_a_failure(status: int) -> None:
    assert isinstance(unavailable("Sample", status, {"location": "https://canary.example"}), UnexpectedResponse)


@pytest.mark.parametrize("status", [200, 204, 400, 401, 403, 404, 422])
def test_other_statuses_tell_nothing_alone(status: int) -> None:
    assert unavailable("Sample", status, {}) is None


@pytest.mark.security("S75", "S76")
@pytest.mark.parametrize(
    ("of", "status", "answer", "kind"),
    [
        (PLAIN, 200, {"error": "invalid_grant"}, InvalidGrant),
        (PLAIN, 400, {"error": "invalid_grant"}, InvalidGrant),
        (PLAIN, 401, {"error": "invalid_grant"}, InvalidGrant),
        (PLAIN, 400, {"error": "invalid_client"}, ClientRejected),
        (PLAIN, 401, {"error": "invalid_client"}, ClientRejected),
        (PLAIN, 400, {"error": "unauthorized_client"}, RequestRefused),
        (PLAIN, 401, {"error": "unsupported_grant_type"}, RequestRefused),
        (PLAIN, 401, {}, ClientRejected),
        (PLAIN, 401, None, ClientRejected),
        (PLAIN, 400, {"error": "temporarily_unavailable"}, Unavailable),
        (PLAIN, 400, {"error": "slow_down"}, Unavailable),
        (PLAIN, 400, {"error": "server_error"}, Unavailable),
        (PLAIN, 400, {"error": "invalid_scope"}, RequestRefused),
        (PLAIN, 400, {"error": "Invalid_Grant"}, InvalidGrant),
        (PLAIN, 400, {"error": "INVALID_GRANT"}, InvalidGrant),
        (PLAIN, 400, {"error": 7}, RequestRefused),
        (PLAIN, 400, {"error": {"code": "invalid_grant"}}, InvalidGrant),
        (PLAIN, 200, {"error": {"code": "invalid_grant"}}, InvalidGrant),
        (PLAIN, 400, {"error": {"type": "invalid_client"}}, ClientRejected),
        (PLAIN, 400, {"error": [{"code": "invalid_grant"}]}, InvalidGrant),
        (PLAIN, 400, {}, RequestRefused),
        (PLAIN, 403, ["x"], RequestRefused),
        (PLAIN, 404, None, RequestRefused),
        # ProBit Q10: both shapes of an error, and its 400 or 401 for a refused key
        (PROBIT, 400, {"error": "invalid_grant"}, ClientRejected),
        (PROBIT, 401, {"error": "invalid_grant"}, ClientRejected),
        (PROBIT, 400, {"errorCode": "INVALID_ARGUMENT", "message": "", "details": {}}, RequestRefused),
        (PROBIT, 401, {"errorCode": "UNAUTHORIZED", "message": "f00"}, ClientRejected),
        # Bitport Q2: bare in a 200, bare in a 401, and in the envelope
        (BITPORT, 200, {"error": "invalid_parameter", "error_description": "Invalid Client Secret"}, ClientRejected),
        (BITPORT, 200, {"error": "invalid_parameter", "error_description": "Invalid code"}, InvalidGrant),
        (BITPORT, 401, {"error": "invalid_parameter", "error_description": "Invalid code"}, InvalidGrant),
        (
            BITPORT,
            200,
            {"status": "error", "data": None, "errors": [{"message": "Invalid Client Secret", "code": 102}]},
            ClientRejected,
        ),
        (BITPORT, 200, {"status": "error", "data": None, "errors": [{"message": "Odd", "code": 101}]}, RequestRefused),
        (BITPORT, 200, {"status": "error"}, RequestRefused),
        # WhiteBIT Q4 and Q5: in data, except the 422
        (WHITEBIT, 400, {"data": {"token": ["Invalid token."]}}, InvalidGrant),
        (WHITEBIT, 401, {"data": {"message": ["Invalid request"]}}, ClientRejected),
        (WHITEBIT, 401, {"data": {"message": ["Unauthorized."]}}, ClientRejected),
        (WHITEBIT, 422, {"errors": {"code": ["validation.required"]}, "notification": None}, RequestRefused),
        (
            WHITEBIT,
            422,
            {"response": None, "status": 422, "errors": {}, "warning": "Odd", "_token": None},
            RequestRefused,
        ),
        (WHITEBIT, 400, {"code": 0, "message": "Odd", "errors": {"a": ["b"]}}, RequestRefused),
    ],
)
def test_what_an_answer_means(of: AuthorizationServer, status: int, answer: Any, kind: type[Failure]) -> None:
    assert type(refusal(of, status, answer)) is kind


@pytest.mark.parametrize(
    ("of", "answer"),
    [
        (PLAIN, {"access_token": "x", "error": None}),
        (BITPORT, {"access_token": "x", "scope": "full"}),
        (WHITEBIT, {"data": {"access_token": "x", "token_type": "Bearer"}}),
        (PLAIN, []),
        (PLAIN, None),
        (PLAIN, 7),
    ],
)
def test_a_good_answer_tells_no_failure(of: AuthorizationServer, answer: Any) -> None:
    assert refusal(of, 200, answer) is None


def test_the_servers_own_words_are_kept_beside_its_code() -> None:
    said = [
        (
            PLAIN,
            400,
            {"error": "invalid_scope", "error_description": "No such scope"},
            "invalid_scope: No such scope (HTTP 400)",
        ),
        (PLAIN, 404, {}, "HTTP 404"),
        (PROBIT, 400, {"errorCode": "INVALID_ARGUMENT", "message": "5f3a"}, "INVALID_ARGUMENT: 5f3a (HTTP 400)"),
        (BITPORT, 200, {"status": "error", "errors": [{"message": "Odd", "code": 101}]}, "error: Odd (HTTP 200)"),
        (WHITEBIT, 401, {"data": {"message": ["Invalid request"]}}, "Invalid request (HTTP 401)"),
        (PLAIN, 401, {"message": "Unauthorized"}, "Unauthorized (HTTP 401)"),
        (PLAIN, 400, {"error": {"code": "x", "message": "No"}}, "x: No (HTTP 400)"),
    ]
    for of, status, answer, detail in said:
        why = refusal(of, status, answer)
        assert why is not None
        assert why.detail == detail


def test_whitebits_one_text_names_all_three_causes_the_network_first() -> None:
    """WhiteBIT Q5."""
    why = refusal(WHITEBIT, 401, {"data": {"message": ["Invalid request"]}})
    assert why is not None
    places = [why.sentences().find(word) for word in ("address", "secret", "code")]
    assert places == sorted(places)
    assert -1 not in places


def test_a_known_failure_without_sentences_of_its_own_gets_the_general_ones() -> None:
    known = KnownFailure(at="state", says="closed", kind="transient")
    why = refusal(rfc_server("http://127.0.0.1:1", Dialect(failures=(known,))), 200, {"state": "closed"})
    assert type(why) is Transient
    assert why.happened == "Sample could not answer right now."


def test_a_status_alone_or_beside_a_text_is_a_known_failure() -> None:
    alone, both = (
        KnownFailure(status=503, kind="refused"),
        KnownFailure(status=400, at="error", says="x", kind="transient"),
    )
    of = rfc_server("http://127.0.0.1:1", Dialect(failures=(both, alone)))
    for status, content, kind in (
        (503, None, RequestRefused),
        (400, {"error": "x"}, Transient),
        (401, {"error": "x"}, ClientRejected),
        (400, {"error": "y"}, RequestRefused),
    ):
        assert type(refusal(of, status, content)) is kind


@pytest.mark.security("S76")
def test_a_client_without_secret_is_told_of_its_id_alone() -> None:
    """RFC 6749 section 2.1."""
    for known in ((), (KnownFailure(at="error", says="invalid_client", kind="client_rejected"),)):
        of = rfc_server("http://127.0.0.1:1", Dialect(failures=known))
        why = refusal(of, 400, {"error": "invalid_client"}, public=True)
        assert type(why) is ClientRejected
        assert "secret" not in why.sentences()
        assert "client id" in why.happened


def test_a_grant_that_this_client_may_not_use_is_nothing_mistyped() -> None:
    for code in ("unauthorized_client", "unsupported_grant_type"):
        why = refusal(PLAIN, 400, {"error": code})
        assert why is not None
        assert why.happened == "Sample does not let this client sign in or renew in this way."
        assert why.detail == f"{code} (HTTP 400)"


@pytest.mark.security("S49")
def test_a_servers_text_is_plain_and_short() -> None:
    nasty = "<b>bold</b>\x1b[31m\r\nred\u202eesrever\u2066\x00\ud800" + "x" * 100_000
    why = refusal(PLAIN, 400, {"error": nasty, "error_description": nasty})
    assert why is not None
    assert len(why.detail) <= 300
    assert why.detail.isprintable()
    assert why.detail.startswith("<b>bold</b> [31m red esrever")
    assert "<b>" not in why.sentences()


@pytest.mark.security("S49")
@pytest.mark.parametrize("form", ["{}", "you sent {}!", "client_secret={} refused"])
def test_a_repeated_secret_is_not_shown(form: str) -> None:
    """C2.13: some servers repeat what they were sent, as it is or percent-encoded."""
    sent = grants.refresh(PLAIN, CLIENT, OLD.refresh or CODE)
    assert CLIENT.client_secret is not None
    assert OLD.refresh is not None
    basic = sent.headers["Authorization"]
    assert not isinstance(basic, str)
    forms = [
        CLIENT.client_secret.reveal(),
        OLD.refresh.reveal(),
        CODE.reveal(),
        "canary-client-secret%2F%2B%3D",
        "canary-old-refresh%2F%2B%3D",
        basic.reveal(),
        basic.reveal().removeprefix("Basic "),
    ]
    for secret in forms:
        text = form.format(secret)
        for answer in ({"error": "invalid_grant", "error_description": text}, {"error": text}):
            why = refusal(PLAIN, 400, answer)
            assert why is not None
            assert CANARY not in everything(why)
            assert secret not in everything(why)
            assert "***" in why.detail


@FIXED
@given(
    st.integers(200, 599),
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=9),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(
                st.sampled_from(["error", "data", "errors", "message", "token", "status"]), inner, max_size=3
            )
        ),
        max_leaves=8,
    ),
)
def test_no_answer_raises(status: int, answer: Any) -> None:
    for of in (PLAIN, PROBIT, BITPORT, WHITEBIT):
        why = refusal(of, status, answer)
        assert why is None or (why.happened and len(why.detail) <= 300)
        assert why is not None or status < 400
