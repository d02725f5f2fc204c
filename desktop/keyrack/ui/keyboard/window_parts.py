"""Moves the focus between the parts of the window: the list, the page, a question, a message."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QWidget
from shiboken6 import isValid


@dataclass(frozen=True, slots=True)
class WindowPart:
    """A part of the window. `first` returns where the person begins in it, None while it cannot be used."""

    widget: QWidget
    first: Callable[[], QWidget | None]


class WindowParts:
    """Goes from part to part and round, and in each one back to the control that was left there."""

    def __init__(self, parts: Sequence[WindowPart]) -> None:
        self._parts = parts
        self._left: dict[QWidget, QWidget] = {}

    def go(self, by: int) -> None:
        """Go to the next part that is shown, or with -1 to the one before."""
        focus = QApplication.focusWidget()
        at = -1
        for index, part in enumerate(self._parts):
            if focus is not None and part.widget.isAncestorOf(focus):
                at, self._left[part.widget] = index, focus
        begin = at if at >= 0 or by > 0 else 0
        for step in range(1, len(self._parts) + 1):
            part = self._parts[(begin + by * step) % len(self._parts)]
            first = part.first() if part.widget.isVisible() else None
            if first is not None:
                (self._left_in(part) or first).setFocus(Qt.FocusReason.ShortcutFocusReason)
                return

    def _left_in(self, part: WindowPart) -> QWidget | None:
        left = self._left.get(part.widget)
        usable = left is not None and isValid(left) and part.widget.isAncestorOf(left)
        return left if usable and left is not None and left.isVisible() and left.isEnabled() else None
