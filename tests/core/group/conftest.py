"""Hosts of one group: each with folders and a keyring of its own, over one real etcd."""

from collections.abc import AsyncGenerator, Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from keyrack.core.group.entrances import Entrances
from keyrack.core.group.etcd_connection import connect_to_etcd
from keyrack.core.group.joining_code import read_code
from keyrack.core.group.membership import Door, Membership
from keyrack.core.group.sharing_file import StoreAddress, checked_address
from keyrack.core.shared_store.etcd_store import EtcdStore
from keyrack.core.shared_store.shared_store import Put
from keyrack.core.vault.record_store import RecordStore
from keyrack.primitives.clock import Clock
from keyrack.primitives.secret import Secret
from tests.core.harness import FailingVault
from tests.core.shared_store.conftest import etcd, prefix, store
from tests.etcd_cluster import EtcdCluster

__all__ = ["etcd", "prefix", "store"]

LOOK = 0.01


@dataclass
class OneHost:
    """A host. `door` is what its person enters."""

    folder: Path
    door: Door
    vault: FailingVault
    membership: Membership
    entrances: Entrances

    async def restart(self) -> None:
        """End it and start it again, over the same folders and keyring."""
        await self.close()
        self.membership = _membership(self.folder, self.vault)
        self.entrances = Entrances(self.membership, LOOK)

    async def close(self) -> None:
        """End it."""
        await self.entrances.close()
        await self.membership.close()

    async def let_in(self, other: "OneHost", *, again: bool = False) -> None:
        """Invite another host, which joins, or gets the key `again`."""
        invitation = await self.entrances.invite()
        code = Secret(invitation.code.text.reveal().lower().replace("-", " "))
        await other.entrances.join(None if again else other.door, read_code(code))
        assert (await self.entrances.look("waiting", 5)).step == "asked"
        await self.entrances.decide(let_in=True)
        assert await other.entrances.wait_for_answer(5)
        assert (await self.entrances.look("approved", 5)).step == "joined"


Hosts = Callable[[str], OneHost]


def _membership(folder: Path, vault: FailingVault) -> Membership:
    return Membership(RecordStore(vault, Clock()), folder / "config", folder / "state", connect_to_etcd)


@pytest.fixture
def address(etcd: EtcdCluster) -> StoreAddress:
    return checked_address({"members": list(etcd.addresses)})


@pytest.fixture
async def host(tmp_path: Path, address: StoreAddress, prefix: str) -> AsyncGenerator[Hosts]:
    """Makes a host of this name."""
    made: list[OneHost] = []

    def make(name: str) -> OneHost:
        folder, vault = tmp_path / name, FailingVault()
        membership = _membership(folder, vault)
        door = Door(address, prefix.split("/")[2], name)
        made.append(OneHost(folder, door, vault, membership, Entrances(membership, LOOK)))
        return made[-1]

    yield make
    for each in made:
        await each.close()


@pytest.fixture
async def first(host: Hosts) -> OneHost:
    """A host that has made the group."""
    made = host("desk-1")
    await made.membership.create(made.door)
    return made


Write = Callable[[str, bytes], Awaitable[int]]


@pytest.fixture
def write(store: EtcdStore) -> Write:
    """Writes past Keyrack, as whoever may write to the etcd can. Returns the revision."""

    async def written(key: str, value: bytes) -> int:
        return (await store.commit([], [Put(key, value)])).revision

    return written
