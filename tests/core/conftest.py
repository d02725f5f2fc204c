"""One sandbox for all tests of this folder, without faults at the start of each, and a desk on it."""

from collections.abc import AsyncGenerator, Iterator
from pathlib import Path

import pytest

from tests.core.harness import Desk
from tests.sandbox_process import StandIn


@pytest.fixture(scope="session")
def running_stand_in() -> Iterator[StandIn]:
    with StandIn.start() as stand_in:
        yield stand_in


@pytest.fixture
def stand_in(running_stand_in: StandIn) -> StandIn:
    running_stand_in.clear_faults()
    return running_stand_in


@pytest.fixture
async def desk(stand_in: StandIn, tmp_path: Path) -> AsyncGenerator[Desk]:
    made = Desk(stand_in, tmp_path)
    await made.start()
    yield made
    stand_in.clear_faults()
    await made.close()


@pytest.fixture
async def polled_desk(stand_in: StandIn, tmp_path: Path) -> AsyncGenerator[Desk]:
    """A desk whose providers have no streams, so that every figure is asked for."""
    made = Desk(stand_in, tmp_path, live=False)
    await made.start()
    yield made
    stand_in.clear_faults()
    await made.close()
