"""Certificates and clients for the tests of this room."""

from collections.abc import AsyncGenerator
from pathlib import Path

import pytest
import trustme

from keyrack.net.client.http_client import ClientLimits, HttpClient
from tests.net.tls_server import Authority


@pytest.fixture(scope="session")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    ca = trustme.CA()
    file: Path = tmp_path_factory.mktemp("ca") / "ca.pem"
    ca.cert_pem.write_to_path(str(file))
    return Authority(ca, file)


@pytest.fixture
async def client(authority: Authority) -> AsyncGenerator[HttpClient]:
    """A client that trusts the test's authority, with short deadlines."""
    made = HttpClient(ca_file=authority.file, limits=ClientLimits(connect=1.0, total=2.0))
    yield made
    await made.close()
