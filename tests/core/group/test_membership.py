"""A host makes a group, finds it again after a restart, changes its key, and leaves."""

from dataclasses import replace

import msgspec
import pytest

from keyrack.core.group.group_failures import GroupFailure, KeyRefused
from keyrack.core.group.group_secrets import GroupSecrets
from keyrack.core.group.host_list import list_hosts
from keyrack.core.group.open_group import OpenGroup
from keyrack.core.shared_store.etcd_store import EtcdStore
from keyrack.core.shared_store.group_key import new_group_key
from keyrack.core.shared_store.seal_failures import OtherKey, WentBack
from keyrack.core.shared_store.shared_store import Put, Removal, SharedStore, StoredEntry
from keyrack.core.shared_store.store_failures import OtherStore, StoreAway
from keyrack.core.vault.record import Record
from keyrack.core.vault.vault_errors import Corrupt, Locked, Missing
from keyrack.primitives.failure import Failure
from keyrack.primitives.secret import Secret
from tests.core.group.conftest import Hosts, OneHost, Write
from tests.core.harness import FailingVault

SECRET = b"an invented refresh token"


async def value_at(store: SharedStore, key: str) -> StoredEntry:
    return next(entry for entry in (await store.read(key)).entries if entry.key == key)


async def store_account(group: OpenGroup, id: str, text: bytes = SECRET) -> StoredEntry:
    key = f"{group.prefix}accounts/{id}"
    snapshot = await group.store.read(key)
    follows = snapshot.entries[0].modified if snapshot.entries else snapshot.revision
    result = await group.store.commit([], [Put(key, group.seal.close(key, follows, text))])
    return next(entry for entry in result.entries if entry.key == key)


async def appear(group: OpenGroup, *leads: str) -> int:
    """What a host with a lease puts into the store."""
    lease = await group.store.grant(60)
    key = f"{group.prefix}hosts/{group.settings.host_id}"
    revision = (await group.store.read(key)).revision
    named = Put(key, group.seal.close(key, revision, group.settings.host.encode()), lease)
    claims = [Put(f"{group.prefix}leaders/{id}", group.settings.host_id.encode(), lease) for id in leads]
    await group.store.commit([], [named, *claims])
    return lease


async def test_a_group_is_found_again_after_a_restart(first: OneHost) -> None:
    before = (await first.membership.check()).settings
    await first.restart()
    group = await first.membership.check()
    assert group.settings == before
    assert (group.settings.host, group.seal.newest) == ("desk-1", 1)


@pytest.mark.security("S66", "S56")
async def test_no_secret_is_in_a_file_or_in_the_store(first: OneHost, store: EtcdStore, prefix: str) -> None:
    group = await first.membership.open()
    await store_account(group, "a")
    group.seal.open(f"{prefix}accounts/a", (await value_at(store, f"{prefix}accounts/a")).value)
    digits = (await first.membership.secrets.load()).newest.secret.reveal()
    everything = b"".join(path.read_bytes() for path in first.folder.rglob("*") if path.is_file())
    everything += b"".join(entry.value for entry in (await store.read(prefix)).entries)
    assert b"desk-1" in everything
    for secret in (SECRET, digits.encode(), bytes.fromhex(digits)):
        assert secret not in everything
    assert digits in first.vault.texts["sharing"].reveal()


async def test_a_second_group_of_the_same_name_is_refused(first: OneHost, host: Hosts) -> None:
    other = host("desk-2")
    with pytest.raises(GroupFailure) as there:
        await other.membership.create(other.door)
    assert there.value.code == "share_group_exists"
    assert not other.membership.file.exists()
    assert other.vault.names() == set()
    with pytest.raises(GroupFailure) as inside:
        await first.membership.create(first.door)
    assert inside.value.code == "share_in_group"


async def test_a_keyring_that_refuses_makes_no_group(host: Hosts, store: EtcdStore, prefix: str) -> None:
    made = host("desk-1")
    made.vault.refuses_saves = Locked()
    with pytest.raises(Locked):
        await made.membership.create(made.door)
    assert (await store.read(prefix)).entries == ()
    assert not made.membership.file.exists()


async def test_an_etcd_that_is_away_makes_no_group(host: Hosts) -> None:
    made = host("desk-1")
    away = msgspec.structs.replace(made.door.address, members=("http://127.0.0.1:1",))
    with pytest.raises(StoreAway):
        await made.membership.create(replace(made.door, address=away))
    assert not made.membership.file.exists()
    assert made.vault.names() == set()


async def test_the_wrong_key_is_told_before_anything_is_read(first: OneHost) -> None:
    await first.membership.secrets.keep(GroupSecrets((new_group_key(),)))
    await first.restart()
    with pytest.raises(KeyRefused) as wrong:
        await first.membership.check()
    assert wrong.value.code == "share_key_wrong"


