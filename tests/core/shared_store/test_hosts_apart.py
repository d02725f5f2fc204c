"""Three hosts on an etcd of three members, whose links break."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import suppress
from pathlib import Path

import pytest

from keyrack.core.shared_store.election import Election
from keyrack.core.shared_store.etcd_settings import EtcdSettings
from keyrack.core.shared_store.etcd_store import EtcdStore
from keyrack.core.shared_store.host_lease import HostLease
from keyrack.net.client.http_client import ClientLimits
from keyrack.primitives.clock import Clock
from tests.sharing_bench import SharingBench
from tests.until import until

QUICK = ClientLimits(connect=0.3, total=0.6, kept=30.0)
LEASE = 3


class RunningHost:
    """One host that keeps its lease through its own links."""

    def __init__(self, bench: SharingBench, name: str, prefix: str) -> None:
        self.store = EtcdStore(EtcdSettings(bench.addresses(name)), limits=QUICK, silence=0.5)
        self.lease = HostLease(self.store, Clock(), LEASE)
        self.election = Election(self.store, self.lease, prefix=prefix + "leaders/", host=name)
        self._running = asyncio.ensure_future(self.lease.run((f"{prefix}hosts/{name}", b"sealed")))

    async def close(self) -> None:
        self._running.cancel()
        with suppress(asyncio.CancelledError):
            await self._running
        await self.store.close()


@pytest.fixture
def bench(tmp_path: Path) -> "SharingBench":
    return SharingBench(tmp_path)


@pytest.fixture
async def hosts(bench: SharingBench, prefix: str) -> AsyncGenerator[list[RunningHost]]:
    with bench:
        made = [RunningHost(bench, name, prefix) for name in bench.hosts]
        await until(lambda: all(host.lease.current is not None for host in made), 30)
        yield made
        for host in made:
            await host.close()


@pytest.mark.parametrize("weather", ["cut", "freeze", "hold_answers"])
async def test_a_host_that_lost_the_store_leads_nothing_before_another_one_does(
    bench: SharingBench, hosts: list[RunningHost], prefix: str, weather: str
) -> None:
    one, two, _ = hosts
    await one.election.claim(["a"])
    start = (await two.store.read(prefix)).revision
    changes = two.store.watch(prefix, start)
    {"cut": bench.cut, "freeze": bench.freeze, "hold_answers": bench.hold_answers}[weather]("desk-1")
    freed = False
    while not freed:
        async with asyncio.timeout(30):
            together = await anext(changes)
        freed = any(change.key == prefix + "leaders/a" and change.value is None for change in together)
        two.election.saw(together)
    assert one.election.mine("a") is None
    assert one.lease.trouble is not None
    assert await two.election.claim(["a"]) == {"a"}
    bench.mend("desk-1")
    await until(lambda: one.lease.current is not None, 30)
    assert one.election.mine("a") is None
    await changes.aclose()
