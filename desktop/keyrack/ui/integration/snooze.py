"""Keeps the desktop's notices back for a time that the person chose."""

from PySide6.QtCore import QCoreApplication, QDateTime, QLocale, QObject, QTimer, Signal

from keyrack.primitives.clock import Clock

MINUTES = (30, 60, 480)
_MINUTES_OF_AN_HOUR = 60

translate = QCoreApplication.translate


class Snooze(QObject):
    """No notice comes until it ends, also after a sleep of the computer. It ends with Keyrack. `changed` tells both."""

    changed = Signal()

    def __init__(self, clock: Clock, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._clock = clock
        self._ends = 0.0
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._over)

    @property
    def seconds_left(self) -> float:
        """Seconds until notices come again, 0 when they come now."""
        return max(0.0, self._ends - self._clock.elapsed())

    @property
    def until(self) -> str:
        """The time of day at which it ends, in the person's locale and without seconds. "" when notices come now."""
        if not self.seconds_left:
            return ""
        ends = QDateTime.fromSecsSinceEpoch(int(self._clock.wall() + self.seconds_left))
        style = QLocale().timeFormat(QLocale.FormatType.ShortFormat).replace(":ss", "")
        return QLocale().toString(ends.time(), style)

    def begin(self, minutes: int) -> None:
        """Keep notices back from now on."""
        self._ends = self._clock.elapsed() + 60 * minutes
        self._timer.start(60_000 * minutes)
        self.changed.emit()

    def end(self) -> None:
        """Let notices come again."""
        self._ends = 0.0
        self._timer.stop()
        self.changed.emit()

    def _over(self) -> None:
        """A timer does not count the time of a sleep, so that it may come late and never early."""
        self.changed.emit()


def length_text(minutes: int) -> str:
    """How long notices are kept back, as buttons and menus offer it."""
    hours = minutes // _MINUTES_OF_AN_HOUR
    if hours:
        return translate("Snooze", "For {n} h").format(n=hours)
    return translate("Snooze", "For {n} min").format(n=minutes)


def end_text() -> str:
    """What ends it, as buttons and menus offer it."""
    return translate("Snooze", "Let them come again")
