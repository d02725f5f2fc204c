"""Keyrack signs in at better-auth's OAuth provider, where revoking the refresh token ends the access token as well."""

from pathlib import Path

import pytest

from keyrack.oauth.oauth_errors import ClientRejected
from tests.independent.person import Person
from tests.independent.servers.foreign_server import ForeignServer
from tests.independent.servers.server_harness import SECRET, ServerHarness

SERVER = "better_auth"


@pytest.mark.security("S28", "S32", "S50")
@pytest.mark.parametrize(("client_id", "secret"), [("public", ""), ("desk", SECRET)])
async def test_a_client_signs_in_and_each_renewal_brings_a_new_refresh_token(
    harness: ServerHarness, client_id: str, secret: str
) -> None:
    """It sends `expires_at` beside `expires_in`, and the issuer in the redirect."""
    account = await harness.signed_in(client_id, secret)
    first = harness.token(account)
    second = await harness.renewed(account)
    assert len({first.refresh, second.refresh, (await harness.renewed(account)).refresh}) == 3
    assert first.lifetime == 3_600.0


async def test_a_wrong_secret_is_told_as_such(harness: ServerHarness) -> None:
    account = await harness.tried("desk", "invented")
    assert isinstance(harness.why(account), ClientRejected)


async def test_a_refusal_of_the_person_is_told_as_such(harness: ServerHarness) -> None:
    """A client that was allowed once is not asked about again, so this one never is."""
    harness.person = Person(refuses=True)
    account = await harness.tried("refused")
    assert harness.status(account).reason == "denied"


async def test_a_refresh_token_that_was_used_elsewhere_ends_the_sign_in(harness: ServerHarness) -> None:
    account = await harness.signed_in("desk", SECRET)
    await harness.site(account).endpoint.refresh(harness.client(account), harness.token(account))
    await harness.rack.refresh(account)
    assert harness.status(account).reason == "refresh_rejected"


@pytest.mark.security("S51")
async def test_signing_out_revokes_there(harness: ServerHarness) -> None:
    """The access token goes with the refresh token and is then refused as unknown (RFC 7009 section 2.1)."""
    account = await harness.signed_in("desk", SECRET)
    assert await harness.rack.sign_out(account) == "The token was revoked at Better Auth."


async def test_a_grant_that_the_client_may_not_use_is_told_as_such(server: ForeignServer, tmp_path: Path) -> None:
    """`unauthorized_client` (RFC 6749 section 5.2): id and secret are right."""
    async with ServerHarness(server, tmp_path, "key.toml") as harness:
        status = harness.status(await harness.tried("desk", SECRET, "client_credentials"))
    assert status.name == "needs_login"
    assert "unauthorized_client" in status.detail
    assert "nothing is mistyped" in status.means
