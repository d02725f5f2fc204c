"""The group of a running host: what shares the accounts begins, ends and begins again, over a real etcd."""

import asyncio
import logging
from collections.abc import AsyncGenerator
from pathlib import Path

import pytest

from keyrack.core.accounts.account import Account
from keyrack.core.group.group_secrets import ITEM
from keyrack.core.group.host_list import list_hosts
from keyrack.core.group.membership import Door
from keyrack.core.group.sharing_file import StoreAddress
from keyrack.core.several_hosts import SeveralHosts
from keyrack.core.sharing.sharing import Sharing
from keyrack.core.vault.record_store import RecordStore
from keyrack.core.vault.vault_errors import Locked
from keyrack.net.proxy.proxies import Proxies
from keyrack.primitives.clock import Clock
from tests.core.conftest import running_sandbox, sandbox
from tests.core.harness import CoreHarness
from tests.sandbox_process import RunningSandbox

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


@pytest.fixture
async def desk(
    sandbox: RunningSandbox, tmp_path: Path, address: StoreAddress, prefix: str
) -> AsyncGenerator[RunningHost]:
    """A host that has made the group."""
    harness = CoreHarness(sandbox, tmp_path / "desk-1", live=False)
    await harness.start()
    made = RunningHost(harness, Door(address, prefix.split("/")[2], "desk-1"))
    await made.several.membership.create(made.door)
    yield made
    await harness.close()


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
