"""Keyrack signs in at oauth2orize, which tells no lifetime and refuses a dead refresh token with 403."""

import asyncio
import urllib.request
from pathlib import Path

import pytest

from keyrack.oauth.oauth_errors import InvalidGrant
from tests.independent.person import Person
from tests.independent.servers.foreign_server import ForeignServer
from tests.independent.servers.server_harness import SECRET, ServerHarness

SERVER = "oauth2orize"


@pytest.mark.security("S28", "S50")
@pytest.mark.parametrize(("client_id", "secret"), [("public", ""), ("desk", SECRET)])
async def test_a_client_signs_in_and_renews_by_the_lifetime_of_the_file(
    harness: ServerHarness, client_id: str, secret: str
) -> None:
    account = await harness.signed_in(client_id, secret)
    first = harness.token(account)
    assert first.lifetime == 3_600.0
    assert (await harness.renewed(account)).refresh == first.refresh


async def test_a_wrong_secret_that_is_refused_in_plain_text_promises_nothing(harness: ServerHarness) -> None:
    """Passport's 401 is the word "Unauthorized"."""
    account = await harness.tried("desk", "invented")
    status = harness.status(account)
    assert status.name == "needs_login"
    assert "tries again" not in f"{status.means} {status.todo}"


async def test_a_refusal_of_the_person_is_told_as_such(harness: ServerHarness) -> None:
    harness.person = Person(refuses=True)
    account = await harness.tried("public")
    assert harness.status(account).reason == "denied"


def forget(base: str) -> None:
    """Have the application drop every refresh token."""
    urllib.request.urlopen(urllib.request.Request(f"{base}/forget", b"")).close()


async def test_a_refresh_token_that_was_forgotten_ends_the_sign_in(harness: ServerHarness) -> None:
    """403 with `invalid_grant` says the same as 400 (RFC 6749 section 5.2)."""
    account = await harness.signed_in("desk", SECRET)
    await asyncio.to_thread(forget, harness.server.issuer)
    await harness.rack.refresh(account)
    assert harness.status(account).reason == "refresh_rejected"
    assert isinstance(harness.why(account), InvalidGrant)


async def test_a_grant_that_is_not_there_is_told_with_the_servers_words(server: ForeignServer, tmp_path: Path) -> None:
    """It has no client credentials and says so with 501: nothing is kept, and nothing is tried again."""
    async with ServerHarness(server, tmp_path, "key.toml") as harness:
        status = harness.status(await harness.tried("desk", SECRET, "client_credentials"))
    assert status.name == "needs_login"
    assert "unsupported_grant_type" in status.detail
    assert "kept" not in f"{status.happened} {status.means}"
    assert "by itself" not in status.todo
