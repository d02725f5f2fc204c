"""`Membership`: whether this host belongs to a group, and how it enters, changes and leaves one."""

import asyncio
import contextlib
import secrets
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

import msgspec

from keyrack.core.group.group_entry import address_of, check_group, group_value
from keyrack.core.group.group_failures import GroupFailure
from keyrack.core.group.group_secrets import GroupSecrets, GroupSecretStore
from keyrack.core.group.invitation import GroupToJoin, Invitation
from keyrack.core.group.joining import Joining
from keyrack.core.group.joining_code import JoiningCode
from keyrack.core.group.key_change import KeyChange, KeyChanger
from keyrack.core.group.open_group import OpenGroup
from keyrack.core.group.sharing_file import SharingFile, SharingSettings, StoreAddress, checked_settings
from keyrack.core.shared_store.group_key import new_group_key
from keyrack.core.shared_store.newest_revision import KeptRevision, NewestRevision
from keyrack.core.shared_store.seal import Seal
from keyrack.core.shared_store.seen_revisions import SeenRevisions
from keyrack.core.shared_store.shared_store import Condition, Put, SharedStore, StoredEntry
from keyrack.core.vault.record_store import RecordStore
from keyrack.core.vault.vault_errors import Corrupt, Missing, VaultFailure
from keyrack.primitives.failure import Failure
from keyrack.primitives.secret import Secret
from keyrack.primitives.signal import Signal


class GroupStore(SharedStore, Protocol):
    """A store that knows which cluster it speaks to."""

    @property
    def cluster(self) -> str:
        """The id of the cluster, "" before its first answer."""


Connect = Callable[[StoreAddress, Secret | None, str, NewestRevision], GroupStore]


@dataclass(frozen=True, slots=True)
class Door:
    """What a person gives to make a group or to join one: the store, its user's password, and two names."""

    address: StoreAddress
    group: str
    host: str
    password: Secret | None = field(default=None, repr=False)


