"""Starts a window where an agent runs: stops the agent, then becomes the only instance (S86).

The two never run at the same time.
"""

import contextlib
import time
from collections.abc import Sequence
from pathlib import Path

from keyrack.broker.instance.instance import AgentRuns, Instance, NotTheOnly, known_paths
from keyrack.broker.instance.other_instance import stop_agent

SECONDS = 10.0

_TIMEOUT = 0.5
_PAUSE = 0.05


def take_over(runtime: Path, lock: Path, seconds: float = SECONDS, *, spare: Sequence[Path] = ()) -> Instance | None:
    """The instance once the agent has ended, or None when another window was faster.

    Blocks for `seconds` at most, which is twice the time an agent may take to stop. Raises AgentStays when the agent
    still runs then, and otherwise what `Instance.acquire` raises.
    """
    ends = time.monotonic() + seconds
    while True:
        for path in known_paths((runtime, *spare), lock.parent):
            stop_agent(path, _TIMEOUT)
        with contextlib.suppress(NotTheOnly):
            return Instance.acquire(runtime, lock, spare=spare, timeout=_TIMEOUT)
        if time.monotonic() >= ends:
            raise AgentStays
        time.sleep(_PAUSE)


class AgentStays(AgentRuns):
    """The agent was asked to stop and did not."""

    code = "agent_stays"
