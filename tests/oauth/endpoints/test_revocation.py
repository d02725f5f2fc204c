"""What a revocation that worked, or did not, is told as (RFC 7009)."""

from typing import Any

import pytest

from keyrack.net.network_errors import NoResponse
from keyrack.oauth.authorization_server import Dialect
from keyrack.oauth.endpoints.revocation import RevocationEndpoint
from keyrack.oauth.oauth_errors import RequestRefused, Unavailable
from keyrack.primitives.failure import Failure
from tests.recording_server import Write, answer, pieces, recording, reset
from tests.tokens import CANARY, CLIENT, OLD, everything, http, rfc_server

GOOD = answer(None)
UNKNOWN = answer({"error": "invalid_request", "error_description": "Unknown token"}, 400)


async def revoked(*answers: bytes | Write, way: Any = "body") -> tuple[str, list[str]]:
    """The outcome, and the kinds of token that were sent."""
    async with recording(*answers) as port, http(total=2.0) as client:
        server = rfc_server(port.base, Dialect(revocation=way), revocation_endpoint=f"{port.base}/revoke")
        try:
            outcome: str = await RevocationEndpoint(client, server).revoke(CLIENT, OLD)
        finally:
            sent = ["refresh" if "hint=refresh_token" in request.body else "access" for request in port.requests]
    return outcome, sent


@pytest.mark.security("S51")
@pytest.mark.parametrize("second", [GOOD, UNKNOWN, answer(None, 404), answer(None, 503), answer("<html>", 500), reset])
async def test_the_refresh_tokens_good_answer_counts(second: bytes | Write) -> None:
    """RFC 7009 section 2.1: better-auth ends the access token with it, and then knows it no more."""
    assert await revoked(GOOD, second) == ("revoked", ["refresh", "access"])


@pytest.mark.security("S51")
@pytest.mark.parametrize(
    ("first", "kind", "detail"),
    [
        (UNKNOWN, RequestRefused, "invalid_request: Unknown token (HTTP 400)"),
        (answer({"error": {"code": "no"}}, 403), RequestRefused, "no (HTTP 403)"),
        (answer({"error": "unsupported_token_type"}, 400), RequestRefused, "unsupported_token_type (HTTP 400)"),
        (answer(None, 503), Unavailable, "HTTP 503"),
        (pieces(), NoResponse, "RemoteProtocolError"),
    ],
)
async def test_a_refused_refresh_token_is_a_failure_with_the_servers_words(
    first: bytes | Write, kind: type[Failure], detail: str
) -> None:
    with pytest.raises(kind) as raised:
        await revoked(first, GOOD)
    assert raised.value.detail == detail
    assert CANARY not in everything(raised.value)


@pytest.mark.security("S51")
async def test_an_access_token_alone_is_its_own_answer() -> None:
    assert await revoked(GOOD, way="bearer") == ("revoked", ["access"])
    assert (await revoked(answer({"error": "unsupported_token_type"}, 400), way="bearer"))[0] == "revoked"
    with pytest.raises(RequestRefused):
        await revoked(UNKNOWN, way="bearer")
