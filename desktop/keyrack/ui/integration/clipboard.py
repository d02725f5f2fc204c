"""A secret on the clipboard: with hints for clipboard managers, for a short time, and only as long as it is ours."""

from PySide6.QtCore import QMimeData, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QClipboard, QGuiApplication

from keyrack.primitives.clock import Clock
from keyrack.primitives.secret import Secret
from keyrack.ui.integration.clipboard_mime import SecretMime

CHOICES = (10, 15, 30, 60, 120)
CLEAR_AFTER = 30

_TICK_MS = 1000
_ORDINARY = QClipboard.Mode.Clipboard


class Clipboard(QObject):
    """The system's clipboard with at most one secret of ours on it.

    `changed` tells each second that passes while a secret lies there, and its end. X11's selection
    (PRIMARY) is never touched (S94). `platform` is Qt's name of the window system.
    """

    changed = Signal()

    def __init__(self, clock: Clock | None = None, platform: str | None = None) -> None:
        super().__init__()
        self._clock = clock or Clock()
        self._platform = platform if platform is not None else QGuiApplication.platformName()
        self._clipboard = QGuiApplication.clipboard()
        self._secret: Secret | None = None
        self._owner = ""
        self._ends = 0.0
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._tick)
        self._clipboard.changed.connect(self._taken)
        app = QGuiApplication.instance()
        if isinstance(app, QGuiApplication):
            app.aboutToQuit.connect(self.clear)
            app.applicationStateChanged.connect(self._came_back)

    @property
    def owner(self) -> str:
        """Whose secret lies there: what `copy` was told, "" when there is none."""
        return self._owner if self._secret is not None else ""

    @property
    def seconds_left(self) -> float:
        """Seconds until it is cleared, 0 when nothing of ours lies there or clearing is overdue."""
        return max(0.0, self._ends - self._clock.elapsed()) if self._secret is not None else 0.0

    @property
    def holding(self) -> bool:
        """Whether a secret of ours lies there, as far as we know."""
        return self._secret is not None

    def copy(self, secret: Secret, seconds: float = CLEAR_AFTER, owner: str = "") -> None:
        """Put `secret` there for `seconds`; an earlier one is replaced and the delay starts anew (S95)."""
        self._secret = None
        self._clipboard.setMimeData(SecretMime(secret), _ORDINARY)
        self._secret, self._owner = secret, owner
        self._ends = self._clock.elapsed() + seconds
        self._wait()
        self.changed.emit()

    def clear(self) -> None:
        """Clear it now if it is still ours; at quit this leaves a clipboard manager nothing to take over (S96)."""
        secret, self._secret = self._secret, None
        self._timer.stop()
        if secret is None:
            return
        if self._ours(secret):
            self._clipboard.clear(_ORDINARY)
        self.changed.emit()

    def clear_for(self, owner: str) -> None:
        """Clear it if it came from `owner`: its account is removed or signed out."""
        if self.owner == owner:
            self.clear()

    def can_clear(self) -> bool:
        """Whether it can be cleared at any time: Wayland lets a program do so only while it has the focus (S97)."""
        return not self._platform.startswith("wayland")

    def formats(self) -> list[str]:
        """The formats of what lies there now, whoever put it there; no text is read."""
        # Qt's stub promises an object, but an empty clipboard gives None.
        lying: QMimeData | None = self._clipboard.mimeData(_ORDINARY)
        return [] if lying is None else list(lying.formats())

    def words(self) -> str:
        """What the copy button says while a secret lies there; no promise where none can be kept (S97)."""
        if self._secret is None:
            return ""
        if not self.can_clear():
            return self.tr("Copied")
        return self.tr("Copied, clears in {seconds} s").format(seconds=max(1, round(self.seconds_left)))

    def warning(self) -> str:
        """What to say at copy time where clearing is not certain, else ""."""
        if self.can_clear():
            return ""
        return self.tr(
            "This desktop lets Keyrack clear the clipboard only while its window is in front. "
            "Copy something else when you are done."
        )

    def _ours(self, secret: Secret) -> bool:
        """Whether that secret is what lies there now (S95).

        X11 knows its owner, and asking another program for its text may take seconds, so there
        ownership decides; elsewhere the text does.
        """
        if self._clipboard.ownsClipboard():
            lying = self._clipboard.mimeData(_ORDINARY)
            return isinstance(lying, SecretMime) and lying.secret == secret
        if self._platform == "xcb":
            return False
        return Secret(self._clipboard.text(_ORDINARY)) == secret

    def _wait(self) -> None:
        left = round(self.seconds_left * 1000)
        self._timer.start(left % _TICK_MS or min(left, _TICK_MS))

    def _tick(self) -> None:
        if self.seconds_left > 0:
            self._wait()
            self.changed.emit()
        elif self.can_clear() or QGuiApplication.applicationState() == Qt.ApplicationState.ApplicationActive:
            self.clear()
        else:
            self.changed.emit()

    def _came_back(self, state: Qt.ApplicationState) -> None:
        """What could not be cleared without the focus is cleared as soon as we have it."""
        overdue = self._secret is not None and self.seconds_left <= 0
        if overdue and state == Qt.ApplicationState.ApplicationActive:
            self.clear()

    def _taken(self, mode: QClipboard.Mode) -> None:
        """Somebody copied something: if ours is gone, forget it."""
        secret = self._secret
        if mode != _ORDINARY or secret is None or self._ours(secret):
            return
        self._secret = None
        self._timer.stop()
        self.changed.emit()
