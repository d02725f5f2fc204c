"""A host whose group cannot be opened any more leaves it, and no account hangs in the air."""

from dataclasses import replace

import pytest

from keyrack.primitives.failure import Failure
from tests.core.conftest import harness, running_sandbox, sandbox
from tests.core.harness import CoreHarness
from tests.until import until

__all__ = ["harness", "running_sandbox", "sandbox"]


async def test_its_shared_accounts_go_and_its_own_stay(harness: CoreHarness) -> None:
    rack = harness.rack
    own, shared = await harness.signed_in("deribit", "client_credentials"), await harness.signed_in()
    rack.parts.account_store.change(shared, replace(shared.settings, group="0123456789abcdef"))
    file = harness.paths.config / "sharing.toml"
    file.write_text("schema = 1\ngroup = \n")
    hosts = rack.parts.several_hosts
    with pytest.raises(Failure) as kept:
        await hosts.membership.leave(keep=True)
    assert kept.value.code == "share_keep_needs_store"
    assert file.exists()
    assert set(rack.accounts) == {own, shared}

    assert not await hosts.membership.leave(keep=False)
    assert set(rack.accounts) == {own}
    assert not file.exists()
    assert shared.id not in harness.vault.names()
    await until(lambda: not hosts.in_group)
