"""A window's way past a running agent: have it stop, then be the only Keyrack; never both at once (S86)."""

import contextlib
import time
from pathlib import Path

from keyrack.broker.instance.instance import SOCKET_NAME, AgentRuns, Instance, NotTheOnly
from keyrack.broker.instance.other_instance import stop_agent

SECONDS = 10.0

_PATIENCE = 0.5
_PAUSE = 0.05


def take_over(runtime: Path, lock: Path, seconds: float = SECONDS) -> Instance | None:
    """The instance once the agent has ended, or None when another window was faster.

    Blocks for `seconds` at most, twice what an agent may take to stop. Raises NotTheOnly when the
    agent still runs then, else what `Instance.acquire` raises.
    """
    ends = time.monotonic() + seconds
    while True:
        stop_agent(runtime / SOCKET_NAME, _PATIENCE)
        with contextlib.suppress(NotTheOnly):
            return Instance.acquire(runtime, lock, patience=_PATIENCE)
        if time.monotonic() >= ends:
            raise AgentStays
        time.sleep(_PAUSE)


class AgentStays(AgentRuns):
    """The agent was told to stop and did not."""

    code = "agent_stays"
