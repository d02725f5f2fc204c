"""Keyrack signs in at oauth2-mock-server, which grants another scope than it was asked for."""

import pytest

from tests.independent.servers.server_harness import ServerHarness

SERVER = "mock_server"


@pytest.mark.security("S28")
async def test_it_signs_in_and_renews_by_addresses_of_its_metadata(harness: ServerHarness) -> None:
    account = await harness.signed_in("anything")
    first = harness.token(account)
    assert first.scopes == ("dummy",)
    second = await harness.renewed(account)
    assert second.refresh != first.refresh


@pytest.mark.security("S51")
async def test_a_revocation_whose_answer_says_nothing_is_told_as_asked_for(harness: ServerHarness) -> None:
    account = await harness.signed_in("anything")
    said = await harness.rack.sign_out(account)
    assert "asked" in said
    assert "was revoked" not in said
