"""A window that takes over from a running agent: it waits until the agent has ended, and never pushes it aside."""

import asyncio
import sys
import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from keyrack.broker.instance.instance import SOCKET_NAME, AgentRuns, Instance
from keyrack.broker.instance.take_over import AgentStays, take_over
from keyrack.broker.protocol.route import Host
from keyrack.broker.socket_server import SocketServer
from tests.until import until

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="there is no local socket on Windows yet")


@pytest.fixture
def runtime(short_folder: Path) -> Path:
    """The folder of the socket, which is not made yet."""
    return short_folder / "keyrack"


@pytest.fixture
def lock(short_folder: Path) -> Path:
    """The lock file, which is not made yet."""
    return short_folder / "state" / "instance.lock"


@pytest.fixture
async def stubborn_agent(runtime: Path, lock: Path) -> AsyncIterator[list[Instance]]:
    """An agent in this process that stops only when the test ends it."""
    instance = Instance.acquire(runtime, lock)
    assert instance is not None
    instances = [instance]
    server = SocketServer(instance, Host("agent"))
    await server.serve(None)
    yield instances
    await server.close()
    for each in instances:
        each.close()


@pytest.mark.security("S85")
async def test_a_start_beside_an_agent_learns_what_it_is(
    runtime: Path, lock: Path, stubborn_agent: list[Instance]
) -> None:
    with pytest.raises(AgentRuns):
        await asyncio.to_thread(Instance.acquire, runtime, lock)
    with pytest.raises(AgentRuns):  # the socket alone tells it, too, where two sessions share it and no lock
        await asyncio.to_thread(Instance.acquire, runtime, lock.with_name("another.lock"))
    assert (runtime / SOCKET_NAME).is_socket()


@pytest.mark.security("S86")
async def test_an_agent_that_does_not_stop_is_never_pushed_aside(
    runtime: Path, lock: Path, stubborn_agent: list[Instance]
) -> None:
    began = time.monotonic()
    with pytest.raises(AgentStays):
        await asyncio.to_thread(take_over, runtime, lock, 0.2)
    assert time.monotonic() - began < 5
    assert (runtime / SOCKET_NAME).is_socket()


@pytest.mark.security("S86")
async def test_taking_over_waits_until_the_agent_has_ended(
    runtime: Path, lock: Path, stubborn_agent: list[Instance]
) -> None:
    taking = asyncio.create_task(asyncio.to_thread(take_over, runtime, lock))
    done, _ = await asyncio.wait([taking], timeout=0.2)
    assert not done
    stubborn_agent.pop().close()
    await until(taking.done, 5)
    taken = taking.result()
    assert taken is not None
    stubborn_agent.append(taken)
    assert taken.sock is not None