@pytest.mark.parametrize(
    ("value", "code"),
    [
        (b"whatever", "share_group_foreign"),
        (b"[1]", "share_group_foreign"),
        (b'{"format":2,"id":"0123456789abcdef","key":1,"check":""}', "share_group_newer"),
        (b'{"format":1,"id":"0123456789abcdef","key":1,"check":""}', "share_group_other"),
        (None, "share_group_missing"),
    ],
)
async def test_a_group_entry_that_is_not_ours_is_told(
    first: OneHost, store: EtcdStore, prefix: str, value: bytes | None, code: str
) -> None:
    place = f"{prefix}group"
    await store.commit([], [Put(place, value) if value is not None else Removal(place)])
    with pytest.raises(Failure) as told:
        await first.membership.check()
    assert told.value.code == code


async def test_a_changed_key_shuts_out_a_host_that_was_not_invited_again(
    first: OneHost, host: Hosts, store: EtcdStore, prefix: str
) -> None:
    second = host("desk-2")
    await first.let_in(second)
    mine, theirs = await first.membership.open(), await second.membership.open()
    await appear(mine, "a")
    await appear(theirs, "b")
    for id in ("a", "b"):
        await store_account(mine, id)
    old = (await value_at(store, f"{prefix}accounts/a")).value
    change = await first.membership.change_key()
    assert (change.sealed_again, change.left) == (3, ())
    fresh = (await value_at(store, f"{prefix}accounts/a")).value
    assert mine.seal.open(f"{prefix}accounts/a", fresh).plain == SECRET
    with pytest.raises(OtherKey) as told:
        theirs.seal.open(f"{prefix}accounts/a", fresh)
    assert told.value.code == "share_key_newer"
    with pytest.raises(KeyRefused):
        await second.membership.check()
    with pytest.raises(OtherKey) as given_up:
        mine.seal.open(f"{prefix}accounts/a", old)
    assert given_up.value.code == "share_key_given_up"
    # What the other host held is gone, so that this one can renew it.
    keys = [entry.key for entry in (await store.read(prefix)).entries]
    assert f"{prefix}leaders/a" in keys
    assert f"{prefix}leaders/b" not in keys
    assert [key for key in keys if "/hosts/" in key] == [f"{prefix}hosts/{mine.settings.host_id}"]
    assert [key.number for key in (await first.membership.secrets.load()).keys] == [2]


async def test_a_host_that_was_shut_out_is_invited_again(first: OneHost, host: Hosts) -> None:
    second = host("desk-2")
    await first.let_in(second)
    await first.membership.change_key()
    with pytest.raises(GroupFailure) as inside:
        await first.let_in(second)
    assert inside.value.code == "share_in_group"
    id = (await second.membership.open()).settings.host_id
    await first.let_in(second, again=True)
    again = await second.membership.check()
    assert (again.seal.newest, again.settings.host_id) == (2, id)
    await second.restart()
    assert (await second.membership.check()).seal.newest == 2


async def test_a_host_whose_key_is_lost_gets_it_again(first: OneHost, host: Hosts) -> None:
    second = host("desk-2")
    await first.let_in(second)
    await second.membership.secrets.forget()
    await second.restart()
    with pytest.raises(Missing):
        await second.membership.open()
    await first.let_in(second, again=True)
    assert (await second.membership.check()).settings.host == "desk-2"


async def test_a_host_whose_keyring_record_is_gone_can_leave(first: OneHost) -> None:
    await first.membership.secrets.forget()
    await first.restart()
    assert not await first.membership.leave(keep=True)
    assert not first.membership.file.exists()
    with pytest.raises(GroupFailure) as none:
        await first.membership.leave(keep=True)
    assert none.value.code == "share_no_group"


async def test_another_cluster_at_the_same_address_is_refused(first: OneHost) -> None:
    path = first.membership.file.path
    cluster = (await first.membership.open()).settings.cluster
    assert cluster.isdigit()
    path.write_text(path.read_text().replace(cluster, "1234567890"))
    await first.restart()
    with pytest.raises(OtherStore):
        await first.membership.check()


async def test_a_change_that_was_cut_off_is_taken_up_again(first: OneHost, store: EtcdStore, prefix: str) -> None:
    group = await first.membership.open()
    await store_account(group, "a")
    held = await first.membership.secrets.load()
    await first.membership.secrets.keep(GroupSecrets((held.newest, new_group_key(2))))
    await first.restart()
    with pytest.raises(GroupFailure) as unfinished:
        await first.entrances.invite()
    assert unfinished.value.code == "share_key_change_unfinished"
    assert (await first.membership.change_key()).sealed_again == 1
    again = await first.membership.check()
    assert again.seal.open(f"{prefix}accounts/a", (await value_at(store, f"{prefix}accounts/a")).value).key_number == 2
    await first.entrances.invite()


