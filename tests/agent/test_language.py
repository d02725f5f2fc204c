"""An agent speaks the language that its person chose, from the choice on and at the next start."""

import sys
from collections.abc import Iterator

import pytest

from tests.agent.agent_process import AgentHome, AgentProcess


@pytest.fixture
def place() -> Iterator[AgentHome]:
    made = AgentHome()
    made.env["LC_ALL"] = "uk_UA.UTF-8"
    yield made
    made.remove()


def speaks(agent: AgentProcess) -> str:
    lines = str(agent.ask("GET", "/v1/diagnostics")["diagnostics"]).splitlines()
    return next(line.split()[1] for line in lines if line.split()[:1] == ["Speaks"])


def test_it_speaks_as_the_system_until_a_person_chooses(place: AgentHome) -> None:
    command = [sys.executable, "-m", "keyrack", "agent", "--sandbox", "--own-keyring", "--speed", "1"]
    first = AgentProcess(place, command)
    try:
        assert speaks(first.ready()) == "uk"
        first.ask("PUT", "/v1/settings", name="language", value="cs")
        assert speaks(first) == "cs"
    finally:
        first.close()
    second = AgentProcess(place, command)
    try:
        assert speaks(second.ready()) == "cs"
        second.ask("PUT", "/v1/settings", name="language")
        assert speaks(second) == "uk"
    finally:
        second.close()
