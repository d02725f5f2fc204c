"""The group of a running host: what shares the accounts begins, ends and begins again, over a real etcd."""

import asyncio
import logging
from collections.abc import AsyncGenerator, Awaitable, Callable
from dataclasses import replace
from pathlib import Path

import pytest

from keyrack.broker.protocol.api_errors import kind_of
from keyrack.core.accounts.account import Account
from keyrack.core.group.group_secrets import ITEM
from keyrack.core.group.host_list import list_hosts
from keyrack.core.group.membership import Door
from keyrack.core.group.sharing_file import StoreAddress, checked_address
from keyrack.core.preferences.all_settings import PROGRAMS
from keyrack.core.several_hosts import SeveralHosts
from keyrack.core.shared_store.shared_store import Put
from keyrack.core.shared_store.store_failures import StoreFull
from keyrack.core.sharing.shared_record import Intent
from keyrack.core.sharing.sharing import Sharing
from keyrack.core.sharing.sharing_failures import CannotShare, RenewalUnderWay, SharedChangeNotStored
from keyrack.core.vault.record_store import RecordStore
from keyrack.core.vault.vault_errors import Locked
from keyrack.net.proxy.proxies import Proxies
from keyrack.primitives.clock import Clock
from tests.core.conftest import running_sandbox, sandbox
from tests.core.harness import CoreHarness
from tests.etcd_cluster import EtcdCluster
from tests.sandbox_process import RunningSandbox
from tests.tcp_relay import TcpRelay

__all__ = ["running_sandbox", "sandbox"]


class RunningHost:
    """A host whose rack is open, and what it says of its group."""

    def __init__(self, harness: CoreHarness, door: Door) -> None:
        self.harness, self.door = harness, door

    @property
    def several(self) -> SeveralHosts:
        """The group of the rack that runs now."""
        return self.harness.rack.parts.several_hosts

    async def sharing(self) -> Sharing:
        """What shares the accounts, once it has read the group and has its lease."""
        await self.harness.until(self._is_ready)
        assert self.several.sharing is not None
        return self.several.sharing

    def _is_ready(self) -> bool:
        sharing = self.several.sharing
        return sharing is not None and sharing.read.is_set() and sharing.lease.current is not None

    async def shared(self, count: int = 1) -> list[Account]:
        """Accounts that are signed in and shared."""
        made = [await self.harness.signed_in("whitebit") for _ in range(count)]
        for account in made:
            await self.several.share(account)
        return made

    async def restart(self) -> None:
        """Kill it and start it again."""
        membership = self.several.membership
        await self.harness.kill()
        await membership.close()
        await self.harness.start()

    async def names(self) -> list[str]:
        """The hosts that are there, by the names that this one can read."""
        return [host.name for host in (await list_hosts(await self.several.membership.open())).hosts]


Desks = Callable[[str, StoreAddress], Awaitable[RunningHost]]


@pytest.fixture
async def running(sandbox: RunningSandbox, tmp_path: Path, prefix: str) -> AsyncGenerator[Desks]:
    """Makes a host that runs and is in no group yet. The address is how it reaches the etcd."""
    made: list[RunningHost] = []

    async def run(name: str, address: StoreAddress) -> RunningHost:
        harness = CoreHarness(sandbox, tmp_path / name, live=False)
        await harness.start()
        made.append(RunningHost(harness, Door(address, prefix.split("/")[2], name)))
        return made[-1]

    yield run
    for host in made:
        await host.harness.close()


@pytest.fixture
async def desk(running: Desks, address: StoreAddress) -> RunningHost:
    """A host that has made the group."""
    made = await running("desk-1", address)
    await made.several.membership.create(made.door)
    return made


@pytest.fixture
async def other(desk: RunningHost, running: Desks, address: StoreAddress) -> RunningHost:
    """Another host, which has joined it."""
    made = await running("desk-2", address)
    mine, theirs = desk.several.entrances, made.several.entrances
    await theirs.join(made.door, (await mine.invite()).code)
    await mine.look("waiting", 5)
    await mine.decide(let_in=True)
    assert await theirs.wait_for_answer(5)
    await made.sharing()
    return made


