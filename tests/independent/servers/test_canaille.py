"""Keyrack signs in on canaille's own pages, by addresses of its metadata; its access tokens are JWTs."""

import time

import pytest

from keyrack.oauth.oauth_errors import ClientRejected
from tests.independent.person import Person
from tests.independent.servers.server_harness import SECRET, ServerHarness
from tests.until import until

SERVER = "canaille"


@pytest.fixture(autouse=True)
async def _another_second() -> None:
    """Two tokens of one client and one second are the same JWT there, and its database refuses the second."""
    now = int(time.time())
    await until(lambda: int(time.time()) != now)


@pytest.mark.security("S28", "S32", "S50")
async def test_a_client_signs_in_and_renews_for_an_hour(harness: ServerHarness) -> None:
    account = await harness.signed_in("desk", SECRET)
    first = harness.token(account)
    second = await harness.renewed(account)
    assert first.lifetime == 864_000.0
    assert second.lifetime == 3_600.0
    assert second.refresh != first.refresh


async def test_a_public_client_signs_in_and_renews(harness: ServerHarness) -> None:
    await harness.renewed(await harness.signed_in("public"))


async def test_a_wrong_secret_is_told_as_such(harness: ServerHarness) -> None:
    account = await harness.tried("desk", "invented")
    assert isinstance(harness.why(account), ClientRejected)


async def test_a_refusal_of_the_person_is_told_as_such(harness: ServerHarness) -> None:
    """A client that was allowed once is not asked about again, so this one never is."""
    harness.person = Person(refuses=True)
    account = await harness.tried("refused")
    assert harness.status(account).reason == "denied"


@pytest.mark.security("S51")
async def test_signing_out_revokes_there(harness: ServerHarness) -> None:
    account = await harness.signed_in("desk", SECRET)
    assert await harness.rack.sign_out(account) == "The token was revoked at Canaille."


async def test_a_token_that_was_revoked_elsewhere_ends_the_sign_in(harness: ServerHarness) -> None:
    account = await harness.signed_in("desk", SECRET)
    await harness.site(account).revocation.revoke(harness.client(account), harness.token(account))
    await harness.rack.refresh(account)
    assert harness.status(account).reason == "refresh_rejected"
