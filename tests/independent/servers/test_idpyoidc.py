"""Keyrack signs in at idpyoidc, whose tokens are long and whose redirect says whom it is for."""

import pytest

from keyrack.oauth.oauth_errors import ClientRejected
from tests.independent.servers.server_harness import SECRET, ServerHarness

SERVER = "idpyoidc"


@pytest.mark.security("S28", "S32", "S50")
async def test_a_client_signs_in_and_renews(harness: ServerHarness) -> None:
    account = await harness.signed_in("desk", SECRET)
    token = await harness.renewed(account)
    assert token.access is not None
    assert len(token.access.reveal()) > 300
    await harness.renewed(account)


async def test_a_wrong_secret_is_told_as_such(harness: ServerHarness) -> None:
    account = await harness.tried("desk", "invented")
    assert isinstance(harness.why(account), ClientRejected)


@pytest.mark.security("S51")
async def test_signing_out_revokes_there(harness: ServerHarness) -> None:
    account = await harness.signed_in("desk", SECRET)
    assert await harness.rack.sign_out(account) == "The token was revoked at idpyoidc."


async def test_a_token_that_was_revoked_elsewhere_ends_the_sign_in(harness: ServerHarness) -> None:
    account = await harness.signed_in("desk", SECRET)
    await harness.site(account).revocation.revoke(harness.client(account), harness.token(account))
    await harness.rack.refresh(account)
    assert harness.status(account).reason == "refresh_rejected"
