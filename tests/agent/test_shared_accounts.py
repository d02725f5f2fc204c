"""Agents of two hosts with keyrings of their own share an account over a real etcd."""

import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest

from tests.campaigns.provider_trace import TracedSandbox
from tests.campaigns.sharing_hosts import ACCOUNT, SharingHost, make_group
from tests.etcd_cluster import EtcdCluster
from tests.keyring_session import missing_programs
from tests.until import wait_for

LEASE = 10.0
LATE = 2.0


@pytest.fixture(scope="module")
def sandbox() -> Iterator[TracedSandbox]:
    running = TracedSandbox.traced("--cap-access", "60")
    yield running
    running.close()


@pytest.fixture
def hosts(sandbox: TracedSandbox) -> Iterator[list[SharingHost]]:
    if missing := missing_programs():
        pytest.skip(f"not installed: {missing}")
    # A socket's path must be short.
    with tempfile.TemporaryDirectory(prefix="kr") as folder, EtcdCluster(Path(folder), 3) as etcd:
        made = [SharingHost(Path(folder) / name, sandbox, etcd, name) for name in ("desk-1", "desk-2")]
        try:
            make_group(made)
            yield made
        finally:
            for host in made:
                host.close()


def renew(host: SharingHost) -> None:
    assert "error" not in host.ask("POST", f"/v1/accounts/{quote(ACCOUNT)}/refresh")


def test_one_host_renews_and_where_it_is_killed_the_other_one_does(
    hosts: list[SharingHost], sandbox: TracedSandbox
) -> None:
    first, second = hosts
    assert first.access() == second.access() != ""
    assert second.shared()["renewed_by"] == "desk-1"
    renew(first)
    wait_for(lambda: second.access() == first.access(), "the new token on the other host")
    renew(second)
    wait_for(lambda: second.access() == first.access(), "the token that the other host asked for")
    before = second.access()
    first.kill()
    began = time.monotonic()
    wait_for(lambda: second.shared().get("here") is True, "the other host to renew", 20)
    renew(second)
    assert second.access() not in ("", before)
    print(f"fail-over in {time.monotonic() - began:.1f} s")
    first.begin()
    wait_for(lambda: first.access() == second.access(), "the first host to follow", 20)
    assert first.shared()["renewed_by"] == "desk-2"
    assert max(sandbox.shown.values()) == 1, "a refresh token was presented twice"
    assert len(sandbox.shown) == 3
