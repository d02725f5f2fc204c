"""What ends or is given up on one host, and what the others learn of it."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace

import pytest

from keyrack.core.accounts.state import Active, Idle, LoggedOut, Retrying
from keyrack.core.shared_store.etcd_settings import EtcdSettings
from keyrack.core.shared_store.etcd_store import EtcdStore
from keyrack.core.shared_store.shared_store import Condition, Put, Removal, TransactionResult
from keyrack.core.shared_store.store_failures import StoreAway
from keyrack.core.sharing.shared_record import Intent
from tests.core.sharing.group import Group


class GatedStore(EtcdStore):
    """A store that takes only `left` more writes of accounts, and holds back their answers while a gate is closed."""

    left: int | None = None
    gate: asyncio.Event | None = None

    async def commit(self, conditions: Sequence[Condition], writes: Sequence[Put | Removal]) -> TransactionResult:
        counts = any("/accounts/" in each.key or "/wishes/" in each.key for each in writes)
        if counts and self.left is not None:
            if self.left == 0:
                raise StoreAway(addresses="")
            self.left -= 1
        result = await super().commit(conditions, writes)
        if counts and self.gate is not None:
            await self.gate.wait()
        return result


@pytest.fixture
def store(group: Group) -> GatedStore:
    return GatedStore(EtcdSettings(group.etcd.addresses))


async def test_an_end_that_the_store_did_not_take_is_told_later(group: Group, store: GatedStore) -> None:
    first, second = await group.host("desk-1", store), await group.host("desk-2")
    account = await first.harness.signed_in()
    await first.sharing.share(account)
    there = await second.until_ready(account.id)
    first.harness.sandbox.fault("whitebit", "refresh", "refused", times=1)
    store.left = 1
    await first.harness.rack.renew(account)
    assert isinstance(account.state, LoggedOut)
    assert isinstance(there.state, Active)
    store.left = None
    await second.harness.until(lambda: isinstance(there.state, LoggedOut))
    entry = second.sharing.entries.accounts[account.id].entry
    assert (entry.ended, entry.intent) == ("refresh_rejected", None)


async def test_a_renewal_that_is_cancelled_leaves_the_note_that_it_replaced(group: Group, store: GatedStore) -> None:
    first = await group.host("desk-1", store)
    account = await first.harness.signed_in()
    await first.sharing.share(account)
    held = first.sharing.entries.accounts[account.id].entry
    note = Intent(held.generation + 1, "desk-9-id", first.harness.clock.wall)
    key = first.sharing.entries.key("accounts", account.id)
    sealed = first.sharing.place.seal.close(key, 1, replace(held, intent=note).encode())
    await first.store.commit((), (Put(key, sealed),))
    await first.harness.until(lambda: first.sharing.entries.accounts[account.id].entry.intent == note)
    async with first.harness.rack.parts.refresher.paused(account, grace=1.0):
        led = first.sharing.entries.election.mine(account.id)
        first.harness.leap(299)
        first.sharing.lease.wake()
        await first.harness.until(lambda: first.sharing.entries.election.mine(account.id) not in (None, led))
        store.gate = asyncio.Event()
        notes, refresh = first.harness.rack.parts.rotation.notes, first.harness.token(account).refresh
        writing = asyncio.create_task(notes.write(account.id, held.generation + 1, refresh))
        await first.harness.until(lambda: first.sharing.entries.accounts[account.id].entry.intent != note)
        writing.cancel()
        await asyncio.wait({writing})
        store.gate.set()
        await first.harness.until(lambda: first.sharing.entries.accounts[account.id].entry.intent == note)


async def test_an_account_whose_record_was_deleted_in_the_store_says_so_and_can_be_shared_anew(group: Group) -> None:
    first, second, account, there = await group.shared()
    await first.store.commit((), (Removal(first.sharing.entries.key("accounts", account.id)),))
    for host, each in ((first, account), (second, there)):
        await host.harness.until(lambda host=host, each=each: host.harness.status(each).happened)  # type: ignore[misc]
        assert host.harness.status(each).happened == "The shared record of this account is gone from the shared store."
    await first.sharing.unshare(account)
    await first.harness.rack.refresh(account)
    await first.sharing.share(account)
    await second.harness.until(lambda: second.harness.token(there).access == first.harness.token(account).access)
    await second.harness.until(lambda: not second.harness.status(there).happened)


async def test_a_follower_whose_wish_was_not_answered_is_calm_again(group: Group, store: GatedStore) -> None:
    first, second = await group.host("desk-1"), await group.host("desk-2", store)
    account = await first.harness.signed_in()
    await first.sharing.share(account)
    there = await second.until_ready(account.id)
    store.left = 0
    await second.harness.rack.renew(there)
    state = there.state
    assert isinstance(state, Active)
    assert isinstance(state.renewal, Retrying)
    await second.harness.until(lambda: isinstance(there.state, Active) and there.state.renewal == Idle(), 20)
