"""A secret on the clipboard: marked for clipboard managers, cleared after a time, and only while it is ours.

X11's clipboard managers fill a clipboard that nobody owns, often with what was there before: the secret. So Keyrack
keeps owning what it has cleared, with an empty text in it. Parcellite and Diodon do not keep empty texts and would
bring the secret back after Keyrack's end, so before that they get a short text that harms nobody.
"""

from PySide6.QtCore import QCoreApplication, QElapsedTimer, QMimeData, QObject, Qt, QThread, QTimer, Signal
from PySide6.QtGui import QClipboard, QGuiApplication

from keyrack.core.preferences.all_settings import CLIPBOARD_SECONDS
from keyrack.primitives.clock import Clock
from keyrack.primitives.secret import Secret
from keyrack.ui.integration.clipboard_mime import ClearedMime, SecretMime
from keyrack.ui.integration.returned_secret import ReturnedSecret

translate = QCoreApplication.translate
_TICK_MS = 1000
_LONGEST = max(int(choice.value) for choice in CLIPBOARD_SECONDS.choices)
# mutter copies what it is to restore only a moment after it has changed, and Parcellite looks twice a second.
_HELD_AT_QUIT_MS = 750
_BETWEEN_EVENTS_MS = 5
_CLIPBOARD = QClipboard.Mode.Clipboard


