"""A host whose account has not got the newest record of the group yet sends nothing used up, and loses nothing."""

import asyncio

import pytest

from keyrack.core.accounts.state import Active, Authorizing
from keyrack.core.sharing.sharing_failures import NotTheRenewer
from keyrack.primitives.secret import Secret
from tests.core.sharing.group import Group


async def nobody(_: str) -> None:
    """A browser in which nobody answers."""


async def test_a_sign_in_that_is_cancelled_brings_no_used_up_token_back(group: Group) -> None:
    first, second, account, there = await group.shared()
    second.harness.browser = nobody
    signing_in = asyncio.create_task(second.harness.rack.sign_in(there))
    await second.harness.until(lambda: isinstance(there.state, Authorizing))
    await first.harness.rack.refresh(account)
    newest = first.harness.token(account)
    await second.harness.until(
        lambda: second.sharing.entries.accounts[account.id].entry.record.refresh == newest.refresh
    )
    second.harness.rack.sign_ins.cancel(there)
    await asyncio.wait({signing_in})
    await second.harness.until(lambda: isinstance(there.state, Active))
    await second.harness.until(lambda: second.harness.token(there).refresh == newest.refresh)
    assert second.harness.token(there).access == newest.access


@pytest.mark.parametrize("older", ["token", "generation"])
async def test_a_renewal_that_began_with_another_record_than_the_group_s_sends_nothing(
    group: Group, older: str
) -> None:
    first, _, account, _ = await group.shared()
    notes, generation = first.harness.rack.parts.rotation.notes, first.harness.rack.parts.records.generation(account.id)
    refresh = first.harness.token(account).refresh
    with pytest.raises(NotTheRenewer):
        if older == "token":
            await notes.write(account.id, generation + 1, Secret("used-up-invented"))
        else:
            await notes.write(account.id, generation, refresh)
    assert first.sharing.entries.accounts[account.id].entry.intent is None
    await notes.write(account.id, generation + 1, refresh)
    assert first.sharing.entries.accounts[account.id].entry.intent is not None
