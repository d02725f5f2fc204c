"""Does something once per turn of the event loop, however often it is asked for."""

from collections.abc import Callable

from PySide6.QtCore import QElapsedTimer, QObject, QTimer


class OncePerTurn(QObject):
    """Calls `do` when the loop has dealt with what is at hand.

    Two calls are at least `rest_ms` apart, because figures may come in turn after turn.
    """

    def __init__(self, do: Callable[[], object], rest_ms: int = 0, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._do = do
        self._rest_ms = rest_ms
        self._since = QElapsedTimer()
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._now)

    def ask(self) -> None:
        """Have it done at the end of this turn, or at the end of the rest."""
        if not self._timer.isActive():
            past = self._since.elapsed() if self._since.isValid() else self._rest_ms
            self._timer.start(max(0, self._rest_ms - past))

    def stop(self) -> None:
        """Do nothing more until the next `ask`."""
        self._timer.stop()

    def _now(self) -> None:
        self._since.start()
        self._do()
