"""Hosts of one group: a rack each, with a vault and folders of its own, over one etcd and one sandbox."""

from collections.abc import AsyncGenerator, Iterator
from itertools import count
from pathlib import Path

import pytest

from tests.core.sharing.group import Group
from tests.etcd_cluster import EtcdCluster
from tests.sandbox_process import RunningSandbox
from tests.tcp_relay import TcpRelay

_number = count(1)


@pytest.fixture(scope="session")
def etcd(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EtcdCluster]:
    with EtcdCluster(tmp_path_factory.mktemp("etcd")) as cluster:
        yield cluster


@pytest.fixture
async def group(etcd: EtcdCluster, sandbox: RunningSandbox, tmp_path: Path) -> AsyncGenerator[Group]:
    made = Group(etcd, sandbox, tmp_path, f"group{next(_number)}")
    yield made
    sandbox.clear_faults()
    await made.close()


@pytest.fixture
def link(etcd: EtcdCluster) -> Iterator[TcpRelay]:
    """A link to the etcd, for a host that is to lose it."""
    with TcpRelay(etcd.members[0].port) as made:
        yield made