async def test_a_host_keeps_its_name_and_changes_the_key_after_a_restart(desk: RunningHost) -> None:
    await desk.sharing()
    await desk.several.membership.change_key()
    assert await desk.names() == ["desk-1"]
    await desk.restart()
    await desk.sharing()
    assert await desk.names() == ["desk-1"]
    await desk.several.membership.change_key()
    assert (await desk.several.membership.check()).seal.newest == 3


async def test_a_break_is_told_and_leaves_no_loop_behind(desk: RunningHost, caplog: pytest.LogCaptureFixture) -> None:
    """Whatever no loop expects, such as a mistake of Keyrack, ends all of them together, and they begin again later."""
    sharing = await desk.sharing()
    count = len(desk.harness.tasks())

    def breaks(ids: frozenset[str]) -> None:
        raise ZeroDivisionError

    stop = sharing.entries.changed.connect(breaks)
    with caplog.at_level(logging.ERROR):
        await desk.shared()
        await desk.harness.until(lambda: "sharing broke" in caplog.text)
    assert len(desk.harness.tasks()) < count
    stop()


async def test_a_group_that_cannot_be_opened_is_tried_again_by_one_task(desk: RunningHost) -> None:
    await desk.sharing()
    parts, vault = desk.harness.rack.parts, desk.harness.vault
    vault.refuses_loads = Locked()
    other = SeveralHosts(RecordStore(vault, Clock()), desk.harness.paths, Proxies(), again=0.001)
    running = asyncio.create_task(other.run(parts))
    tries = len(vault.loads)
    await desk.harness.until(lambda: len(vault.loads) > tries)
    count = len(desk.harness.tasks())
    await desk.harness.until(lambda: len(vault.loads) > tries + 30)
    assert len(desk.harness.tasks()) < count + 10
    running.cancel()
    vault.refuses_loads = None


async def test_accounts_that_are_dropped_do_not_come_back(desk: RunningHost) -> None:
    await desk.sharing()
    shared = await desk.shared(3)
    assert await desk.several.membership.leave(keep=False)
    assert not {account.id for account in shared} & {
        *desk.harness.rack.parts.accounts.kept,
        *desk.harness.vault.names(),
    }
    assert desk.several.sharing is None


async def test_a_host_that_could_not_leave_renews_on(desk: RunningHost) -> None:
    await desk.sharing()
    (account,) = await desk.shared()
    desk.harness.vault.keeps.add(ITEM)
    with pytest.raises(Locked):
        await desk.several.membership.leave(keep=False)
    await desk.sharing()
    await desk.harness.until(lambda: account.id in desk.harness.rack.parts.accounts.kept)
    again = desk.harness.rack.parts.accounts.kept[account.id]
    await desk.harness.until(lambda: again.renewer is not None and again.renewer.here)
    await desk.harness.rack.refresh(again)
    assert [request["status"] for request in desk.harness.asked(again)] == [200]


async def arrived(other: RunningHost, account: Account) -> Account:
    """The account on the other host."""
    kept = other.harness.rack.parts.accounts.kept
    await other.harness.until(lambda: account.id in kept)
    return kept[account.id]


async def taken_before_a_change(other: RunningHost, account: Account) -> None:
    """What a change of the key begins with has this host renew the account."""
    begin = other.several.membership.before_key_change
    assert begin is not None
    await begin()
    sharing = await other.sharing()
    leader = sharing.entries.election.leader(account.id)
    assert leader is not None
    assert leader.host == sharing.place.host


async def test_a_record_that_another_host_wrote_meanwhile_breaks_off_no_change_of_the_key(
    desk: RunningHost, other: RunningHost
) -> None:
    (account,) = await desk.shared()
    sharing = await other.sharing()
    await arrived(other, account)
    held = sharing.entries.accounts[account.id]
    sharing.entries.accounts[account.id] = replace(held, modified=held.modified - 1)  # as before the watch told it
    await taken_before_a_change(other, account)


async def test_a_change_of_the_key_waits_until_the_group_was_read(desk: RunningHost, other: RunningHost) -> None:
    (account,) = await desk.shared()
    await arrived(other, account)
    await other.restart()
    await taken_before_a_change(other, account)


