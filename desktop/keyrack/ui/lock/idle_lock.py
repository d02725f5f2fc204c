"""Locks by itself when nobody has used the window for a while."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtWidgets import QWidget
from shiboken6 import isValid

if TYPE_CHECKING:
    from keyrack.core.access.lock import Lock
    from keyrack.primitives.clock import Clock

IDLE_AFTER = 15 * 60.0

_USE = frozenset(
    {
        QEvent.Type.MouseMove,
        QEvent.Type.MouseButtonPress,
        QEvent.Type.Wheel,
        QEvent.Type.KeyPress,
        QEvent.Type.TouchBegin,
        QEvent.Type.TabletPress,
    }
)
_SEEN = frozenset({QEvent.Type.Show, QEvent.Type.Hide, QEvent.Type.WindowStateChange})


class IdleLock(QObject):
    """Watches the window's keys and mouse; `after` is in seconds.

    While the window is hidden no timer runs: whoever comes back after the time finds it locked,
    because `look` is asked before anything is shown or copied.
    """

    def __init__(self, window: QWidget, lock: "Lock", clock: "Clock", after: float = IDLE_AFTER) -> None:
        super().__init__(window)
        self._window = window
        self._lock = lock
        self._clock = clock
        self._after = after
        self._used = clock.elapsed()
        self._handle: QObject | None = None
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self.look)
        self.stop = lock.changed.connect(self._lock_changed)
        window.installEventFilter(self)
        self._follow()

    def look(self) -> bool:
        """Lock if nobody has used Keyrack for too long; whether it is locked now."""
        if not self._lock.locked and self._left() <= 0:
            self._lock.lock(by_hand=False)
        self._wait()
        return self._lock.locked

    def use(self) -> None:
        """Somebody is there, unless nobody was for too long before."""
        if not self.look():
            self._used = self._clock.elapsed()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The window tells whether it is seen, its handle what the person does."""
        # A window that is being destroyed still hides, when its wrapper is gone already.
        if watched is self._handle and event.type() in _USE:
            self.use()
        elif event.type() in _SEEN and isValid(self._window):
            self._follow()
        return super().eventFilter(watched, event)

    def _follow(self) -> None:
        # Qt's stub promises an object, but a window that was never shown has none.
        handle: QObject | None = self._window.windowHandle()
        if handle is not None and handle is not self._handle:
            self._handle = handle
            handle.installEventFilter(self)
        self.look()

    def _left(self) -> float:
        return self._used + self._after - self._clock.elapsed()

    def _wait(self) -> None:
        seen = self._window.isVisible() and not self._window.isMinimized()
        if self._lock.locked or not seen:
            self._timer.stop()
        elif not self._timer.isActive():
            self._timer.start(round(self._left() * 1000) + 1)

    def _lock_changed(self) -> None:
        if not self._lock.locked:
            self._used = self._clock.elapsed()
        self._wait()
