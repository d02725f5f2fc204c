"""A host that is killed while it shares an account: at its next start the account is its own, or shared wholly."""

import asyncio
from collections.abc import Sequence

import pytest

from keyrack.core.shared_store.etcd_settings import EtcdSettings
from keyrack.core.shared_store.etcd_store import EtcdStore
from keyrack.core.shared_store.shared_store import Condition, Put, Removal, TransactionResult
from keyrack.core.shared_store.store_failures import LeaseGone
from tests.core.sharing.group import Group


class StuckStore(EtcdStore):
    """A store whose writes of accounts wait on their way, as on a link that hangs. `sent` are those that wait."""

    def __init__(self, settings: EtcdSettings) -> None:
        super().__init__(settings)
        self.sent: list[tuple[Sequence[Condition], Sequence[Put | Removal]]] = []
        self.arrived = asyncio.Event()

    async def commit(self, conditions: Sequence[Condition], writes: Sequence[Put | Removal]) -> TransactionResult:
        if any("/accounts/" in each.key for each in writes):
            self.sent.append((conditions, writes))
            await self.arrived.wait()
        return await super().commit(conditions, writes)


@pytest.mark.parametrize("stored", [False, True])
async def test_an_account_whose_sharing_was_cut_off_is_whole_after_a_restart(group: Group, *, stored: bool) -> None:
    store = StuckStore(EtcdSettings(group.etcd.addresses))
    first = await group.host("desk-1", store)
    account = await first.harness.signed_in()
    file = first.harness.paths.config / "accounts.json"
    sharing = asyncio.create_task(first.sharing.share(account))
    await first.harness.until(lambda: bool(store.sent))
    marked = file.read_bytes()
    assert group.id.encode() in marked
    keyring = first.harness.vault
    if stored:
        await EtcdStore.commit(store, *store.sent[0])
    lost = store.sent[0]
    sharing.cancel()
    await asyncio.gather(sharing, return_exceptions=True)
    await first.kill()
    file.write_bytes(marked)  # a kill takes nothing back

    again = await group.host("desk-1", keyring=keyring)
    there = again.account(account.id)
    await again.harness.until(lambda: again.harness.status(there).name == "ready")
    assert there.settings.group == (group.id if stored else "")
    await again.harness.until(lambda: not there.renewed_elsewhere)
    await again.harness.rack.refresh(there)
    assert [row["status"] for row in again.harness.asked(there)] == [200] * len(again.harness.asked(there))
    if not stored:
        late = EtcdStore(EtcdSettings(group.etcd.addresses))
        with pytest.raises(LeaseGone):
            await late.commit(*lost)
        await late.close()
        await again.sharing.share(there)
        assert there.settings.group == group.id
