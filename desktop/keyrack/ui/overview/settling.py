"""Lets cards and lines glide to where they stand in a new order."""

from collections.abc import Mapping, Sequence
from typing import TypeVar

from PySide6.QtCore import QEasingCurve, QObject, QPoint, QVariantAnimation
from PySide6.QtWidgets import QWidget
from shiboken6 import isValid

from keyrack.ui.theme.metrics import MOVE_MS
from keyrack.ui.theme.theme import theme

_Widget = TypeVar("_Widget", bound=QWidget)


class Settling(QObject):
    """Each widget stands at its new place already. Where motion is allowed it is shown on its way there."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._ways: Sequence[tuple[QWidget, QPoint, QPoint]] = ()
        self._gliding = QVariantAnimation(self, duration=MOVE_MS, startValue=0.0, endValue=1.0)
        self._gliding.setEasingCurve(QEasingCurve.Type.OutCubic)
        self._gliding.valueChanged.connect(self._move)

    def begin(self, before: Mapping[_Widget, QPoint]) -> None:
        """Show the way from where each widget stood `before`."""
        ways = [(each, place, each.pos()) for each, place in before.items() if isValid(each) and each.pos() != place]
        if ways and theme().motion():
            self._ways = ways
            self._move(0.0)
            self._gliding.start()

    def end(self) -> None:
        """Put each at its place now."""
        if self._ways:
            self._gliding.stop()
            self._move(1.0)
            self._ways = ()

    def _move(self, share: float) -> None:
        for widget, old, new in self._ways:
            if isValid(widget):
                widget.move(old + (new - old) * share)
