"""Hostile responses of a token endpoint over real sockets: each ends cleanly and costs nothing."""

import gzip
import logging
from collections.abc import AsyncGenerator

import pytest

from keyrack.net.network_errors import NetworkFailure, NoResponse, TooLarge
from keyrack.oauth.authorization_server import Dialect
from keyrack.oauth.oauth_errors import (
    ClientRejected,
    InvalidGrant,
    RequestRefused,
    Transient,
    Unavailable,
    UnexpectedResponse,
)
from keyrack.primitives.failure import Failure
from keyrack.primitives.secret import Secret
from tests.recording_server import RecordingServer, Write, answer, endless, pieces, recording, reset
from tests.tokens import (
    CANARY,
    CLIENT,
    GOOD,
    OLD,
    PAIR,
    endpoint_of,
    everything,
    rfc_server,
)


@pytest.fixture
async def port() -> AsyncGenerator[RecordingServer]:
    async with recording(answer(PAIR)) as made:
        yield made


BOMB = gzip.compress(b" " * 10_000_000, 9, mtime=0) * 20
GZIP = ("Content-Encoding: gzip",)
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
LONG = b'{"access_token":"canary-a","token_type":"bearer"}'

HOSTILE: list[tuple[str, bytes | Write, type[Failure]]] = [
    ("1 empty object", answer({}), UnexpectedResponse),
    ("1 list", answer([]), UnexpectedResponse),
    ("1 null", answer("null"), UnexpectedResponse),
    ("1 text", answer('"x"'), UnexpectedResponse),
    ("1 empty", answer(b""), UnexpectedResponse),
    ("1 blanks", answer(b" \r\n "), UnexpectedResponse),
    ("2 page", answer("<html>canary</html>", kind="text/html"), UnexpectedResponse),
    ("3 latin-1", answer('{"access_token":"canaré"}'.encode("latin-1")), UnexpectedResponse),
    ("4 deep", answer(b"[" * 100_000), UnexpectedResponse),
    ("5 lifetime 5,000 digits alone", answer(b'{"expires_in":' + b"9" * 5000 + b"}"), UnexpectedResponse),
    ("6 token empty", answer({**PAIR, "access_token": ""}), UnexpectedResponse),
    ("6 token number", answer({**PAIR, "access_token": 123}), UnexpectedResponse),
    ("6 token of 1 MB", answer({**PAIR, "access_token": "canary" + "x" * 1_000_000}), UnexpectedResponse),
    ("6 token with a header", answer({**PAIR, "access_token": "canary\r\nX: y"}), UnexpectedResponse),
    ("6 token with escape", answer({**PAIR, "access_token": "canary\x1b[2J"}), UnexpectedResponse),
    ("6 token with bidi", answer({**PAIR, "access_token": "canary\u202e"}), UnexpectedResponse),
    ("7 mac", answer({**PAIR, "token_type": "mac"}), UnexpectedResponse),
    ("7 number", answer({**PAIR, "token_type": 7}), UnexpectedResponse),
    ("8 twice", answer(b'{"access_token":"canary-1","access_token":"canary-2"}'), UnexpectedResponse),
    ("10 error in a 200", answer({**PAIR, "error": "invalid_grant"}), InvalidGrant),
    ("11 unavailable", answer({"error": "temporarily_unavailable"}, 400), Unavailable),
    ("11 slow down", answer({"error": "slow_down"}, 400), Unavailable),
    ("12 page in a 400", answer("<html>canary", 400), UnexpectedResponse),
    ("12 words in a 400", answer("canary", 400), UnexpectedResponse),
    ("15 junk challenge", answer("canary", 401, 'WWW-Authenticate: \\"=,,Basic canary\x80'), ClientRejected),
    ("15 challenge, no body", answer(None, 401, 'WWW-Authenticate: Basic realm="x"'), ClientRejected),
    ("15 page without challenge", answer("<html>canary", 401), UnexpectedResponse),
    ("16 204", b"HTTP/1.1 204 No Content\r\n\r\n", UnexpectedResponse),
    ("16 205", answer(None, 205), UnexpectedResponse),
    ("16 101", pieces(b"HTTP/1.1 101 Switching\r\n\r\ncanary"), Failure),
    ("16 half", answer(b'{"access_token":"canary', 206), UnexpectedResponse),
    ("16 endless 100", endless(b"", b"HTTP/1.1 100 Continue\r\n\r\n" * 1000), NoResponse),
    ("18 bomb", answer(BOMB, 200, *GZIP), TooLarge),
    ("18 no gzip", answer(b"\x1f\x8bcanary", 200, *GZIP), NoResponse),
    ("18 half gzip", answer(gzip.compress(LONG, mtime=0)[:-9], 200, *GZIP), NoResponse),
    ("18 encoding not asked for", answer(PAIR, 200, "Content-Encoding: br"), NoResponse),
    ("18 too short", pieces(HEAD + b"Content-Length: 10\r\n\r\n" + LONG), UnexpectedResponse),
    ("18 too long", pieces(HEAD + b"Content-Length: 999\r\n\r\n" + LONG), NoResponse),
    ("18 two lengths", pieces(HEAD + b"Content-Length: 9\r\nContent-Length: 10\r\n\r\n" + LONG), NoResponse),
    (
        "18 endless chunks",
        endless(HEAD + b"Transfer-Encoding: chunked\r\n\r\n", b"4000\r\n" + b" " * 0x4000 + b"\r\n"),
        TooLarge,
    ),
    ("18 broken chunks", pieces(HEAD + b"Transfer-Encoding: chunked\r\n\r\nzz\r\ncanary\r\n"), NoResponse),
    ("19 header of 1 MB", pieces(HEAD + b"X: " + b"c" * 1_000_000 + b"\r\n\r\n"), NoResponse),
    ("19 10,000 headers", pieces(HEAD + b"X: canary\r\n" * 10_000 + b"\r\n"), Failure),
    ("no HTTP", pieces(b"canary canary canary\r\n\r\n"), NoResponse),
    ("TLS alert", pieces(b"\x15\x03\x01\x00\x02\x02\x46"), NoResponse),
    ("silence", pieces(), NoResponse),
    ("reset", reset, NoResponse),
    ("refused network", answer("<html>canary", 403), UnexpectedResponse),
    ("refused country", answer("canary", 451), UnexpectedResponse),
    ("server error as a dead grant", answer({"error": "invalid_grant"}, 500), Unavailable),
    ("server error in words", answer({"error": "internal_server_error"}, 500), Unavailable),
    ("bad gateway", answer("<html>canary", 502), Unavailable),
]


