"""Form fields: a name above, the problem below, and secrets masked."""

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLabel, QLineEdit, QVBoxLayout, QWidget

from keyrack.primitives.secret import Secret
from keyrack.ui.theme.icons import Icon
from keyrack.ui.theme.metrics import GAP_S, GRID
from keyrack.ui.widgets.buttons import PlainButton, is_enter
from keyrack.ui.widgets.controls import Text, set_property
from keyrack.ui.widgets.flow_layout import TurningRow
from keyrack.ui.widgets.secret_edit import FieldButton, SecretEdit, stand_inside

LONGEST_SECRET = 1100
_LONGEST_FIND = 40
_TURNS_BELOW = 180
# Of a line with two buttons.
TWO_TURN_BELOW = 300


class EnterKey(QObject):
    """Submits a form at Enter in any field or choice of it, once however long the key is held.

    A field of Qt leaves Enter to what it stands in, and a button takes it for itself.
    """

    def __init__(self, form: QWidget, submit: Callable[[], object]) -> None:
        super().__init__(form)
        self._submit = submit
        form.installEventFilter(self)

    def eventFilter(self, _form: QObject, event: QEvent) -> bool:
        """Take Enter. Every other event goes on."""
        if not isinstance(event, QKeyEvent) or event.type() != QEvent.Type.KeyPress or not is_enter(event):
            return False
        event.accept()
        if not event.isAutoRepeat():
            self._submit()
        return True


def holds_input(form: QWidget) -> bool:
    """Whether a person entered something into a line of a form that is still there."""
    return any(line.isModified() and line.text() for line in form.findChildren(QLineEdit))


class Field(QWidget):
    """A line edit, its name above it, and its problem below.

    What is added to `row` stands beside the line, and below it where the row is narrower than `turns_below`.
    """

    def __init__(
        self,
        name: str,
        edit: QLineEdit,
        hint: str = "",
        parent: QWidget | None = None,
        *,
        turns_below: int = _TURNS_BELOW,
    ) -> None:
        super().__init__(parent)
        self.edit = edit
        edit.setAccessibleName(name)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GRID)
        self.name = Text(name, "caption")
        self.name.setBuddy(edit)
        self.row = TurningRow(turns_below)
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
        """Show the field's problem below it, or remove it with ""."""
        self.problem.setText(text)
        self.problem.setVisible(bool(text))
        self.edit.setAccessibleDescription(self.problem.text())
        set_property(self.edit, "wrong", bool(text))

    def entered(self) -> str:
        """What was entered, without surrounding space."""
        return self.edit.text().strip()


class SecretField(Field):
    """A masked field that can be revealed for ten seconds (S98)."""

    def __init__(self, name: str, hint: str = "", parent: QWidget | None = None) -> None:
        edit = SecretEdit()
        edit.setMaxLength(LONGEST_SECRET)
        super().__init__(name, edit, hint, parent)

    def secret(self) -> Secret | None:
        """The entered secret without surrounding space, None for an empty field. The field keeps its text."""
        text = self.entered()
        return Secret(text) if text else None


class CopyField(Field):
    """A field with a button that copies it, for a text that is registered elsewhere and is no secret."""

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
        copy(self.entered())
        self.button.setText(self.tr("Copied"))
        self._back.start(2000)


class FindField(QLineEdit):
    """A line to find something, with a glass and a button that clears it."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent, placeholderText=self.tr("Find"), maxLength=_LONGEST_FIND)
        self.setAccessibleName(name)
        self.setAcceptDrops(False)  # the window takes what is dropped, which may be a secret
        glass = QLabel()
        glass.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        Icon("search", "second").put_on(glass)
        stand_inside(self, glass, left=True)
        clear = FieldButton(self, "close", self.tr("Clear"))
        clear.setObjectName("clear_line")
        clear.clicked.connect(self.clear)
        clear.hide()
        self.textChanged.connect(lambda text: clear.setVisible(bool(text)))

    def event(self, event: QEvent) -> bool:
        """Take Esc for itself while there is something to clear. An empty field leaves it to the page."""
        if isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Escape and self.text():
            if event.type() == QEvent.Type.KeyPress:
                self.clear()
            event.accept()
            return True
        return super().event(event)
