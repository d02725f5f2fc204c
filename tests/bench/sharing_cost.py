"""Measures what sharing costs: a follower's token, requests to etcd, a start with 1,000 records, and a fail-over."""

import asyncio
import shutil
import time
from collections.abc import Iterator
from pathlib import Path
from statistics import median

from keyrack.core.shared_store.host_lease import LEASE_SECONDS
from tests.bench import environment as running
from tests.bench.clients import KeptConnection, interleaved, milliseconds
from tests.bench.sharing_hosts import Host, hosts, name, requests, seed
from tests.bench.table import Row
from tests.etcd_cluster import EtcdCluster
from tests.keyring_session import missing_programs
from tests.until import wait_for

COUNT, FEW, LIFETIME = 1000, 2, 300
COUNTED_SECONDS, STARTS, KILLS = 60.0, 3, 3
# What the first seconds of a start bring, such as balances, has passed by then.
SETTLED_SECONDS = 10.0
SECOND = 1000.0
MOST_TOKEN, MOST_REQUESTS, MOST_START, MOST_FAIL_OVER = 1.1, 2.0, 3.0, (LEASE_SECONDS + 2) / LEASE_SECONDS
_OWN = "Bench 0"
_PATIENCE = 120.0


def token(follower: Host, shared: str, alone: Host) -> Row:
    """A token of an account that another host renews, in turn with one of a host that shares nothing."""
    account = {"name": _OWN, "provider": "bench", "client_id": "Own", "client_secret": "invented"}
    alone.ask("POST", "/v1/accounts", **account)
    alone.ask("POST", f"{running.token_path(_OWN).removesuffix('/token')}/login")
    follower.allow(shared)
    alone.allow(_OWN)
    callers = [
        KeptConnection(follower.socket, running.token_path(shared)),
        KeptConnection(alone.socket, running.token_path(_OWN)),
    ]
    ours, floor = (milliseconds(taken) for taken in interleaved(callers, rounds=200, each=50))
    for caller in callers:
        caller.close()
    return Row("a token on a follower, kept connection", ours, "one host alone", floor, MOST_TOKEN)


def renewals(etcd: EtcdCluster, provider: running.Provider) -> Row:
    """All requests of all hosts to etcd, those that keep leases alive included, for each renewal that rotates."""
    before, given = requests(etcd), provider.given()
    time.sleep(COUNTED_SECONDS)
    asked, renewed = requests(etcd) - before, provider.given() - given
    what = f"requests to etcd a renewal, {renewed / COUNTED_SECONDS:.1f} a second"
    return Row(what, asked / renewed, "one", 1.0, MOST_REQUESTS, unit="")


def start(host: Host) -> float:
    """The milliseconds of a start until every account has a token."""
    began = time.perf_counter()
    host.start()
    host.until_ready(COUNT)
    return (time.perf_counter() - began) * SECOND


def start_again(host: Host) -> float:
    """The same of a host that knew the accounts before."""
    host.stop()
    return start(host)


def fail_over(leader: Host, other: Host) -> float:
    """The milliseconds from kill -9 of the host that renews until another one renews all."""
    wait_for(lambda: leader.leads() == COUNT, f"{leader.name} to renew", _PATIENCE)
    wait_for(lambda: other.ready() == COUNT, f"{other.name} to follow", _PATIENCE)
    leader.kill()
    began = time.perf_counter()
    wait_for(lambda: other.leads() == COUNT, f"{other.name} to renew", _PATIENCE)
    taken = time.perf_counter() - began
    leader.begin()
    return taken * SECOND


def measured(home: Path) -> Iterator[Row]:
    """Every row, as it is measured. Nothing without etcd or the keyring."""
    if shutil.which("etcd") is None or missing_programs():
        return
    (home / "etcd").mkdir()
    with (
        running.provider(home, lifetime=LIFETIME) as provider,
        EtcdCluster(home / "etcd") as etcd,
        hosts(home, provider, "desk-1", "desk-2", "desk-3") as (first, second, alone),
    ):
        first.make_group(etcd)
        second.join(etcd, first)
        asyncio.run(seed(etcd, first.key(), range(FEW), LIFETIME))
        wait_for(lambda: first.leads() + second.leads() == FEW, "the first accounts to be renewed", _PATIENCE)
        followers = [(host, name(n)) for host in (first, second) for n in range(FEW) if host.follows(name(n))]
        yield token(*followers[0], alone)
        second.stop()
        asyncio.run(seed(etcd, first.key(), range(FEW, COUNT), LIFETIME))
        first.until_ready(COUNT)
        wait_for(lambda: first.leads() == COUNT, "desk-1 to renew", _PATIENCE)
        met = start(second)
        time.sleep(SETTLED_SECONDS)
        yield renewals(etcd, provider)
        yield Row(f"a host meets {COUNT} records, until ready", met, "one second", SECOND, MOST_START)
        taken = median(start_again(second) for _ in range(STARTS))
        yield Row(f"a host starts with {COUNT} records", taken, "one second", SECOND, MOST_START)
        pairs = [(first, second), (second, first)] * KILLS
        slowest = max(fail_over(*pair) for pair in pairs[:KILLS])
        yield Row(
            f"fail-over of {COUNT} after kill -9, slowest", slowest, "lease", LEASE_SECONDS * SECOND, MOST_FAIL_OVER
        )
