"""An etcd whose disk was put back to an older state: told, not used, and taken when the person says so."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from keyrack.core.group.sharing_file import StoreAddress, checked_address
from keyrack.core.shared_store.seal_failures import WentBack
from keyrack.core.shared_store.store_failures import OtherStore
from tests.core.group.conftest import OneHost
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


def put_back(etcd: EtcdCluster, backup: Path) -> None:
    """Have the member run with the data of a backup."""
    (member,) = etcd.members
    member.kill()
    shutil.rmtree(member.folder / "data")
    shutil.copytree(backup, member.folder / "data")
    etcd.start_member(member)
    etcd.wait()


async def test_a_restored_etcd_is_told_and_taken_only_when_it_was_meant(
    first: OneHost, own_etcd: EtcdCluster, tmp_path: Path
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
    again = await first.membership.check()
    old = await value_at(again.store, key)
    assert old.modified < newest.modified
    with pytest.raises(WentBack):
        again.seal.open(key, old.value)
    with pytest.raises(WentBack):
        await first.membership.change_key()
    assert (await first.membership.check()).seal.newest == 1
    assert (await first.membership.change_key(after_restore=True)).left == ()
    taken = again.seal.open(key, (await value_at(again.store, key)).value)
    assert (taken.plain, taken.key_number) == (b"used up", 2)
    await first.restart()
    renewed = await first.membership.check()
    assert renewed.seal.open(key, (await store_account(renewed, "a", b"after a new sign-in")).value).key_number == 2
