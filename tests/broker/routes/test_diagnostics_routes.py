"""The diagnostics over the socket."""

from tests.broker.conftest import Served


async def test_they_are_told_while_locked_too(served: Served) -> None:
    await served.allowed()
    served.harness.rack.lock.lock(by_hand=True)
    answer = await served.ask("GET", "/v1/diagnostics")
    assert (answer.status, answer.content["version"]) == (200, 1)
    lines = [" ".join(line.split()) for line in answer.content["diagnostics"].splitlines()]
    assert {"Runs window", "Locked yes", "probit 1 ready"} <= set(lines)
