"""Leaves nothing of Python's on Qt's clipboard, which Qt would still ask for it while the interpreter ends."""

from collections.abc import Iterator

import pytest
from PySide6.QtGui import QGuiApplication


@pytest.fixture(autouse=True)
def _clean_clipboard() -> Iterator[None]:
    yield
    if QGuiApplication.instance() is not None:
        QGuiApplication.clipboard().clear()
