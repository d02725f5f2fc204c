"""Keyrack signs in at jmondi's server, which calls a dead refresh token an invalid request."""

import asyncio
from pathlib import Path

import pytest

from keyrack.oauth.oauth_errors import ClientRejected, InvalidGrant
from tests.independent.person import Person
from tests.independent.servers.foreign_server import ForeignServer
from tests.independent.servers.server_harness import SECRET, ServerHarness

SERVER = "jmondi"


@pytest.mark.security("S28", "S50")
@pytest.mark.parametrize(("client_id", "secret"), [("public", ""), ("desk", SECRET)])
async def test_a_client_signs_in_and_each_renewal_brings_a_new_refresh_token(
    harness: ServerHarness, client_id: str, secret: str
) -> None:
    account = await harness.signed_in(client_id, secret)
    first = harness.token(account)
    assert (await harness.renewed(account)).refresh != first.refresh


async def test_a_wrong_secret_is_told_as_such(harness: ServerHarness) -> None:
    account = await harness.tried("desk", "invented")
    assert isinstance(harness.why(account), ClientRejected)


async def test_a_refresh_token_that_was_used_elsewhere_ends_the_sign_in(harness: ServerHarness) -> None:
    """By the words that the provider file names."""
    account = await harness.signed_in("desk", SECRET)
    await harness.site(account).endpoint.refresh(harness.client(account), harness.token(account))
    await harness.rack.refresh(account)
    assert isinstance(harness.why(account), InvalidGrant)


async def test_a_refusal_that_the_file_does_not_name_shows_the_servers_words(
    server: ForeignServer, tmp_path: Path
) -> None:
    """Without them nothing would say why: the error is `invalid_request`."""
    async with ServerHarness(server, tmp_path, without="[[dialect.failures]]") as harness:
        account = await harness.signed_in("desk", SECRET)
        await harness.site(account).endpoint.refresh(harness.client(account), harness.token(account))
        await harness.rack.refresh(account)
        status = harness.status(account)
    assert "Token has been revoked" in status.detail
    assert "own words" in status.todo


@pytest.mark.security("S51")
async def test_a_revocation_whose_answer_says_nothing_is_told_as_asked_for(harness: ServerHarness) -> None:
    account = await harness.signed_in("desk", SECRET)
    said = await harness.rack.sign_out(account)
    assert "asked" in said
    assert "was revoked" not in said


async def test_a_refusal_reaches_the_browser_only_and_the_person_can_cancel(harness: ServerHarness) -> None:
    harness.person = Person(refuses=True)
    trying = asyncio.create_task(harness.tried("desk", SECRET))
    assert "not approved" in await harness.visited()
    (account,) = harness.rack.accounts
    harness.rack.sign_ins.cancel(account)
    assert await trying is account
    assert harness.status(account).name == "needs_login"
