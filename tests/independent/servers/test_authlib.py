"""Keyrack signs in at Authlib's server: lifetimes that change from answer to answer, an issuer in every redirect."""

import pytest

from keyrack.oauth.oauth_errors import ClientRejected
from tests.independent.person import Person
from tests.independent.servers.server_harness import SECRET, ServerHarness

SERVER = "authlib"
TEN_DAYS, HOUR = 864_000.0, 3_600.0


@pytest.mark.security("S28", "S32")
async def test_a_public_client_signs_in_and_renews(harness: ServerHarness) -> None:
    """The code gives a token for ten days, a renewal one for an hour, and no new refresh token."""
    account = await harness.signed_in("public")
    first = harness.token(account)
    assert first.lifetime == TEN_DAYS
    second = await harness.renewed(account)
    assert second.lifetime == HOUR
    assert second.refresh == first.refresh
    assert (await harness.renewed(account)).refresh == first.refresh


@pytest.mark.security("S50")
async def test_a_secret_with_special_characters_is_understood(harness: ServerHarness) -> None:
    account = await harness.signed_in("desk", SECRET)
    await harness.renewed(account)


async def test_a_wrong_secret_is_told_as_such(harness: ServerHarness) -> None:
    account = await harness.tried("desk", "invented")
    assert isinstance(harness.why(account), ClientRejected)


async def test_a_refusal_of_the_person_is_told_as_such(harness: ServerHarness) -> None:
    harness.person = Person(refuses=True)
    account = await harness.tried("public")
    assert harness.status(account).reason == "denied"


@pytest.mark.security("S51")
async def test_signing_out_revokes_there(harness: ServerHarness) -> None:
    account = await harness.signed_in("desk", SECRET)
    assert await harness.rack.sign_out(account) == "The token was revoked at Authlib."


@pytest.mark.security("S51")
async def test_a_revocation_that_was_refused_is_told_as_such(harness: ServerHarness) -> None:
    """Authlib's endpoint takes only HTTP Basic, so a public client gets 401."""
    account = await harness.signed_in("public")
    assert "Authlib did not revoke the token" in await harness.rack.sign_out(account)


async def test_a_token_that_was_revoked_elsewhere_ends_the_sign_in(harness: ServerHarness) -> None:
    account = await harness.signed_in("desk", SECRET)
    await harness.site(account).revocation.revoke(harness.client(account), harness.token(account))
    await harness.rack.refresh(account)
    assert harness.status(account).reason == "refresh_rejected"


async def test_without_a_refresh_token_the_sign_in_lasts_as_long_as_its_token(harness: ServerHarness) -> None:
    """What Authlib sends by default."""
    account = await harness.signed_in("once")
    token = harness.token(account)
    assert token.refresh is None
    assert not token.renewable
    assert harness.status(account).renews_in is None
