"""A line edit for a secret: masked, and closed to every way by which text leaves a field (S98)."""

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QFocusEvent, QHideEvent, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QLineEdit, QWidget
from shiboken6 import isValid

from keyrack.primitives.secret import Secret
from keyrack.ui.theme.icons import icon
from keyrack.ui.theme.theme import theme

REVEAL_MS = 10_000

_LEAKS = (
    QKeySequence.StandardKey.Copy,
    QKeySequence.StandardKey.Cut,
    QKeySequence.StandardKey.Undo,
    QKeySequence.StandardKey.Redo,
)


class SecretEdit(QLineEdit):
    """A line edit that reveals its secret on request, for at most 10 s and only while it has the focus (S98).

    Nothing can be dragged, copied, undone, or selected while readable, because X11 publishes a selection. It has no
    context menu.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setEchoMode(QLineEdit.EchoMode.Password)
        self.setInputMethodHints(Qt.InputMethodHint.ImhSensitiveData | Qt.InputMethodHint.ImhNoPredictiveText)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.PreventContextMenu)
        self.setDragEnabled(False)
        self._reveal_action = self.addAction(icon("eye", "second"), QLineEdit.ActionPosition.TrailingPosition)
        self._reveal_action.triggered.connect(self._toggle)
        self._hide_timer = QTimer(self)
        self._hide_timer.setSingleShot(True)
        self._hide_timer.setInterval(REVEAL_MS)
        self._hide_timer.timeout.connect(self.conceal)
        self.selectionChanged.connect(self._unselect)
        theme().changed.connect(self._draw)
        self._draw()

    @property
    def revealed(self) -> bool:
        """Whether the text is readable now."""
        return self.echoMode() == QLineEdit.EchoMode.Normal

    def take(self) -> Secret:
        """Return the secret and empty the field, without an undo history."""
        secret = Secret(self.text())
        self.setText("")
        self.conceal()
        return secret

    def reveal(self) -> None:
        """Make the text readable for 10 s."""
        self.deselect()
        self.setEchoMode(QLineEdit.EchoMode.Normal)
        self._hide_timer.start()
        self._draw()

    def conceal(self) -> None:
        """Hide the text."""
        self._hide_timer.stop()
        self.setEchoMode(QLineEdit.EchoMode.Password)
        self._draw()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Conceal the text when the focus moves away."""
        self.conceal()
        super().focusOutEvent(event)

    def hideEvent(self, event: QHideEvent) -> None:
        """Conceal the text when the page is left. A line edit that is being destroyed has lost its action already."""
        if isValid(self._reveal_action):
            self.conceal()
        super().hideEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Ignore the keys that would give the text back."""
        if any(event.matches(key) for key in _LEAKS):
            event.accept()
        else:
            super().keyPressEvent(event)

    def _toggle(self) -> None:
        if self.revealed:
            self.conceal()
        else:
            self.reveal()

    def _unselect(self) -> None:
        if self.revealed and self.hasSelectedText():
            self.deselect()

    def _draw(self) -> None:
        self._reveal_action.setIcon(icon("eye-off" if self.revealed else "eye", "second"))
        self._reveal_action.setText(self.tr("Hide") if self.revealed else self.tr("Show for 10 seconds"))