class Membership:
    """The group of this host. `changed` is emitted after this host has entered or left one, or failed to.

    `connect` makes the store of an address, with the password of its user, the id of the cluster as it was first seen,
    and the revision that it may not precede. `group` is the open one, or None. `before_leaving` ends what works with
    it, and is given whether the accounts stay here as this host's own. `before_key_change` has this host renew all of
    them. Every method that waits raises SharedStoreFailure, SealFailure, VaultFailure or GroupFailure, and has changed
    nothing then unless it says so.
    """

    def __init__(self, records: RecordStore, config: Path, state: Path, connect: Connect) -> None:
        self.file = SharingFile(config)
        self.secrets = GroupSecretStore(records)
        self.changed: Signal[[]] = Signal()
        self.group: OpenGroup | None = None
        self.before_leaving: Callable[[bool], Awaitable[None]] | None = None
        self.before_key_change: Callable[[], Awaitable[None]] | None = None
        self._state, self._connect = state, connect
        self._lock = asyncio.Lock()

    async def open(self, *, prompt: bool = False) -> OpenGroup:
        """The group, opened and checked if it is not. `prompt` lets the keyring ask to be unlocked."""
        async with self._lock:
            if self.group is None:
                settings = self.file.read()
                held = await self.secrets.load(prompt=prompt)
                self.group = _opened(settings, held, self._state, self._connect)
            return self.group

    async def check(self) -> OpenGroup:
        """The open group, once the store has said that its key is still the one of this host."""
        group = await self.open(prompt=True)
        check_group(group.prefix, await _group_entry(group.store, group.prefix), group.seal, group.settings.group_id)
        return group

    async def create(self, door: Door) -> SharingSettings:
        """Make a group of this host alone, with a new key."""
        async with self._lock:
            self.file.must_not_exist()
            settings, key = _settings(door, secrets.token_hex(8)), new_group_key()
            store = self._connect(settings, door.password, "", NewestRevision())
            try:
                snapshot = await store.read(address_of(settings.prefix))
                if any(entry.key == address_of(settings.prefix) for entry in snapshot.entries):
                    raise GroupFailure("share_group_exists", prefix=settings.prefix)
                settings = msgspec.structs.replace(settings, cluster=store.cluster)
                await self._enter(settings, GroupSecrets((key,), door.password))
                await self._write_group(store, settings, Seal([key], None), snapshot.revision)
            finally:
                await store.close()
        self.changed.emit()
        return settings

    async def invite(self) -> Invitation:
        """An invitation for one host, which its code names. Its time is ten minutes."""
        group = await self.check()
        held = await self.secrets.load()
        if len(held.keys) > 1:
            raise GroupFailure("share_key_change_unfinished")
        settings = group.settings
        invitation = Invitation(
            group.store, GroupToJoin(settings.prefix, settings.group_id, held.newest, settings.host)
        )
        await invitation.open()
        return invitation

    async def begin_to_join(self, door: Door | None, code: JoiningCode) -> Joining:
        """Ask the host that invites. The answer comes when its person has decided.

        Without a door this host asks for the new key of the group that it is in.
        """
        if door is None:
            settings = self.file.read()
            door = Door(settings, settings.group, settings.host, await _password(self.secrets))
        else:
            self.file.must_not_exist()
            settings = _settings(door, "0" * 16)
        store = self._connect(door.address, door.password, settings.cluster, NewestRevision())
        joining = Joining(store, settings.prefix, code, door.host, lambda: store.cluster)
        try:
            await joining.ask()
        except BaseException:
            await joining.close()
            raise
        return joining

    async def finish_joining(self, door: Door | None, joining: Joining, handed: GroupToJoin) -> None:
        """Keep what was handed over, and tell the other host."""
        async with self._lock:
            if door is None:
                await self._take_new_key(handed)
            else:
                settings = msgspec.structs.replace(_settings(door, handed.group_id), cluster=joining.cluster)
                await self._enter(settings, GroupSecrets((handed.key,), door.password))
        with contextlib.suppress(Failure):  # this host has joined all the same
            await joining.confirm(handed)
        self.changed.emit()

    async def change_key(self, *, after_restore: bool = False) -> KeyChange:
        """Seal every record again with a new key. The other hosts have to be invited again.

        `after_restore` takes records that went back, because the person has restored a backup of the store. After a
        failure some records may have the new key. This host has both then, and the next call goes on.
        """
        group = await self.open(prompt=True)
        if after_restore:
            group.newest.begin_anew()
        if self.before_key_change is not None:
            await self.before_key_change()
        async with self._lock:
            held = await self.secrets.load(prompt=True)
            reader = Seal(held.keys, None if after_restore else group.seen)
            entry = await _group_entry(group.store, group.prefix)
            check_group(group.prefix, entry, reader, group.settings.group_id)
            changer = KeyChanger(group.store, group.prefix, group.settings.group_id, group.settings.host_id)
            await changer.check(reader)
            if len(held.keys) == 1:
                held = GroupSecrets((held.newest, new_group_key(held.newest.number + 1)), held.password)
                await self.secrets.keep(held)
            group.seal.use(held.keys)
            reader.use(held.keys)
            change = await changer.run(reader)
            await self.secrets.keep(GroupSecrets((held.newest,), held.password))
            group.seal.use([held.newest])
        self.changed.emit()
        return change

    async def leave(self, *, keep: bool) -> bool:
        """Forget the group and its key. Returns whether the store could be told.

        Where it could not, the other hosts see it when this host's lease has ended.
        """
        if not self.file.exists():
            raise GroupFailure("share_no_group")
        try:
            if self.before_leaving is not None:
                await self.before_leaving(keep)
            told = await self._told_of_leaving()
            async with self._lock:
                await self.close()
                await self.secrets.forget()
                self.file.remove()
        finally:
            self.changed.emit()
        return told

    async def close(self) -> None:
        """End the connection to the store."""
        if self.group is not None:
            await self.group.close()
            self.group = None

    async def _take_new_key(self, handed: GroupToJoin) -> None:
        """Keep the key that a host of this host's own group has handed over."""
        if handed.group_id != self.file.read().group_id:
            raise GroupFailure("share_group_other", prefix=handed.prefix)
        await self.secrets.keep(GroupSecrets((handed.key,), await _password(self.secrets)))
        if self.group is not None:
            self.group.seal.use([handed.key])
            self.group.newest.begin_anew()

    async def _told_of_leaving(self) -> bool:
        try:
            await _end_lease(await self.open(prompt=True))
        except Failure as why:
            # A host whose key or whose file is damaged has to leave before it can join again.
            if isinstance(why, VaultFailure) and not isinstance(why, Missing | Corrupt):
                raise
            return False
        return True

    async def _enter(self, settings: SharingSettings, held: GroupSecrets) -> None:
        self.file.must_not_exist()
        await self.secrets.keep(held)
        try:
            self.file.create(settings)
        except GroupFailure:
            await self.secrets.forget()
            raise

    async def _write_group(self, store: SharedStore, settings: SharingSettings, seal: Seal, revision: int) -> None:
        place = address_of(settings.prefix)
        value = group_value(settings.prefix, settings.group_id, seal, revision)
        try:
            if not (await store.commit([Condition(place, created=0)], [Put(place, value)])).happened:
                raise GroupFailure("share_group_exists", prefix=settings.prefix)
        except Failure:
            # Where no answer came it may stand there all the same. Nobody else has its key, so another name is free.
            self.file.remove()
            await self.secrets.forget()
            raise


def _opened(settings: SharingSettings, held: GroupSecrets, state: Path, connect: Connect) -> OpenGroup:
    seen = SeenRevisions(state / f"shared-{settings.group_id}.seen")
    seal = Seal(held.keys, seen)
    newest = KeptRevision(settings.prefix, seal, seen)
    return OpenGroup(settings, connect(settings, held.password, settings.cluster, newest), seal, seen, newest)


def _settings(door: Door, group_id: str) -> SharingSettings:
    own = {"host": door.host, "host_id": secrets.token_hex(8)}
    return checked_settings(door.address, group=door.group, group_id=group_id, **own)


async def _group_entry(store: SharedStore, prefix: str) -> StoredEntry | None:
    place = address_of(prefix)
    return next((entry for entry in (await store.read(place)).entries if entry.key == place), None)


async def _password(secrets: GroupSecretStore) -> Secret | None:
    """The password of the store's user, None where no record of the group can be read."""
    try:
        return (await secrets.load(prompt=True)).password
    except (Missing, Corrupt):
        return None


async def _end_lease(group: OpenGroup) -> None:
    """End this host's lease, so that others take over what it renews at once."""
    place = f"{group.prefix}hosts/{group.settings.host_id}"
    for entry in (await group.store.read(place)).entries:
        if entry.key == place and entry.lease:
            await group.store.revoke(entry.lease)
