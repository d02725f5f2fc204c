"""What the answer to a renewal leads to, as one table, over real sockets (S75, S76, reports 9 and 13)."""

import gzip
from typing import Any

import pytest

from keyrack.core.failures import SignInLapsed, Unexpected
from keyrack.core.tokens.renewal_answers import RenewalOutcome, in_plain_words, outcome
from keyrack.oauth.authorization_server import Dialect, KnownFailure
from keyrack.oauth.oauth_errors import ClientRejected, RequestRefused
from keyrack.primitives.failure import Failure
from tests.recording_server import Write, answer, pieces, recording, reset
from tests.tokens import CLIENT, OLD, endpoint_of, rfc_server

RETRY, ENDED, KEEP = RenewalOutcome.RETRY, RenewalOutcome.ENDED, RenewalOutcome.KEEP
CHALLENGE = 'WWW-Authenticate: Basic realm="x"'
PAGE = "<!doctype html><title>Unauthorized</title>"


def error(code: Any, status: int = 400, **beside: Any) -> bytes:
    return answer({"error": code, **beside}, status)


TABLE: list[tuple[str, bytes | Write, RenewalOutcome]] = [
    # the grant is dead, in the words of the RFCs and in others
    ("invalid_grant", error("invalid_grant"), ENDED),
    ("invalid_grant under 403", error("invalid_grant", 403), ENDED),
    ("invalid_grant under 401", error("invalid_grant", 401), ENDED),
    ("invalid_grant under 200", error("invalid_grant", 200), ENDED),
    ("INVALID_GRANT", error("INVALID_GRANT"), ENDED),
    ("invalidGrant", error("invalidGrant"), ENDED),
    ("nested", answer({"error": {"code": "invalid_grant", "message": "gone"}}, 400), ENDED),
    ("nested type", answer({"error": {"type": "invalid_grant"}}, 401), ENDED),
    ("nested under 200", answer({"error": {"code": "invalid_grant"}}, 200), ENDED),
    ("in a list", answer({"error": [{"code": "invalid_grant"}]}, 400), ENDED),
    ("error_code", answer({"error_code": "invalid_grant"}, 400), ENDED),
    ("interaction_required", error("interaction_required"), ENDED),
    ("interaction_required under 401", error("interaction_required", 401), ENDED),
    ("login_required", error("login_required"), ENDED),
    ("consent_required", error("consent_required"), ENDED),
    ("account_selection_required", error("account_selection_required"), ENDED),
    ("invalid_token", error("invalid_token"), ENDED),
    ("invalid_token under 401", error("invalid_token", 401), ENDED),
    ("bad_refresh_token of GitHub", error("bad_refresh_token", 200, error_uri="https://docs.example"), ENDED),
    ("token_expired", error("token_expired"), ENDED),
    ("expired_token", error("expired_token"), ENDED),
    ("token_revoked", error("token_revoked", 403), ENDED),
    ("session_expired", error("SESSION-EXPIRED"), ENDED),
    ("access_denied", error("access_denied"), ENDED),
    ("access_denied under 403", error("access_denied", 403), ENDED),
    ("in latin-1", answer('{"error":"invalid_grant","error_description":"é"}'.encode("latin-1"), 400,
                          kind="application/json; charset=ISO-8859-1"), ENDED),
    ("packed", answer(gzip.compress(b'{"error":"invalid_grant"}'), 400, "Content-Encoding: gzip, identity"), ENDED),
    # the request is refused: waiting alone does not mend it, and the token lives on
    ("invalid_client", error("invalid_client", 401), KEEP),
    ("invalid_client under 400", error("invalid_client"), KEEP),
    ("a challenge without a body", answer(None, 401, CHALLENGE), KEEP),
    ("a challenge with a page", answer(PAGE, 401, CHALLENGE, kind="text/html"), KEEP),
    ("401 with a bare message", answer({"message": "Unauthorized"}, 401), KEEP),
    ("401 with an empty object", answer({}, 401), KEEP),
    ("unauthorized_client", error("unauthorized_client"), KEEP),
    ("unsupported_grant_type", error("unsupported_grant_type"), KEEP),
    ("unsupported_grant_type under 501", error("unsupported_grant_type", 501), KEEP),
    ("invalid_request", error("invalid_request"), KEEP),
    ("invalid_scope", error("invalid_scope"), KEEP),
    ("an unknown code", error("teapot", 418), KEEP),
    ("an error that is no text", error(7), KEEP),
    ("400 without a code", answer({}, 400), KEEP),
    ("403 in JSON", answer({"message": "no"}, 403), KEEP),
    ("404 in JSON", answer({"message": "no"}, 404), KEEP),
    # the server or the way to it is out of order
    ("500", answer(None, 500), RETRY),
    ("500 with an error", error("internal_server_error", 500), RETRY),
    ("500 with invalid_grant", error("invalid_grant", 500), RETRY),
    ("503 with a page", answer(PAGE, 503, kind="text/html"), RETRY),
    ("501 without a code", answer(None, 501), RETRY),
    ("429", answer(None, 429, "Retry-After: 86400"), RETRY),
    ("429 with invalid_grant", error("invalid_grant", 429), RETRY),
    ("408", answer(None, 408), RETRY),
    ("423", answer(None, 423), RETRY),
    ("302", answer(None, 302, "Location: https://example.org/"), RETRY),
    ("temporarily_unavailable", error("temporarily_unavailable"), RETRY),
    ("TEMPORARILY_UNAVAILABLE", error("TEMPORARILY_UNAVAILABLE"), RETRY),
    ("slow_down", error("slow_down"), RETRY),
    ("server_error", error("server_error"), RETRY),
    ("rate_limit_exceeded", error("rate_limit_exceeded", 403), RETRY),
    ("a gateway's 401", answer(PAGE, 401, kind="text/html"), RETRY),
    ("a gateway's 403", answer(PAGE, 403, kind="text/html"), RETRY),
    ("a page in a 400", answer(PAGE, 400, kind="text/html"), RETRY),
    ("a page in a 200", answer(PAGE, kind="text/html"), RETRY),
    ("an empty object", answer({}), RETRY),
    ("no JSON", answer("gone"), RETRY),
    ("another type of token", answer({"access_token": "x", "token_type": "mac"}), RETRY),
    ("silence", pieces(), RETRY),
    ("a broken connection", reset, RETRY),
]  # fmt: skip


