"""What a person sees outside the window: the question beside an agent, and menus."""

from collections.abc import Iterator

from PySide6.QtWidgets import QWidget

from keyrack.ui.window.agent_takeover import AgentTakeover
from tests.ui.sizes.walk import laid_out


def other_windows() -> Iterator[tuple[str, QWidget]]:
    """Each with its name."""
    asking = AgentTakeover()
    yield "agent", _shown(asking)
    failing = AgentTakeover(sandbox=True)
    failing.show_problem(None)
    yield "agent-stays", _shown(failing)


def _shown(window: QWidget) -> QWidget:
    window.show()
    laid_out()
    return window