@pytest.mark.security("S46", "S49", "S75")
@pytest.mark.parametrize(("sent", "kind"), [case[1:] for case in HOSTILE], ids=[case[0] for case in HOSTILE])
async def test_a_hostile_answer_ends_cleanly_and_costs_nothing(
    port: RecordingServer, sent: bytes | Write, kind: type[Failure], caplog: pytest.LogCaptureFixture
) -> None:
    """C2: one failure of the expected kind, the old token untouched, nothing of the answer shown or logged."""
    caplog.set_level(logging.DEBUG)
    port.then(sent)
    async with endpoint_of(rfc_server(port.base), total=2.0) as endpoint:
        with pytest.raises(Failure) as raised:
            await endpoint.refresh(CLIENT, OLD)
    why = raised.value
    assert isinstance(why, kind)
    assert isinstance(why, Transient | NetworkFailure | InvalidGrant | ClientRejected)
    assert why.happened.endswith(".")
    assert CANARY not in everything(why)
    assert CANARY not in caplog.text
    assert OLD.refresh == Secret("canary-old-refresh/+=")
    assert len(port.requests) == 1


@pytest.mark.security("S46")
@pytest.mark.parametrize(
    "sent",
    [
        answer(b"\xef\xbb\xbf" + LONG),
        answer({**PAIR, "expires_in": "300"}),
        answer({**GOOD, "expires_in": None}),
        answer({**GOOD, "refresh_token": None}),
        answer({**GOOD, "refresh_token": ""}),
        answer({**GOOD, "refresh_token": 7}),
        answer({**PAIR, "scope": " ".join(str(n) for n in range(10_000))}),
        answer({**PAIR, "data": "canary"}),
        answer({**PAIR, "expires_in": -1}),
        answer(b'{"access_token":"canary-a","expires_in":NaN}'),
        answer(b'{"access_token":"canary-a","expires_in":' + b"9" * 5000 + b"}"),
        answer(b'{"access_token":"canary-a","scope":"a","scope":"b"}'),
        answer({"access_token": "canary-a." * 1000}),
        answer(PAIR, 206),
        b"HTTP/1.1 103 Early Hints\r\nLink: <https://canary.example>\r\n\r\n" + answer(PAIR),
        b"HTTP/1.1 100 Continue\r\n\r\n" * 1000 + answer(PAIR),
        answer(gzip.compress(LONG, mtime=0), 200, *GZIP),
        answer(LONG, 200, *GZIP),
        answer(
            gzip.compress(LONG[:20], mtime=0) + gzip.compress(LONG[20:], mtime=0),
            200,
            "Content-Encoding: gzip, identity",
        ),
        answer(LONG, 200, "Content-Encoding: UTF-8"),
        answer(LONG.decode().encode("utf-16")),
        answer('{"access_token":"canary-a","note":"é"}'.encode("latin-1"), kind="text/json; charset=ISO-8859-1"),
        answer(b'{"access_token":"canary-a","note":"a\tb"}'),
        answer(PAIR, 200, *[f"X-{n}: y" for n in range(100)], kind="text/html"),
    ],
)
async def test_an_odd_but_good_answer_makes_a_token(port: RecordingServer, sent: bytes) -> None:
    port.then(sent)
    async with endpoint_of(rfc_server(port.base)) as endpoint:
        token = await endpoint.refresh(CLIENT, OLD)
    assert token.access is not None
    assert token.refresh in (OLD.refresh, Secret("canary-new-refresh"))
    assert token.issued == 1000.0


@pytest.mark.security("S49")
@pytest.mark.parametrize("status", [200, 400, 401, 403])
async def test_an_error_that_repeats_our_secrets_shows_none(
    port: RecordingServer, status: int, caplog: pytest.LogCaptureFixture
) -> None:
    """C2.13, with the very bytes that were sent."""
    caplog.set_level(logging.DEBUG)
    for of in (rfc_server(port.base), rfc_server(port.base, Dialect(client_authentication="body"))):
        async with endpoint_of(of) as endpoint:
            port.then(answer({"error": "x"}, 400))
            with pytest.raises(RequestRefused):
                await endpoint.refresh(CLIENT, OLD)
            echo = port.last.raw
            port.then(answer({"error": "invalid_request", "error_description": echo[-400:] + echo}, status))
            with pytest.raises((RequestRefused, ClientRejected)) as raised:
                await endpoint.refresh(CLIENT, OLD)
        assert CANARY not in everything(raised.value)
        assert port.last.headers.get("authorization", "Basic \0")[6:] not in everything(raised.value)
        assert "***" in raised.value.detail
    assert CANARY not in caplog.text
