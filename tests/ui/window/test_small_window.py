"""The small window that says why there is no program."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QPushButton
from pytestqt.qtbot import QtBot

from keyrack.ui.window.small_window import NoStart, tell
from tests.ui.harness import visible_texts

seen: list[str] = []


def once_shown(act: Callable[[NoStart], object]) -> None:
    """Do something with the window as soon as it is there."""

    def look() -> None:
        shown = [window for window in QApplication.topLevelWidgets() if isinstance(window, NoStart)]
        if shown and shown[0].isVisible():
            seen.append(visible_texts(shown[0]))
            act(shown[0])
        else:
            QTimer.singleShot(5, look)

    seen.clear()
    QTimer.singleShot(0, look)


def press_the_button(window: NoStart) -> None:
    button = window.findChild(QPushButton, "close_no_start")
    assert button is not None
    button.click()


@pytest.mark.parametrize("act", [press_the_button, NoStart.close])
def test_it_says_why_until_it_is_closed(qtbot: QtBot, act: Callable[[NoStart], object]) -> None:
    once_shown(act)
    assert tell("The invented folder cannot be written.", sandbox=False) == 1
    assert "Keyrack did not start" in seen[0]
    assert "The invented folder cannot be written." in seen[0]
