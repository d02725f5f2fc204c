"""Locks Keyrack when the window was not used for a while."""

import math
from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtWidgets import QWidget
from shiboken6 import isValid

from keyrack.core.preferences.all_settings import IDLE_LOCK_MINUTES

if TYPE_CHECKING:
    from keyrack.core.access.lock import Lock
    from keyrack.primitives.clock import Clock

IDLE_AFTER = 60.0 * IDLE_LOCK_MINUTES.default

_INPUT_EVENTS = frozenset(
    {
        QEvent.Type.MouseMove,
        QEvent.Type.MouseButtonPress,
        QEvent.Type.Wheel,
        QEvent.Type.KeyPress,
        QEvent.Type.TouchBegin,
        QEvent.Type.TabletPress,
    }
)
_VISIBILITY_EVENTS = frozenset({QEvent.Type.Show, QEvent.Type.Hide, QEvent.Type.WindowStateChange})


class IdleLock(QObject):
    """Watches the window's keys and mouse. `after` is how long it may lie unused, in seconds, 0 for ever.

    While the window is hidden no timer runs. `check` runs before anything is shown or copied, so a person who comes
    back too late finds Keyrack locked.
    """

    def __init__(
        self, window: QWidget, lock: "Lock", clock: "Clock", after: Callable[[], float] = lambda: IDLE_AFTER
    ) -> None:
        super().__init__(window)
        self._window = window
        self._lock = lock
        self._clock = clock
        self._after = after
        self._last_use = clock.elapsed()
        self._handle: QObject | None = None
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self.check)
        self.stop = lock.changed.connect(self._lock_changed)
        window.installEventFilter(self)
        self._watch_handle()

    @property
    def timing(self) -> bool:
        """Whether a timer runs that will lock."""
        return self._timer.isActive()

    def check(self) -> bool:
        """Lock if Keyrack was not used for too long. Returns whether it is locked now."""
        if not self._lock.locked and self._seconds_left() <= 0:
            self._lock.lock(by_hand=False)
        self._schedule()
        return self._lock.locked

    def follow(self) -> None:
        """Count by another time, which a person has just chosen."""
        self._timer.stop()
        self.note_use()

    def note_use(self) -> None:
        """The person is there. After too long a time, Keyrack is locked first."""
        if not self.check():
            self._last_use = self._clock.elapsed()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow the window's visibility, and the person's input at its handle."""
        # A window that is being destroyed still hides, when its wrapper is gone already.
        if watched is self._handle and event.type() in _INPUT_EVENTS:
            self.note_use()
        elif event.type() in _VISIBILITY_EVENTS and isValid(self._window):
            self._watch_handle()
        return super().eventFilter(watched, event)

    def _watch_handle(self) -> None:
        # Qt's stub promises an object, but a window that was never shown has none.
        handle: QObject | None = self._window.windowHandle()
        if handle is not None and handle is not self._handle:
            self._handle = handle
            handle.installEventFilter(self)
        self.check()

    def _seconds_left(self) -> float:
        return self._last_use + (self._after() or math.inf) - self._clock.elapsed()

    def _schedule(self) -> None:
        seen = self._window.isVisible() and not self._window.isMinimized()
        if self._lock.locked or not seen:
            self._timer.stop()
        elif not self._timer.isActive() and (left := self._seconds_left()) < math.inf:
            self._timer.start(round(left * 1000) + 1)

    def _lock_changed(self) -> None:
        if not self._lock.locked:
            self._last_use = self._clock.elapsed()
        self._schedule()