async def test_many_records_are_sealed_again_and_a_foreign_one_is_left(
    first: OneHost, store: EtcdStore, prefix: str, write: Write
) -> None:
    group = await first.membership.open()
    for number in range(130):
        await store_account(group, f"a{number}")
    await write(f"{prefix}accounts/foreign", b"not from Keyrack")
    await write(f"{prefix}accounts/moved", (await value_at(store, f"{prefix}accounts/a0")).value)
    change = await first.membership.change_key()
    assert (change.sealed_again, change.left) == (130, (f"{prefix}accounts/moved",))
    assert (await value_at(store, f"{prefix}accounts/foreign")).value == b"not from Keyrack"


async def test_a_restored_backup_is_told_and_taken_only_when_it_was_meant(
    first: OneHost, store: EtcdStore, prefix: str, write: Write
) -> None:
    group = await first.membership.open()
    key = f"{prefix}accounts/a"
    backup = (await store_account(group, "a", b"used up")).value
    newest = (await store_account(group, "a")).value
    group.seal.open(key, newest)
    await write(key, backup)
    await first.restart()
    again = await first.membership.check()
    with pytest.raises(WentBack):
        again.seal.open(key, (await value_at(store, key)).value)
    with pytest.raises(WentBack):
        await first.membership.change_key()
    assert [each.number for each in (await first.membership.secrets.load()).keys] == [1]
    assert (await value_at(store, key)).value == backup


async def test_a_restored_backup_that_was_meant_is_taken(
    first: OneHost, store: EtcdStore, prefix: str, write: Write
) -> None:
    group = await first.membership.open()
    key = f"{prefix}accounts/a"
    backup = (await store_account(group, "a", b"from the backup")).value
    group.seal.open(key, (await store_account(group, "a")).value)
    await write(key, backup)
    assert (await first.membership.change_key(after_restore=True)).left == ()
    assert group.seal.open(key, (await value_at(store, key)).value).plain == b"from the backup"


async def test_the_list_says_who_is_there_and_renews_what(first: OneHost, host: Hosts) -> None:
    second = host("desk-2")
    await first.let_in(second)
    mine, theirs = await first.membership.open(), await second.membership.open()
    await appear(theirs, "a", "b")
    await store_account(mine, "a")
    found = await list_hosts(mine)
    assert [(each.name, each.here, each.renews) for each in found.hosts] == [
        ("desk-1", True, ()),
        ("desk-2", False, ("a", "b")),
    ]
    assert found.shared == ("a",)


async def test_a_host_that_leaves_keeps_nothing_of_the_group(
    first: OneHost, host: Hosts, store: EtcdStore, prefix: str
) -> None:
    second = host("desk-2")
    await first.let_in(second)
    group = await second.membership.open()
    await appear(group, "a")
    kept: list[bool] = []

    async def note(keep: bool) -> None:
        kept.append(keep)

    second.membership.before_leaving = note
    assert await second.membership.leave(keep=True)
    assert kept == [True]
    assert not second.membership.file.exists()
    with pytest.raises(Missing):
        await second.membership.secrets.load()
    assert [e.key for e in (await store.read(prefix)).entries] == [f"{prefix}group"]
    with pytest.raises(GroupFailure) as none:
        await second.membership.open()
    assert none.value.code == "share_no_group"


async def test_a_host_leaves_while_the_etcd_is_away(first: OneHost) -> None:
    path = first.membership.file.path
    lines = [line for line in path.read_text().splitlines() if not line.startswith("members")]
    path.write_text("\n".join([*lines, 'members = ["http://127.0.0.1:1"]', ""]))
    await first.restart()
    assert not await first.membership.leave(keep=True)
    assert not first.membership.file.exists()


async def test_a_keyring_that_refuses_keeps_the_host_in_the_group(first: OneHost) -> None:
    await first.membership.open()
    first.vault.refuses_saves = Locked()
    with pytest.raises(Locked):
        await first.membership.leave(keep=True)
    assert first.membership.file.exists()
    first.vault.refuses_saves = None
    await first.membership.check()


@pytest.mark.parametrize("text", ["", "1", "1:00", "0:" + "0f" * 32, "1:" + "0f" * 32 + " 1:" + "1e" * 32, "x:y:z"])
async def test_a_record_of_the_keyring_that_holds_no_keys_is_told(first: OneHost, text: str) -> None:
    vault: FailingVault = first.vault
    await vault.save("sharing", Record(group_keys=Secret(text) if text else None))
    await first.restart()
    with pytest.raises((Corrupt, Missing)):
        await first.membership.open()
