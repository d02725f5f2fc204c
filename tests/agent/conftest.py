"""The sandbox and the agent that these tests share."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.agent.agent_process import AgentHome, AgentProcess
from tests.sandbox_process import RunningSandbox


@pytest.fixture(scope="module")
def sandbox() -> Iterator[RunningSandbox]:
    """The stand-ins of the providers."""
    with RunningSandbox.start() as running:
        yield running


@pytest.fixture
def place() -> Iterator[AgentHome]:
    """A home of the test's own."""
    made = AgentHome()
    yield made
    made.remove()


@pytest.fixture
def agents() -> Iterator[list[AgentProcess]]:
    """The agents of the test. All end with it."""
    made: list[AgentProcess] = []
    yield made
    for agent in made:
        agent.close()


@pytest.fixture
def joined(sandbox: RunningSandbox, tmp_path: Path) -> list[str]:
    """The arguments that make an agent use the sandbox."""
    return ["--sandbox", "--join", str(sandbox.announce(tmp_path / "sandbox.json"))]
