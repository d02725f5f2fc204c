"""Routes about the running process: raise its window, stop it. They work before the accounts are read."""

from collections.abc import Callable, Mapping

from keyrack import __version__
from keyrack.broker.instance.other_instance import RAISE, STOP
from keyrack.broker.protocol.api_errors import VERSION, ApiError
from keyrack.broker.protocol.route import Answer, Call, Host, Route


def raise_window(host: Host) -> Answer:
    """Bring the window to the front. An agent has none, and the response says that it is an agent."""
    if host.raise_window is not None:
        host.raise_window()
    return {"version": VERSION, "running": host.running, "release": __version__}


def stop_agent(host: Host) -> Answer:
    """End an agent, which a window does before it takes over. A window refuses."""
    if host.stop is None:
        raise ApiError("refused", "window_not_agent")
    host.stop()
    return {"version": VERSION, "running": host.running}


async def _raise(call: Call) -> Answer:
    return raise_window(call.host)


async def _stop(call: Call) -> Answer:
    return stop_agent(call.host)


WITHOUT_RACK: Mapping[str, Callable[[Host], Answer]] = {RAISE: raise_window, STOP: stop_agent}
ROUTES = (
    Route("POST", RAISE, _raise, while_locked=True),
    Route("POST", STOP, _stop, while_locked=True),
)
