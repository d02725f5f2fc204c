"""Sharing and unsharing whose answer from the store is lost: the account is renewed by one, and nobody loses it."""

from collections.abc import Sequence

import pytest

from keyrack.core.shared_store.etcd_settings import EtcdSettings
from keyrack.core.shared_store.etcd_store import EtcdStore
from keyrack.core.shared_store.shared_store import Condition, Put, Removal, StoreSnapshot, TransactionResult
from keyrack.core.shared_store.store_failures import AnswerLost, StoreAway
from keyrack.primitives.failure import Failure
from tests.core.sharing.group import Group


class LosingStore(EtcdStore):
    """A store whose answers to writes of accounts are lost on their way, and `silent` says that no read comes back."""

    loses = silent = False

    async def commit(self, conditions: Sequence[Condition], writes: Sequence[Put | Removal]) -> TransactionResult:
        result = await super().commit(conditions, writes)
        if self.loses and any("/accounts/" in each.key for each in writes):
            raise AnswerLost
        return result

    async def read(self, prefix: str) -> StoreSnapshot:
        if self.silent:
            raise StoreAway(addresses="")
        return await super().read(prefix)


class DeafStore(LosingStore):
    """One to which the writes of accounts do not even get."""

    async def commit(self, conditions: Sequence[Condition], writes: Sequence[Put | Removal]) -> TransactionResult:
        if self.loses and any("/accounts/" in each.key for each in writes):
            raise AnswerLost
        return await super().commit(conditions, writes)


@pytest.fixture
def store(group: Group) -> LosingStore:
    return LosingStore(EtcdSettings(group.etcd.addresses))


async def test_an_account_is_shared_although_the_answer_was_lost(group: Group, store: LosingStore) -> None:
    first, second = await group.host("desk-1", store), await group.host("desk-2")
    account = await first.harness.signed_in()
    store.loses = True
    await first.sharing.share(account)
    assert account.settings.group == group.id
    there = await second.until_ready(account.id)
    assert second.harness.token(there).refresh == first.harness.token(account).refresh


@pytest.mark.parametrize("kind", [LosingStore, DeafStore])
async def test_an_account_whose_sharing_is_not_known_is_decided_by_the_store(
    group: Group, kind: type[LosingStore]
) -> None:
    store = kind(EtcdSettings(group.etcd.addresses))
    first, second = await group.host("desk-1", store), await group.host("desk-2")
    account = await first.harness.signed_in()
    store.loses = store.silent = True
    with pytest.raises(Failure):
        await first.sharing.share(account)
    store.loses = store.silent = False
    if kind is LosingStore:
        await second.until_ready(account.id)
        assert account.settings.group == group.id
    else:
        await first.harness.until(lambda: not account.settings.group)
        await first.harness.rack.refresh(account)
        assert [row["status"] for row in first.harness.asked(account)] == [200]


async def test_an_account_is_one_s_own_again_although_the_answer_was_lost(group: Group, store: LosingStore) -> None:
    first = await group.host("desk-1", store)
    account = await first.harness.signed_in()
    await first.sharing.share(account)
    store.loses = True
    await first.sharing.unshare(account)
    assert account.settings.group == ""
    assert account.id in first.harness.vault.names()


async def test_an_account_that_was_kept_is_there_after_a_kill_before_the_answer(
    group: Group, store: LosingStore
) -> None:
    first, _ = await group.host("desk-1", store), await group.host("desk-2")
    account = await first.harness.signed_in()
    await first.sharing.share(account)
    await first.stop_following()
    store.loses = store.silent = True
    with pytest.raises(Failure):
        await first.sharing.unshare(account)
    assert account.settings.group == group.id
    await first.kill()
    again = await group.host("desk-1", keyring=first.harness.vault)
    there = again.account(account.id)
    await again.harness.until(lambda: again.harness.status(there).name == "ready")
    assert there.settings.group == ""
    assert [row["status"] for row in again.harness.asked(there)] == [200], "it had its refresh token"


async def test_an_account_that_was_one_s_own_again_can_be_shared_again(group: Group) -> None:
    first, second = await group.host("desk-1"), await group.host("desk-2")
    account = await first.harness.signed_in()
    for _ in range(2):
        await first.sharing.share(account)
        await second.until_ready(account.id)
        await first.sharing.unshare(account)
        await second.harness.until(lambda: account.id not in second.harness.rack.parts.accounts.kept)
    assert account.settings.group == ""
