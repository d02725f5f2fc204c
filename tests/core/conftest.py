"""One sandbox for all tests of this folder. Each test begins without faults and has a harness on it."""

from collections.abc import AsyncGenerator, Iterator
from pathlib import Path

import pytest

from tests.core.harness import CoreHarness
from tests.sandbox_process import RunningSandbox


@pytest.fixture(scope="session")
def running_sandbox() -> Iterator[RunningSandbox]:
    with RunningSandbox.start() as sandbox:
        yield sandbox


@pytest.fixture
def sandbox(running_sandbox: RunningSandbox) -> RunningSandbox:
    running_sandbox.clear_faults()
    return running_sandbox


@pytest.fixture
async def harness(sandbox: RunningSandbox, tmp_path: Path) -> AsyncGenerator[CoreHarness]:
    made = CoreHarness(sandbox, tmp_path)
    await made.start()
    yield made
    sandbox.clear_faults()
    await made.close()


@pytest.fixture
async def harness_without_streams(sandbox: RunningSandbox, tmp_path: Path) -> AsyncGenerator[CoreHarness]:
    """A harness whose providers have no streams, so that every figure comes from a request."""
    made = CoreHarness(sandbox, tmp_path, live=False)
    await made.start()
    yield made
    sandbox.clear_faults()
    await made.close()
