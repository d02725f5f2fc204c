"""A change of the key that is cut off at any of its requests loses no record, and the next one ends it."""

from collections.abc import Sequence
from itertools import count

import pytest

from keyrack.core.group.etcd_connection import connect_to_etcd
from keyrack.core.group.membership import Membership
from keyrack.core.group.sharing_file import StoreAddress
from keyrack.core.shared_store.etcd_store import EtcdStore
from keyrack.core.shared_store.newest_revision import NewestRevision
from keyrack.core.shared_store.shared_store import Condition, Put, Removal, TransactionResult
from keyrack.core.shared_store.store_failures import AnswerLost, SharedStoreFailure, StoreAway
from keyrack.core.vault.record_store import RecordStore
from keyrack.primitives.clock import Clock
from keyrack.primitives.secret import Secret
from tests.core.group.conftest import OneHost
from tests.core.group.test_membership import SECRET, store_account, value_at

ACCOUNTS = 70


class CutOff:
    """A store whose transactions end at the one of this number: before it happened, or before its answer came."""

    def __init__(self, store: EtcdStore, at: int, *, happened: bool) -> None:
        self._store, self._at, self._happened, self._number = store, at, happened, count(1)
        self.read, self.watch, self.grant, self.commit_each = store.read, store.watch, store.grant, store.commit_each
        self.keep_alive, self.revoke, self.close = store.keep_alive, store.revoke, store.close

    @property
    def cluster(self) -> str:
        return self._store.cluster

    async def commit(self, conditions: Sequence[Condition], writes: Sequence[Put | Removal]) -> TransactionResult:
        if next(self._number) != self._at:
            return await self._store.commit(conditions, writes)
        if not self._happened:
            raise StoreAway(addresses="an invented address")
        await self._store.commit(conditions, writes)
        raise AnswerLost(addresses="an invented address")


@pytest.mark.parametrize("happened", [False, True])
@pytest.mark.parametrize("at", [1, 2, 3, 4])
async def test_no_record_is_lost(first: OneHost, store: EtcdStore, prefix: str, at: int, happened: bool) -> None:
    group = await first.membership.open()
    for number in range(ACCOUNTS):
        await store_account(group, f"a{number}")
    await first.membership.close()

    def connect(address: StoreAddress, password: Secret | None, cluster: str, newest: NewestRevision) -> CutOff:
        return CutOff(connect_to_etcd(address, password, cluster, newest), at, happened=happened)

    folder = first.folder
    cut = Membership(RecordStore(first.vault, Clock()), folder / "config", folder / "state", connect)
    with pytest.raises(SharedStoreFailure):
        await cut.change_key()
    await cut.close()

    await first.restart()
    await first.membership.change_key()
    again = await first.membership.check()
    assert [key.number for key in (await first.membership.secrets.load()).keys] == [2]
    for number in range(ACCOUNTS):
        key = f"{prefix}accounts/a{number}"
        opened = again.seal.open(key, (await value_at(store, key)).value)
        assert (opened.plain, opened.key_number) == (SECRET, 2)
