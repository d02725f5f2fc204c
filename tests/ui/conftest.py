"""Leaves nothing of a test behind: no window, no screen reader, and nothing of Python's on Qt's clipboard."""

from collections.abc import AsyncIterator, Iterator

import pytest
from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtGui import QAccessible, QGuiApplication

from keyrack.ui.frontend import Frontend
from tests.ui.harness import WindowHarness, opened_windows


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
        window.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)


@pytest.fixture
async def frontend(harness: WindowHarness) -> AsyncIterator[Frontend]:
    """The frontend over the test's own window and rack."""
    made = Frontend(harness.window, harness.rack)
    yield made
    await made.close()