class Clipboard(QObject):
    """The system's clipboard with at most one secret of Keyrack on it.

    `changed` is emitted each second while the secret is there, and at its end. `returned` is emitted with the secret's
    owner when another program has the secret on the clipboard a second later. X11's selection (PRIMARY) is never
    touched (S94). `platform` is Qt's name of the window system.
    """

    changed = Signal()
    returned = Signal(str)

    def __init__(self, clock: Clock | None = None, platform: str | None = None) -> None:
        super().__init__()
        self._clock = clock or Clock()
        self._platform = platform if platform is not None else QGuiApplication.platformName()
        self._clipboard = QGuiApplication.clipboard()
        self._secret: Secret | None = None
        self._owner = ""
        self._seconds, self._ends = 0.0, 0.0
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._tick)
        self._clipboard.changed.connect(self._clipboard_changed)
        self.afterwards = ReturnedSecret(self)
        self.afterwards.returned.connect(self.returned)
        app = QGuiApplication.instance()
        if isinstance(app, QGuiApplication):
            app.aboutToQuit.connect(self.let_go)
            app.applicationStateChanged.connect(self._application_state_changed)

    @property
    def owner(self) -> str:
        """The owner that was passed to `copy`, "" when no secret of ours is there."""
        return self._owner if self._secret is not None else ""

    @property
    def seconds_left(self) -> float:
        """Seconds until it is cleared. 0 when no secret of ours is there or clearing is overdue."""
        return max(0.0, self._ends - self._clock.elapsed()) if self._secret is not None else 0.0

    @property
    def holds_secret(self) -> bool:
        """Whether a secret of ours is on the clipboard, as far as is known."""
        return self._secret is not None

    def copy(self, secret: Secret, seconds: float = CLIPBOARD_SECONDS.default, owner: str = "") -> None:
        """Put `secret` there for `seconds`. An earlier secret is replaced and the delay starts again (S95)."""
        self._secret = None
        self.afterwards.forget()
        self._clipboard.setMimeData(SecretMime(secret), _CLIPBOARD)
        self._secret, self._owner = secret, owner
        self._seconds, self._ends = seconds, self._clock.elapsed() + seconds
        self._schedule()
        self.changed.emit()

    def clear(self) -> None:
        """Replace it by an empty text now if it is still ours (S95)."""
        secret, self._secret = self._secret, None
        self._timer.stop()
        if secret is None:
            return
        if self._is_ours(secret):
            self._clipboard.setMimeData(ClearedMime(), _CLIPBOARD)
        self._look_afterwards(secret)
        self.changed.emit()

    def let_go(self) -> None:
        """At quit, leave clipboard managers nothing to take over or to bring back (S96). Takes 0.75 s after a copy."""
        self.clear()
        self.afterwards.forget()
        if not self._is_cleared():
            return
        self._clipboard.setMimeData(ClearedMime(self.tr("Cleared by Keyrack")), _CLIPBOARD)
        passed = QElapsedTimer()
        passed.start()
        while passed.elapsed() < _HELD_AT_QUIT_MS:
            QCoreApplication.processEvents()
            QThread.msleep(_BETWEEN_EVENTS_MS)
        if self._is_cleared():
            self._clipboard.clear(_CLIPBOARD)

    def clear_for(self, owner: str) -> None:
        """Clear it if `owner` is its owner, because that account is removed or signed out."""
        if self.owner == owner:
            self.clear()

    def can_clear(self) -> bool:
        """Whether it can be cleared at any time. Wayland allows that only while the program has the focus (S97)."""
        return not self._platform.startswith("wayland")

    def formats(self) -> list[str]:
        """The formats on the clipboard now, of any program. No text is read."""
        # Qt's stub promises an object, but an empty clipboard gives None.
        current: QMimeData | None = self._clipboard.mimeData(_CLIPBOARD)
        return [] if current is None else list(current.formats())

    def button_text(self) -> str:
        """Text of the copy button while a secret is there. Without certain clearing it promises nothing (S97)."""
        return "" if self._secret is None else copied_text(self, max(1, round(self.seconds_left)))

    def spoken_text(self) -> str:
        """The same for a screen reader, which would read out each second of it."""
        return "" if self._secret is None else copied_text(self, round(self._seconds))

    def warning(self) -> str:
        """What to show when copying where clearing is not certain, else ""."""
        if self.can_clear():
            return ""
        return self.tr(
            "This desktop lets Keyrack clear the clipboard only while its window is in front. "
            "Copy something else when you are done."
        )

    def _is_ours(self, secret: Secret) -> bool:
        """Whether that secret is on the clipboard now (S95).

        On X11 ownership decides: Qt knows the owner, and asking another program for its text may take seconds.
        Elsewhere the text decides.
        """
        if self._clipboard.ownsClipboard():
            current = self._clipboard.mimeData(_CLIPBOARD)
            return isinstance(current, SecretMime) and current.secret == secret
        if self._platform == "xcb":
            return False
        return Secret(self._clipboard.text(_CLIPBOARD)) == secret

    def _is_cleared(self) -> bool:
        """Whether what was cleared is still empty, because nobody has copied anything since."""
        return isinstance(self._clipboard.mimeData(_CLIPBOARD), ClearedMime)

    def _look_afterwards(self, secret: Secret) -> None:
        """Look in a second whether a clipboard manager has the secret. Wayland shows that only to who has the focus."""
        if self.can_clear():
            self.afterwards.look_for(secret, self._owner)

    def _schedule(self) -> None:
        left = round(self.seconds_left * 1000)
        self._timer.start(left % _TICK_MS or min(left, _TICK_MS))

    def _tick(self) -> None:
        if self.seconds_left > 0:
            self._schedule()
            self.changed.emit()
        elif self.can_clear() or QGuiApplication.applicationState() == Qt.ApplicationState.ApplicationActive:
            self.clear()
        else:
            self.changed.emit()

    def _application_state_changed(self, state: Qt.ApplicationState) -> None:
        """Clear what is overdue as soon as the program has the focus."""
        overdue = self._secret is not None and self.seconds_left <= 0
        if overdue and state == Qt.ApplicationState.ApplicationActive:
            self.clear()

    def _clipboard_changed(self, mode: QClipboard.Mode) -> None:
        """Another program copied something. If our secret is gone, forget it."""
        secret = self._secret
        if mode != _CLIPBOARD or secret is None or self._is_ours(secret):
            return
        self._secret = None
        self._timer.stop()
        self._look_afterwards(secret)
        self.changed.emit()


def copied_text(clipboard: Clipboard, seconds: int = _LONGEST) -> str:
    """What a button says so many seconds before the end. The longest time needs the most room."""
    if not clipboard.can_clear():
        return translate("Clipboard", "Copied")
    return translate("Clipboard", "Copied, clears in {seconds} s").format(seconds=seconds)
