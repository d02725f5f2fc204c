"""Keyrack signs in on the real pages of django-oauth-toolkit, by addresses from its metadata."""

import pytest

from keyrack.oauth.oauth_errors import ClientRejected
from tests.independent.person import Person
from tests.independent.servers.server_harness import SECRET, ServerHarness

SERVER = "django_oauth_toolkit"


@pytest.mark.security("S38")
async def test_its_metadata_fills_in_the_addresses(harness: ServerHarness) -> None:
    """RFC 8414, at the address which that document says."""
    (provider,) = harness.rack.catalog.values()
    region, base = provider.regions["here"], harness.server.issuer
    assert region.authorization_endpoint == f"{base}/authorize/"
    assert region.token_endpoint == f"{base}/token/"
    assert region.revocation_endpoint == f"{base}/revoke_token/"


@pytest.mark.security("S28")
async def test_a_public_client_signs_in_and_each_renewal_brings_a_new_refresh_token(harness: ServerHarness) -> None:
    account = await harness.signed_in("public")
    first = harness.token(account)
    second = await harness.renewed(account)
    third = await harness.renewed(account)
    assert len({first.refresh, second.refresh, third.refresh}) == 3
    assert [token.lifetime for token in (first, second, third)] == [36_000.0] * 3


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
@pytest.mark.parametrize(("client_id", "secret"), [("public", ""), ("desk", SECRET)])
async def test_signing_out_revokes_there(harness: ServerHarness, client_id: str, secret: str) -> None:
    """The answer is empty and says that it is HTML (RFC 7009 section 2.2 asks for 200 alone)."""
    account = await harness.signed_in(client_id, secret)
    assert await harness.rack.sign_out(account) == "The token was revoked at Django OAuth Toolkit."


async def test_a_refresh_token_that_was_used_elsewhere_ends_the_sign_in(harness: ServerHarness) -> None:
    account = await harness.signed_in("public")
    await harness.site(account).endpoint.refresh(harness.client(account), harness.token(account))
    await harness.rack.refresh(account)
    assert harness.status(account).reason == "refresh_rejected"
