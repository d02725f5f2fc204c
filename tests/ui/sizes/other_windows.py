"""What a person sees outside the window: the question beside an agent, why there is no start, and menus."""

import errno
import os
from collections.abc import Iterator
from pathlib import Path

from PySide6.QtWidgets import QMenu, QWidget

from keyrack.broker.instance.lock_file import NoInstanceLock
from keyrack.ui.actions.account_menu import AccountMenu
from keyrack.ui.integration.tray import Tray
from keyrack.ui.integration.tray_menu import TrayEntry
from keyrack.ui.selection.account_menus import SelectionMenu
from keyrack.ui.text.summary_text import counted
from keyrack.ui.window.agent_takeover import AgentTakeover
from keyrack.ui.window.small_window import NoStart
from tests.ui.harness import WindowHarness
from tests.ui.sizes.walk import laid_out


def other_windows() -> Iterator[tuple[str, QWidget]]:
    """Each with its name."""
    asking = AgentTakeover()
    yield "agent", _shown(asking)
    failing = AgentTakeover(sandbox=True)
    failing.show_problem(None)
    yield "agent-stays", _shown(failing)
    place = Path("/invented/place/of/somebody/.local/state/keyrack/instance.lock")
    refused = NoInstanceLock.for_error(place, OSError(errno.EROFS, os.strerror(errno.EROFS)))
    yield "no-start", _shown(NoStart(refused.sentences()))


def menus(harness: WindowHarness) -> Iterator[tuple[str, QMenu]]:
    """Each with its name."""
    account = harness.active("w1")
    harness.contents.open("w1")
    pane = harness.contents.pages.pane
    assert pane is not None
    pane.header.fill_menu()
    yield "menu-pane", pane.header.menu
    yield "menu-account", AccountMenu(account, harness.actions, lambda _id, _step: None, harness.window)
    harness.actions.selection.choose(("w1", "p1", "p2"))
    yield "menu-selected", SelectionMenu(harness.actions, harness.window)
    harness.actions.selection.clear()
    lock = harness.contents.sidebar.menu.menu()
    assert lock is not None
    yield "menu-lock", lock
    tray = Tray(_Entries(), counted, lambda: True)
    tray.menu.aboutToShow.emit()
    yield "menu-tray", tray.menu
    tray.stop()


class _Entries:
    """Accounts for the tray's menu."""

    def entries(self) -> list[TrayEntry]:
        """As the tray follows them."""
        return [
            TrayEntry("1", "Main desk", "ready", "3:41", "ProBit"),
            TrayEntry("2", "Trading", "needs_login", "", "WhiteBIT", group="needs"),
        ]

    def entries_now(self) -> list[TrayEntry]:
        """As the menu shows them when it opens."""
        return self.entries()


def _shown(window: QWidget) -> QWidget:
    window.show()
    laid_out()
    return window
