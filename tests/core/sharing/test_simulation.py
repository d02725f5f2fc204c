"""Hours of three hosts on a moved clock: leases, renewals, lost links, lost answers, sleep, and clocks that differ."""

import asyncio
import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from keyrack.core.shared_store.group_key import new_group_key
from keyrack.core.shared_store.seal import Seal
from keyrack.core.sharing.sharing import GroupPlace, Sharing
from tests.clock import FakeClock
from tests.core.harness import CoreHarness
from tests.core.sharing.group import SharingHost
from tests.core.sharing.memory_store import MemoryEngine, MemoryStore
from tests.sandbox_process import RunningSandbox

STEP = 3.0
STEPS = 240


@pytest.fixture
def quick_sandbox() -> Iterator[RunningSandbox]:
    with RunningSandbox.start(cap_access=60) as made:
        yield made


class Simulation:
    """Three hosts over one engine. `asleep` are those that do nothing until they wake."""

    def __init__(self, sandbox: RunningSandbox, folder: Path) -> None:
        self.clock = FakeClock.running()
        self.engine = MemoryEngine(lambda: self.clock.elapsed)
        self.sandbox = sandbox
        self.key = new_group_key()
        self.hosts = [self._host(folder / name, name) for name in ("desk-1", "desk-2", "desk-3")]

    def _host(self, folder: Path, name: str) -> SharingHost:
        harness = CoreHarness(self.sandbox, folder, live=False)
        store = MemoryStore(self.engine)
        place = GroupPlace(store, Seal((self.key,), None), "/keyrack/desk/", "desk", f"{name}-id", name)
        sharing = Sharing(harness.rack.parts, place)
        sharing.connect()
        return SharingHost(harness, sharing, store)

    def store(self, host: SharingHost) -> MemoryStore:
        """The link of a host."""
        assert isinstance(host.store, MemoryStore)
        return host.store

    async def step(self) -> None:
        """Let three seconds pass for everybody."""
        self.sandbox.advance(STEP)
        self.clock.move(STEP)
        for host in self.hosts:
            host.harness.clock.move(STEP)
        self.engine.end_leases()
        for host in self.hosts:
            host.sharing.lease.wake()
            host.harness.rack.parts.refresher.wake()
        for _ in range(4):
            await asyncio.sleep(0.003)
        await self.quiet()

    async def quiet(self) -> None:
        """Wait until no renewal is under way."""
        async with asyncio.timeout(20):
            while any(host.harness.rack.parts.refresher.busy for host in self.hosts):
                await asyncio.sleep(0.002)


@pytest.mark.parametrize("seed", [1, 2])
async def test_no_refresh_token_is_sent_twice_whatever_befalls_the_links_and_clocks(
    seed: int, quick_sandbox: RunningSandbox, tmp_path: Path
) -> None:
    chance = random.Random(seed)
    simulation = Simulation(quick_sandbox, tmp_path)
    first, second, third = simulation.hosts
    second.harness.clock.wall_offset, third.harness.clock.wall_offset = 190.0, -170.0
    for host in simulation.hosts:
        await host.start()
    account = await first.harness.signed_in()
    await first.sharing.share(account)
    for host in (second, third):
        await host.until_ready(account.id)
    for _ in range(STEPS):
        for host in simulation.hosts:
            link = simulation.store(host)
            link.away = chance.random() < (0.85 if link.away else 0.03)
            link.loses_answers = not link.away and chance.random() < 0.05
        await simulation.step()
    for host in simulation.hosts:
        simulation.store(host).away = simulation.store(host).loses_answers = False
    for _ in range(30):
        await simulation.step()
        await asyncio.sleep(0.05)
    rows = [row["status"] for row in first.harness.asked(account)]
    assert set(rows) == {200}
    assert len(rows) > STEPS * STEP / 60 / 2
    for host in simulation.hosts:
        await host.until_ready(account.id)
    tokens = [host.harness.token(host.account(account.id)).access for host in simulation.hosts]
    assert tokens[0] == tokens[1] == tokens[2]
    for host in simulation.hosts:
        await host.close()
