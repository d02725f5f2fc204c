"""Keyrack signs in at node-oauth's server, which reads HTTP Basic raw and renews no token without a secret."""

import asyncio

import pytest

from keyrack.oauth.oauth_errors import ClientRejected
from tests.independent.person import Person
from tests.independent.servers.server_harness import SECRET, ServerHarness

SERVER = "node_oauth"


@pytest.mark.security("S28", "S50")
async def test_a_client_with_a_secret_signs_in_and_renews(harness: ServerHarness) -> None:
    """An hour is told as 3,599 s: the server counts on to a moment and back."""
    account = await harness.signed_in("desk", SECRET)
    first = harness.token(account)
    second = await harness.renewed(account)
    assert second.refresh != first.refresh
    assert (await harness.renewed(account)).refresh != second.refresh
    assert first.lifetime in (3_599.0, 3_600.0)


async def test_a_wrong_secret_is_told_as_such(harness: ServerHarness) -> None:
    account = await harness.tried("desk", "invented")
    assert isinstance(harness.why(account), ClientRejected)


async def test_a_refresh_token_that_was_used_elsewhere_ends_the_sign_in(harness: ServerHarness) -> None:
    account = await harness.signed_in("desk", SECRET)
    await harness.site(account).endpoint.refresh(harness.client(account), harness.token(account))
    await harness.rack.refresh(account)
    assert harness.status(account).reason == "refresh_rejected"


async def test_a_client_without_secret_signs_in_and_is_told_why_it_cannot_renew(harness: ServerHarness) -> None:
    """The sentence speaks of the client id alone: there is no secret that could be mistyped."""
    account = await harness.signed_in("public")
    await harness.rack.refresh(account)
    status = harness.status(account)
    assert "client id" in status.happened
    assert "secret" not in f"{status.happened} {status.means} {status.todo}"


async def test_a_refusal_reaches_the_browser_only_and_the_person_can_cancel(harness: ServerHarness) -> None:
    """It answers 400 with a `Location`, which no browser follows."""
    harness.person = Person(refuses=True)
    trying = asyncio.create_task(harness.tried("desk", SECRET))
    assert "access_denied" in await harness.visited()
    (account,) = harness.rack.accounts
    harness.rack.sign_ins.cancel(account)
    assert await trying is account
    assert harness.status(account).name == "needs_login"