async def test_the_end_goes_on_where_the_store_is_away(
    running: Desks, etcd: EtcdCluster, address: StoreAddress
) -> None:
    with TcpRelay(etcd.members[0].port) as link:
        desk = await running("desk-1", checked_address({"members": [f"http://127.0.0.1:{link.own_port}"]}))
        membership = desk.several.membership
        await membership.create(desk.door)
        await desk.sharing()
        await desk.several.entrances.invite()
        link.cut()
        await desk.several.close()
        assert membership.group is None


async def test_what_cannot_be_shared_is_a_mistake_of_whoever_asks(desk: RunningHost) -> None:
    await desk.sharing()
    key_account = await desk.harness.add("whitebit-fast-key", "fast_api_key")
    with pytest.raises(CannotShare) as told:
        await desk.several.share(key_account)
    assert (told.value.code, kind_of(told.value)) == ("shared_key_account", "usage")


async def test_an_account_in_the_middle_of_a_renewal_is_not_taken_from_its_host(
    desk: RunningHost, other: RunningHost
) -> None:
    (account,) = await desk.shared()
    sharing = await other.sharing()
    there = await arrived(other, account)
    held = sharing.entries.accounts[account.id]
    intent = Intent(held.entry.generation + 1, (await desk.sharing()).place.host, held.entry.written)
    sharing.entries.accounts[account.id] = replace(held, entry=replace(held.entry, intent=intent))
    for verb in (other.several.take, other.several.unshare):
        with pytest.raises(RenewalUnderWay) as told:
            await verb(there)
        assert told.value.happened == "A renewal is under way on “desk-1”."


@pytest.mark.security("S92")
async def test_an_account_from_another_host_begins_with_what_this_host_says_of_programs(
    desk: RunningHost, other: RunningHost
) -> None:
    assert other.harness.rack.preferences.choose(PROGRAMS, "off") is None
    (account,) = await desk.shared()
    assert (await arrived(other, account)).settings.scripts == "off"
    assert account.settings.scripts != "off"


async def test_a_change_that_the_store_did_not_confirm_is_told_as_a_change(running: Desks, etcd: EtcdCluster) -> None:
    with TcpRelay(etcd.members[0].port) as link:
        desk = await running("desk-1", checked_address({"members": [f"http://127.0.0.1:{link.own_port}"]}))
        await desk.several.membership.create(desk.door)
        await desk.sharing()
        (account,) = await desk.shared()
        link.cut()
        records = desk.harness.rack.parts.records
        for change in (records.delete_tokens(account.id), desk.several.unshare(account)):
            with pytest.raises(SharedChangeNotStored) as told:
                await change
            assert told.value.happened.startswith("The shared store did not confirm the change: ")
        link.mend()


async def test_a_full_etcd_is_the_reason_why_a_host_cannot_share(running: Desks, tmp_path: Path, prefix: str) -> None:
    with EtcdCluster(tmp_path, options=["--quota-backend-bytes", "1000000"]) as small:
        small.wait()
        desk = await running("desk-1", checked_address({"members": list(small.addresses)}))
        await desk.several.membership.create(desk.door)
        sharing = await desk.sharing()
        store = sharing.place.store
        with pytest.raises(StoreFull):
            for _ in range(40):
                await store.commit([], [Put(prefix + "b", b"x" * 100_000)])
        account = await desk.harness.signed_in("whitebit")
        await sharing.lease.close()
        sharing.lease.wake()
        await desk.harness.until(lambda: sharing.lease.trouble is not None)
        with pytest.raises(StoreFull):
            await desk.several.share(account)
        await desk.harness.close()


async def test_accounts_that_are_kept_become_this_host_s_own_and_leave_the_others(
    desk: RunningHost, other: RunningHost
) -> None:
    (account,) = await desk.shared()
    there = await arrived(other, account)
    assert await desk.several.membership.leave(keep=True)
    assert account.settings.group == ""
    await other.harness.until(lambda: there.id not in other.harness.rack.parts.accounts.kept)
    await desk.harness.rack.refresh(account)
    assert [request["status"] for request in desk.harness.asked(account)] == [200]
