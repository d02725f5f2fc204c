"""Keyrack signs in at django-oidc-provider, which says `bearer` in small letters and never tells the scope."""

import pytest

from keyrack.oauth.oauth_errors import ClientRejected
from tests.independent.person import Person
from tests.independent.servers.server_harness import SECRET, ServerHarness

SERVER = "django_oidc_provider"


@pytest.mark.security("S28", "S50")
@pytest.mark.parametrize(("client_id", "secret"), [("public", ""), ("desk", SECRET)])
async def test_a_client_signs_in_and_each_renewal_brings_a_new_refresh_token(
    harness: ServerHarness, client_id: str, secret: str
) -> None:
    account = await harness.signed_in(client_id, secret)
    first = harness.token(account)
    second = await harness.renewed(account)
    assert len({first.refresh, second.refresh, (await harness.renewed(account)).refresh}) == 3


async def test_a_wrong_secret_is_told_as_such(harness: ServerHarness) -> None:
    """It is refused with 400, and no challenge."""
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
