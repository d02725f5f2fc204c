"""What Keyrack puts on the clipboard: a secret with every hint not to store it, and what takes its place."""

import sys
from typing import Any

from PySide6.QtCore import QByteArray, QMetaType, QMimeData

from keyrack.primitives.secret import Secret

TEXT = "text/plain"

_WINDOWS = 'application/x-qt-windows-mime;value="{}"'
_DWORD_ZERO = bytes(4)


def hints(system: str) -> dict[str, bytes]:
    """The formats that mark a secret on `system`, a value of sys.platform (S94).

    Windows reads two of them as DWORD 0. On macOS PySide6 cannot set the pasteboard type
    org.nspasteboard.ConcealedType, so clipboard managers there may not see the hint.
    """
    if system == "win32":
        return {
            _WINDOWS.format("ExcludeClipboardContentFromMonitorProcessing"): b"1",
            _WINDOWS.format("CanIncludeInClipboardHistory"): _DWORD_ZERO,
            _WINDOWS.format("CanUploadToCloudClipboard"): _DWORD_ZERO,
        }
    if system == "darwin":
        return {"application/x-nspasteboard-concealed-type": b""}
    # CopyQ honours KDE's hint from 8.0.0 on, and before that only its own.
    return {"x-kde-passwordManagerHint": b"secret", "application/x-copyq-hidden": b"1"}


class SecretMime(QMimeData):
    """Clipboard data that reveals its secret only when it is pasted. Qt's own strings hold no copy."""

    def __init__(self, secret: Secret, system: str = sys.platform) -> None:
        super().__init__()
        self.secret = secret
        self._hints = hints(system)

    def formats(self) -> list[str]:
        """Plain text and the hints, nothing else."""
        return [TEXT, *self._hints]

    def hasFormat(self, mimetype: str) -> bool:
        """Whether `mimetype` is one of `formats`."""
        return mimetype == TEXT or mimetype in self._hints

    def retrieveData(self, mimetype: str, preferredType: QMetaType | QMetaType.Type) -> Any:  # noqa: N803 - Qt names it
        """The secret for plain text, a hint's value for a hint, None for anything else."""
        if mimetype == TEXT:
            return self.secret.reveal()
        hint = self._hints.get(mimetype)
        return None if hint is None else QByteArray(hint)


class ClearedMime(QMimeData):
    """The text in place of a secret that was cleared. As long as it has an owner, managers bring nothing back."""

    def __init__(self, text: str = "") -> None:
        super().__init__()
        self.setText(text)
