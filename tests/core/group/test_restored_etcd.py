"""An etcd whose disk was put back to an older state: told, not used, and taken when the person says so."""

import shutil
from collections.abc import AsyncGenerator, Iterator
from pathlib import Path

import pytest

from keyrack.core.group.sharing_file import StoreAddress, checked_address
from keyrack.core.shared_store.etcd_settings import EtcdSettings
from keyrack.core.shared_store.etcd_store import EtcdStore
from keyrack.core.shared_store.seal_failures import WentBack
from keyrack.core.shared_store.store_failures import OtherStore
from tests.core.group.conftest import Hosts, OneHost
from tests.core.group.test_membership import store_account, value_at
from tests.etcd_cluster import EtcdCluster


@pytest.fixture
def own_etcd(tmp_path: Path) -> Iterator[EtcdCluster]:
    (tmp_path / "etcd").mkdir()
    with EtcdCluster(tmp_path / "etcd") as cluster:
        yield cluster


@pytest.fixture
def address(own_etcd: EtcdCluster) -> StoreAddress:
    return checked_address({"members": list(own_etcd.addresses)})


@pytest.fixture
async def past_keyrack(own_etcd: EtcdCluster) -> AsyncGenerator[EtcdStore]:
    """The etcd as its operator sees it."""
    store = EtcdStore(EtcdSettings(own_etcd.addresses))
    yield store
    await store.close()


def put_back(etcd: EtcdCluster, backup: Path) -> None:
    """Have the member run with the data of a backup."""
    (member,) = etcd.members
    member.kill()
    shutil.rmtree(member.folder / "data")
    shutil.copytree(backup, member.folder / "data")
    etcd.start_member(member)
    etcd.wait()


async def test_a_restored_etcd_is_told_and_taken_only_when_it_was_meant(
    first: OneHost, own_etcd: EtcdCluster, past_keyrack: EtcdStore, tmp_path: Path
) -> None:
    group = await first.membership.open()
    key = f"{group.prefix}accounts/a"
    group.seal.open(key, (await store_account(group, "a", b"used up")).value)
    (member,) = own_etcd.members
    member.kill()
    shutil.copytree(member.folder / "data", tmp_path / "backup")
    own_etcd.start_member(member)
    own_etcd.wait()
    newest = await store_account(group, "a", b"newest")
    group.seal.open(key, (await store_account(group, "a", b"newer still")).value)

    put_back(own_etcd, tmp_path / "backup")
    with pytest.raises(OtherStore):
        await group.store.read(key)
    # A host that starts now has nothing in memory. What it has on its disk tells it.
    await first.restart()
    for use in (first.membership.check, first.membership.change_key, first.membership.invite):
        with pytest.raises(OtherStore) as older:
            await use()
        assert older.value.code == "shared_store_older"
    again = await first.membership.open()
    old = await value_at(past_keyrack, key)
    assert old.modified < newest.modified
    with pytest.raises(WentBack):
        again.seal.open(key, old.value)
    assert again.seal.newest == 1
    assert (await first.membership.change_key(after_restore=True)).left == ()
    taken = again.seal.open(key, (await value_at(again.store, key)).value)
    assert (taken.plain, taken.key_number) == (b"used up", 2)
    await first.restart()
    renewed = await first.membership.check()
    assert renewed.seal.open(key, (await store_account(renewed, "a", b"after a new sign-in")).value).key_number == 2


async def test_another_host_of_the_group_takes_it_with_the_new_key(
    first: OneHost, host: Hosts, own_etcd: EtcdCluster, tmp_path: Path
) -> None:
    second = host("desk-2")
    await first.let_in(second)
    (member,) = own_etcd.members
    member.kill()
    shutil.copytree(member.folder / "data", tmp_path / "backup")
    own_etcd.start_member(member)
    own_etcd.wait()
    key = f"/keyrack/{first.door.group}/accounts/a"
    for each in (first, second) * 10:  # what the restored one does not reach again in this test
        await store_account(await each.membership.open(), "a")
    put_back(own_etcd, tmp_path / "backup")
    running = await second.membership.open()
    with pytest.raises(OtherStore):
        await running.store.read(key)
    # The host that takes it back goes on running too.
    assert (await first.membership.change_key(after_restore=True)).left == ()
    with pytest.raises(OtherStore):
        await running.store.read(key)
    await first.let_in(second, again=True)
    assert (await second.membership.check()).seal.newest == 2
    await second.restart()
    assert (await second.membership.check()).seal.newest == 2