async def renewal(sent: bytes | Write, dialect: Dialect | None = None) -> Failure:
    async with recording(sent) as port, endpoint_of(rfc_server(port.base, dialect or Dialect()), total=2.0) as endpoint:
        with pytest.raises(Failure) as raised:
            await endpoint.refresh(CLIENT, OLD)
    return raised.value


@pytest.mark.security("S75", "S76")
@pytest.mark.parametrize(("sent", "leads_to"), [row[1:] for row in TABLE], ids=[row[0] for row in TABLE])
async def test_the_table(sent: bytes | Write, leads_to: RenewalOutcome) -> None:
    assert outcome(await renewal(sent)) is leads_to


@pytest.mark.parametrize(
    ("kind", "leads_to"),
    [("invalid_grant", ENDED), ("client_rejected", KEEP), ("refused", KEEP), ("transient", RETRY)],
)
@pytest.mark.parametrize("status", [200, 400, 401, 500, 501, 503])
async def test_a_file_has_the_last_word_at_every_status(kind: Any, leads_to: RenewalOutcome, status: int) -> None:
    said = Dialect(failures=(KnownFailure(at="error", says="access_denied", kind=kind),))
    assert outcome(await renewal(error("access_denied", status), said)) is leads_to
    bare = Dialect(failures=(KnownFailure(status=status, kind=kind),))
    if status != 200:
        assert outcome(await renewal(answer(None, status, CHALLENGE), bare)) is leads_to


def test_what_never_left_this_computer() -> None:
    assert outcome(SignInLapsed()) is ENDED
    assert outcome(Unexpected()) is RETRY


async def test_another_word_for_a_dead_grant_is_told_as_one_with_the_servers_own_words() -> None:
    why = await renewal(error("consent_required", 401, error_description="Ask again"))
    assert isinstance(why, ClientRejected | RequestRefused)
    told = in_plain_words(why)
    assert told.happened == "Sample no longer accepts this sign-in."
    assert told.detail == "consent_required: Ask again (HTTP 401)"
