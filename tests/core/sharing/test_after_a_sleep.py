"""What a host makes of the records that other hosts wrote while it slept."""

import pytest

from keyrack.core.shared_store.etcd_settings import EtcdSettings
from keyrack.core.shared_store.etcd_store import EtcdStore
from keyrack.net.client.http_client import ClientLimits
from tests.clock import FakeClock
from tests.core.sharing.group import Group
from tests.etcd_cluster import EtcdCluster
from tests.tcp_relay import TcpRelay

DAYS = 2 * 86_400.0


@pytest.mark.parametrize("survives", [True, False])
async def test_a_sleep_is_no_difference_of_clocks(group: Group, etcd: EtcdCluster, survives: bool) -> None:
    """The connection of the watch survives a short sleep, and is gone after a long one."""
    clock = FakeClock.running()
    with TcpRelay(etcd.members[0].port) as link:
        settings = EtcdSettings((f"http://127.0.0.1:{link.own_port}",))
        limits = ClientLimits(connect=0.5, total=0.7)
        first = await group.host("desk-1")
        second = await group.host("desk-2", EtcdStore(settings, limits=limits, silence=600.0, clock=clock.clock))
        account = await first.harness.signed_in()
        await first.sharing.share(account)
        there = await second.until_ready(account.id)
        link.freeze()
        for _ in range(9):
            await first.harness.rack.renew(account)
        newest = first.sharing.entries.accounts[account.id].entry.generation
        await first.close()
        second.harness.clock.move(DAYS)
        clock.move(DAYS)
        (link.mend if survives else link.reset)()
        entries = second.sharing.entries
        await second.harness.until(lambda: entries.accounts[there.id].entry.generation >= newest, 20)
        assert entries.offset("desk-1-id") == 0.0
