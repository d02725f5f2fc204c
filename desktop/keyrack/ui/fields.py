"""Form fields: a name above, a sentence below when something is wrong, and secrets masked."""

from collections.abc import Callable

from PySide6.QtCore import QEvent, Qt, QTimer
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from keyrack.net.secret import Secret
from keyrack.ui.controls import IconButton, PlainButton, Text, set_property
from keyrack.ui.icons import Icon
from keyrack.ui.theme import GAP_S, GRID

REVEAL_MS = 10_000
LONGEST_SECRET = 1024


class SecretEdit(QLineEdit):
    """A masked line: no context menu, drag, undo or selection shows what is in it (S98).

    `reveal` shows the text for 10 s, until a key or the mouse is pressed in it or the focus goes.
    """

    def __init__(self, name: str, longest: int = LONGEST_SECRET, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self.setMaxLength(longest)
        self.setEchoMode(QLineEdit.EchoMode.Password)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)
        self.setDragEnabled(False)
        self.setInputMethodHints(
            Qt.InputMethodHint.ImhSensitiveData | Qt.InputMethodHint.ImhNoPredictiveText | Qt.InputMethodHint.ImhHiddenText
        )
        self.changed_reveal: Callable[[bool], object] = lambda shown: None
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(REVEAL_MS)
        self._timer.timeout.connect(self.hide_text)

    @property
    def revealed(self) -> bool:
        """Whether the text can be read now."""
        return self.echoMode() == QLineEdit.EchoMode.Normal

    def take(self) -> Secret | None:
        """What was entered, without surrounding space; None for nothing."""
        text = self.text().strip()
        return Secret(text) if text else None

    def reveal(self) -> None:
        """Show the text for ten seconds."""
        self.deselect()
        self.setFocus(Qt.FocusReason.OtherFocusReason)
        self.setEchoMode(QLineEdit.EchoMode.Normal)
        self._timer.start()
        self.changed_reveal(True)

    def hide_text(self) -> None:
        """Mask it again."""
        self._timer.stop()
        if self.revealed:
            self.setEchoMode(QLineEdit.EchoMode.Password)
            self.changed_reveal(False)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Nobody looks at it any more."""
        self.hide_text()
        super().focusOutEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """A readable text cannot be selected or copied: any key masks it first."""
        self.hide_text()
        super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """The same for the mouse."""
        self.hide_text()
        super().mousePressEvent(event)

    def event(self, event: QEvent) -> bool:
        """A shortcut such as Copy finds it masked."""
        if event.type() == QEvent.Type.ShortcutOverride:
            self.hide_text()
        return super().event(event)


class Field(QWidget):
    """A line to fill in, its name above it, and room for what is wrong with it below."""

    def __init__(self, name: str, edit: QLineEdit, hint: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.edit = edit
        edit.setAccessibleName(name)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GRID)
        self.name = Text(name, "caption")
        self.name.setBuddy(edit)
        self.row = QHBoxLayout()
        self.row.setSpacing(GAP_S)
        self.row.addWidget(edit, 1)
        self.problem = Text(role="caption", tone="urgent", wrap=True)
        self.problem.hide()
        column.addWidget(self.name)
        column.addLayout(self.row)
        if hint:
            column.addWidget(Text(hint, "caption", wrap=True))
        column.addWidget(self.problem)
        edit.textEdited.connect(lambda _: self.show_problem(""))

    def show_problem(self, text: str) -> None:
        """Say beside the field what is wrong with it; "" for nothing."""
        self.problem.setText(text)
        self.problem.setVisible(bool(text))
        self.edit.setAccessibleDescription(text)
        set_property(self.edit, "wrong", bool(text))

    def text(self) -> str:
        """What was entered, without surrounding space."""
        return self.edit.text().strip()


class SecretField(Field):
    """A masked line with a button that shows it for ten seconds."""

    def __init__(self, name: str, hint: str = "", parent: QWidget | None = None) -> None:
        self.secret = SecretEdit(name)
        super().__init__(name, self.secret, hint, parent)
        self.eye = IconButton("eye", self.tr("Show for ten seconds"))
        self.eye.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._icon = self.eye.findChild(Icon)
        self.eye.clicked.connect(self._toggle)
        self.secret.changed_reveal = self._show_eye
        self.row.addWidget(self.eye)

    def _toggle(self) -> None:
        if self.secret.revealed:
            self.secret.hide_text()
        else:
            self.secret.reveal()

    def _show_eye(self, shown: bool) -> None:
        if isinstance(self._icon, Icon):
            self._icon.become("eye-off" if shown else "eye", "second")
        name = self.tr("Hide") if shown else self.tr("Show for ten seconds")
        self.eye.setToolTip(name)
        self.eye.setAccessibleName(name)


class CopyField(Field):
    """A line with a button that copies it; for what is registered elsewhere and is no secret."""

    def __init__(self, name: str, copy: Callable[[str], object], hint: str = "", parent: QWidget | None = None) -> None:
        super().__init__(name, QLineEdit(), hint, parent)
        self.button = PlainButton(self.tr("Copy"), "copy")
        self.button.setAccessibleName(self.tr("Copy: {name}").format(name=name))
        self.button.clicked.connect(lambda: self._copy(copy))
        self._back = QTimer(self)
        self._back.setSingleShot(True)
        self._back.timeout.connect(lambda: self.button.setText(self.tr("Copy")))
        self.row.addWidget(self.button)

    def _copy(self, copy: Callable[[str], object]) -> None:
        copy(self.text())
        self.button.setText(self.tr("Copied"))
        self._back.start(2000)
