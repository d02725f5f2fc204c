"""Figures of a host that another one has just taken over from."""

from collections.abc import Awaitable, Callable, Sequence

from keyrack.core.shared_store.etcd_settings import EtcdSettings
from keyrack.core.shared_store.etcd_store import EtcdStore
from keyrack.core.shared_store.shared_store import Condition, Put, Removal, TransactionResult
from tests.core.sharing.group import Group


class Overtaken:
    """A store on whose way something happens before the next write of figures arrives."""

    def __init__(self, store: EtcdStore) -> None:
        self.meanwhile: Callable[[], Awaitable[None]] | None = None
        self._store = store
        self.read, self.watch, self.grant = store.read, store.watch, store.grant
        self.keep_alive, self.revoke, self.close = store.keep_alive, store.revoke, store.close
        self.commit_each = store.commit_each

    async def commit(self, conditions: Sequence[Condition], writes: Sequence[Put | Removal]) -> TransactionResult:
        if self.meanwhile is not None and any("/figures/" in write.key for write in writes):
            meanwhile, self.meanwhile = self.meanwhile, None
            await meanwhile()
        return await self._store.commit(conditions, writes)


async def test_figures_of_a_host_that_was_overtaken_are_not_stored_and_sent_when_it_renews_again(group: Group) -> None:
    store = Overtaken(EtcdStore(EtcdSettings(group.etcd.addresses)))
    first, second = await group.host("desk-1", store), await group.host("desk-2")
    account = await first.harness.signed_in()
    await first.sharing.share(account)
    there = await second.until_ready(account.id)
    await first.harness.rack.update_balances(account)
    store.meanwhile = lambda: second.sharing.take(there)
    await first.sharing.figures.send()
    key = first.sharing.entries.key("figures", account.id)
    assert (await second.store.read(key)).entries == ()
    assert first.sharing.entries.election.mine(account.id) is None, "the answer says who renews"
    await first.sharing.take(account)
    await first.sharing.figures.send()
    assert [entry.key for entry in (await second.store.read(key)).entries] == [key]
