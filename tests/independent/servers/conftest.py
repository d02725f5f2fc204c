"""One start of a server for all tests of its file, which names it as `SERVER`."""

from collections.abc import AsyncGenerator, Iterator
from pathlib import Path

import pytest

from tests.independent.servers.foreign_server import ForeignServer
from tests.independent.servers.server_harness import ServerHarness


@pytest.fixture(scope="module")
def server(request: pytest.FixtureRequest) -> Iterator[ForeignServer]:
    """The running server of this file."""
    made = ForeignServer(request.module.SERVER)
    yield made
    made.close()


@pytest.fixture
async def harness(server: ForeignServer, tmp_path: Path) -> AsyncGenerator[ServerHarness]:
    """A rack that knows it."""
    async with ServerHarness(server, tmp_path) as made:
        yield made
