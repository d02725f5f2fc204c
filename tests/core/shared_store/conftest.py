"""One etcd of one member and one of three for the tests of this folder. Each test has a prefix of its own."""

from collections.abc import AsyncGenerator, Iterator
from itertools import count
from pathlib import Path

import pytest

from keyrack.core.shared_store.etcd_settings import EtcdSettings
from keyrack.core.shared_store.etcd_store import EtcdStore
from tests.etcd_cluster import EtcdCluster

_number = count(1)


@pytest.fixture(scope="session")
def etcd(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EtcdCluster]:
    with EtcdCluster(tmp_path_factory.mktemp("etcd")) as cluster:
        yield cluster


@pytest.fixture
def three(tmp_path: Path) -> Iterator[EtcdCluster]:
    with EtcdCluster(tmp_path, 3) as cluster:
        yield cluster


@pytest.fixture
def prefix() -> str:
    return f"/keyrack/group{next(_number)}/"


@pytest.fixture
async def store(etcd: EtcdCluster) -> AsyncGenerator[EtcdStore]:
    made = EtcdStore(EtcdSettings(etcd.addresses))
    yield made
    await made.close()
