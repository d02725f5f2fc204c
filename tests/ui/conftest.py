"""The harness and the frontend of the window's tests. Of a test no window, screen reader or clipboard is left."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QObject
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QGuiApplication
from pytestqt.qtbot import QtBot

from keyrack.ui.frontend import Frontend
from keyrack.ui.screen_reader import announcement
from keyrack.ui.widgets.controls import delete_later
from tests.ui.harness import WindowHarness, make_harness, opened_windows


@pytest.fixture(autouse=True)
def _nothing_left_behind() -> Iterator[None]:
    yield
    if QGuiApplication.instance() is None:
        return
    QAccessible.setActive(False)
    # Qt would still ask Python for the clipboard's data while the interpreter ends.
    QGuiApplication.clipboard().clear()
    # A style that changes would visit every window that was ever made.
    while opened_windows:
        window = opened_windows.pop()
        window.hide()
        delete_later(window)
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)


@pytest.fixture
def harness(qtbot: QtBot, tmp_path: Path) -> WindowHarness:
    """A rack of the usual accounts, and a window over it that is not shown yet."""
    return make_harness(tmp_path)


@pytest.fixture
async def frontend(harness: WindowHarness) -> AsyncIterator[Frontend]:
    """The frontend over the test's own rack, and its window, which is shown."""
    made = Frontend(harness.window, harness.rack)
    harness.window.show()
    yield made
    await made.close()


@pytest.fixture
def announced(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What a screen reader that listens is asked to say. Qt lets nobody else see it."""
    said: list[str] = []

    def event(about: QObject, text: str) -> QAccessibleAnnouncementEvent:
        said.append(text)
        return QAccessibleAnnouncementEvent(about, text)

    monkeypatch.setattr(announcement, "QAccessibleAnnouncementEvent", event)
    QAccessible.setActive(True)
    return said
