"""A group of hosts for a test, each with a vault, folders and a watch of its own."""

import asyncio
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from keyrack.core.accounts.account import Account
from keyrack.core.shared_store.etcd_settings import EtcdSettings
from keyrack.core.shared_store.etcd_store import EtcdStore
from keyrack.core.shared_store.group_key import GroupKey, new_group_key
from keyrack.core.shared_store.seal import Seal
from keyrack.core.shared_store.shared_store import SharedStore
from keyrack.core.sharing.sharing import GroupPlace, Sharing
from keyrack.net.client.http_client import ClientLimits
from tests.core.harness import CoreHarness, FailingVault
from tests.etcd_cluster import EtcdCluster
from tests.sandbox_process import RunningSandbox
from tests.tcp_relay import TcpRelay


@dataclass
class SharingHost:
    """One host: its rack on a harness, and what it shares."""

    harness: CoreHarness
    sharing: Sharing
    store: SharedStore
    running: asyncio.Task[None] | None = None

    async def start(self, *, reached: bool = True) -> Self:
        """Open the rack and follow the store."""
        await self.harness.start()
        self.running = asyncio.create_task(self.sharing.run())
        if reached:
            await self.harness.until(lambda: self.sharing.lease.current is not None and self.sharing.read.is_set())
        return self

    def account(self, id: str) -> Account:
        """The account of the group on this host."""
        return self.harness.rack.parts.accounts.kept[id]

    async def until_ready(self, id: str) -> Account:
        """Wait until this host serves the account."""
        await self.harness.until(lambda: id in self.harness.rack.parts.accounts.kept)
        account = self.account(id)
        await self.harness.until(lambda: self.harness.status(account).name == "ready", 15)
        return account

    async def stop_following(self) -> None:
        """Hear nothing more from the store."""
        if self.running is not None:
            self.running.cancel()
            await asyncio.gather(self.running, return_exceptions=True)

    async def kill(self) -> None:
        """End without a word to the store, as by kill -9."""
        if self.running is not None:
            self.running.cancel()
            await asyncio.gather(self.running, return_exceptions=True)
            self.running = None
            await self.store.close()
            await self.harness.rack.close()

    async def close(self) -> None:
        """End in order."""
        if self.running is not None:
            self.running.cancel()
            await asyncio.gather(self.running, return_exceptions=True)
            self.running = None
            await self.sharing.close()
            await self.store.close()
            await self.harness.rack.close()


class Group:
    """The hosts of one test."""

    def __init__(self, etcd: EtcdCluster, sandbox: RunningSandbox, folder: Path, id: str) -> None:
        self.id = id
        self.key: GroupKey = new_group_key()
        self.hosts: list[SharingHost] = []
        self.etcd = etcd
        self._sandbox = sandbox
        self._folder = folder

    async def host(
        self, name: str, store: SharedStore | None = None, *, reached: bool = True, keyring: FailingVault | None = None
    ) -> SharingHost:
        """A host that runs, in the folders of its name. `reached` says that it is to reach the store first.

        `keyring` is what it had in its keyring before.
        """
        harness = CoreHarness(self._sandbox, self._folder / name, live=False)
        if keyring is not None:
            for id in keyring.names():
                await harness.vault.save(id, await keyring.load(id))
        store = store or EtcdStore(EtcdSettings(self.etcd.addresses))
        seal = Seal((self.key,), None)
        place = GroupPlace(store, seal, f"/keyrack/{self.id}/", self.id, f"{name}-id", name)
        sharing = Sharing(harness.rack.parts, place)
        sharing.connect()
        made = SharingHost(harness, sharing, store)
        self.hosts.append(made)
        return await made.start(reached=reached)

    async def host_by_link(self, name: str, link: TcpRelay, *, reached: bool = True) -> SharingHost:
        """A new host that reaches the etcd by a link which a test cuts."""
        limits = ClientLimits(connect=0.5, total=0.7)
        settings = EtcdSettings((f"http://127.0.0.1:{link.own_port}",))
        return await self.host(name, EtcdStore(settings, limits=limits, silence=1.0), reached=reached)

    async def shared(self) -> tuple[SharingHost, SharingHost, Account, Account]:
        """Two hosts and an account that the first one renews, as the first and as the second one has it."""
        first, second = await self.host("desk-1"), await self.host("desk-2")
        account = await first.harness.signed_in()
        await first.sharing.share(account)
        return first, second, account, await second.until_ready(account.id)

    async def close(self) -> None:
        """End every host."""
        for host in self.hosts:
            await host.close()
