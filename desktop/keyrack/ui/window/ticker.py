"""One tick a second while the window is visible, and none otherwise."""

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtWidgets import QWidget
from shiboken6 import isValid

TICK_MS = 1000


class Ticker(QObject):
    """Emits `ticked` once a second while `window` is visible, and once when it becomes visible.

    A listener computes what it shows from absolute time. It is therefore right at the first tick after sleep or
    after a change of the clock.
    """

    ticked = Signal()

    def __init__(self, window: QWidget, parent: QObject | None = None) -> None:
        super().__init__(parent or window)
        self._window = window
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.setInterval(TICK_MS)
        self._timer.timeout.connect(self.ticked)
        window.installEventFilter(self)
        self.adjust()

    @property
    def running(self) -> bool:
        """Whether a tick is due within the next second."""
        return self._timer.isActive()

    def adjust(self) -> None:
        """Start or stop with the window's visibility."""
        seen = self._window.isVisible() and not self._window.isMinimized()
        if seen and not self._timer.isActive():
            self._timer.start()
            self.ticked.emit()
        elif not seen:
            self._timer.stop()

    # A window that is being destroyed still hides, when its wrapper is gone already.
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        seen = (QEvent.Type.Show, QEvent.Type.Hide, QEvent.Type.WindowStateChange)
        if isValid(self._window) and event.type() in seen:
            self.adjust()
        return super().eventFilter(watched, event)
