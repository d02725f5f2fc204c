"""A window whose look for updates is a desk's, over real TLS."""

from pathlib import Path

from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from keyrack.core.preferences.all_settings import LOOK_FOR_UPDATES, UPDATES_ADDRESS, UPDATES_KEY
from keyrack.core.updates.update_check import UpdateCheck
from keyrack.net.proxy.proxies import Proxies
from tests.core.updates.published import Desk, desk_in
from tests.ui.harness import WindowHarness, make_harness


def looking(qtbot: QtBot, folder: Path) -> tuple[WindowHarness, Desk]:
    """The window in front, and the desk whose list it may ask for. It has not been told of the list's address."""
    folder.mkdir(parents=True, exist_ok=True)
    desk = desk_in(folder)
    harness = make_harness(folder, sandbox=False, wall=desk.clock.wall)
    harness.rack.updates = UpdateCheck(
        harness.rack.preferences, Proxies(), folder / "state", harness.clock.clock, running="0.1.0",
        ca_file=desk.authority.file,
    )  # fmt: skip
    harness.window.show()
    harness.window.activateWindow()
    qtbot.waitUntil(lambda: QApplication.activeWindow() is harness.window)
    return harness, desk


def choose(harness: WindowHarness, desk: Desk, address: str) -> None:
    """Name the desk's list in the settings, and have it looked for."""
    preferences = harness.rack.preferences
    preferences.choose(UPDATES_ADDRESS, address)
    preferences.choose(UPDATES_KEY, desk.publisher.public)
    preferences.choose(LOOK_FOR_UPDATES, True)
