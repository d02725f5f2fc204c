"""Looks whether a secret that has left Keyrack's clipboard lies there again, or still, by another program."""

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtGui import QClipboard, QGuiApplication

from keyrack.primitives.secret import Secret
from keyrack.ui.integration.clipboard_mime import ClearedMime

# Clipboard managers were seen to answer within half a second.
_LOOK_AFTER_MS = 1000
_CLIPBOARD = QClipboard.Mode.Clipboard


class ReturnedSecret(QObject):
    """One look, a second later. Then `looked` is emitted, and `returned` with the secret's owner if it was found.

    Parcellite, Clipman, GPaste, Diodon and Qlipper bring an earlier text back, xclipboard takes each text over at once.
    """

    looked = Signal()
    returned = Signal(str)

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.found = False
        self._secret: Secret | None = None
        self._owner = ""
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_LOOK_AFTER_MS)
        self._timer.timeout.connect(self._look)

    @property
    def looking(self) -> bool:
        """Whether the look is still to come."""
        return self._timer.isActive()

    def look_for(self, secret: Secret, owner: str) -> None:
        """Look for it in a second."""
        self._secret, self._owner, self.found = secret, owner, False
        self._timer.start()

    def forget(self) -> None:
        """Do not look any more."""
        self._timer.stop()
        self._secret = None
        self.found = False

    def _look(self) -> None:
        secret, self._secret = self._secret, None
        clipboard = QGuiApplication.clipboard()
        # Another program is asked for its text only here, because one that hangs may keep us waiting for seconds.
        if secret is not None and not isinstance(clipboard.mimeData(_CLIPBOARD), ClearedMime):
            self.found = Secret(clipboard.text(_CLIPBOARD).strip()) == secret
        self.looked.emit()
        if self.found:
            self.returned.emit(self._owner)
