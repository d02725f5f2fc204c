"""A line edit for a secret: masked, and closed to every way by which text leaves a field (S98).

Beside it what stands inside a line edit.
"""

from PySide6.QtCore import QEvent, QObject, QSize, Qt, QTimer
from PySide6.QtGui import QEnterEvent, QFocusEvent, QHideEvent, QKeyEvent, QKeySequence, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QLineEdit, QWidget
from shiboken6 import isValid

from keyrack.primitives.secret import Secret
from keyrack.ui.screen_reader.accessible_face import Role, spoken_as
from keyrack.ui.theme.icons import Icon
from keyrack.ui.theme.metrics import GAP_S, GRID, RADIUS_CONTROL
from keyrack.ui.theme.theme import theme

REVEAL_MS = 10_000

_LEAKS = (
    QKeySequence.StandardKey.Copy,
    QKeySequence.StandardKey.Cut,
    QKeySequence.StandardKey.Undo,
    QKeySequence.StandardKey.Redo,
)


@spoken_as(Role.Button)
class FieldButton(QAbstractButton):
    """A small picture to press at the right end of a line edit. Qt's own ones do not grow with the text."""

    def __init__(self, edit: QLineEdit, icon: str, name: str) -> None:
        super().__init__(edit)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.picture = Icon(icon, "second").put_on(self)
        self.say(name)
        stand_inside(edit, self)

    def say(self, name: str) -> None:
        """Another name and tooltip."""
        self.setAccessibleName(name)
        self.setToolTip(name)

    def sizeHint(self) -> QSize:
        """The picture and some room around it for the mouse."""
        return self.iconSize() + QSize(int(GAP_S), int(GAP_S))

    def paintEvent(self, _event: QPaintEvent) -> None:
        """The picture, on a ground under the mouse."""
        painter = QPainter(self)
        if self.underMouse():
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme().palette.hover)
            painter.drawRoundedRect(self.rect(), RADIUS_CONTROL, RADIUS_CONTROL)
        room = GAP_S // 2
        self.icon().paint(painter, self.rect().adjusted(room, room, -room, -room))

    def enterEvent(self, event: QEnterEvent) -> None:
        """Show that it can be pressed."""
        super().enterEvent(event)
        self.update()

    def leaveEvent(self, event: QEvent) -> None:
        """As before."""
        super().leaveEvent(event)
        self.update()


class _Inside(QObject):
    """Keeps a widget at one end of a line edit."""

    def __init__(self, edit: QLineEdit, widget: QWidget, *, left: bool) -> None:
        super().__init__(widget)
        self._edit, self._widget, self._left = edit, widget, left
        widget.setParent(edit)
        edit.installEventFilter(self)
        self._place()

    def eventFilter(self, _edit: QObject, event: QEvent) -> bool:
        """Follow the size of the line."""
        if event.type() == QEvent.Type.Resize:
            self._place()
        return False

    def _place(self) -> None:
        size = self._widget.sizeHint()
        x = GAP_S if self._left else self._edit.width() - size.width() - GRID
        self._widget.setGeometry(int(x), (self._edit.height() - size.height()) // 2, size.width(), size.height())


def stand_inside(edit: QLineEdit, widget: QWidget, *, left: bool = False) -> None:
    """Put a small widget inside a line edit, which keeps its text away from it."""
    _Inside(edit, widget, left=left)
    margins, wide = edit.textMargins(), widget.sizeHint().width()
    edit.setTextMargins(wide if left else margins.left(), 0, margins.right() if left else wide, 0)


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
        self._eye = FieldButton(self, "eye", self.tr("Show for 10 seconds"))
        self._eye.clicked.connect(self._toggle)
        self._hide_timer = QTimer(self)
        self._hide_timer.setSingleShot(True)
        self._hide_timer.setInterval(REVEAL_MS)
        self._hide_timer.timeout.connect(self.conceal)
        self.selectionChanged.connect(self._unselect)

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
        """Conceal the text when the page is left. A line edit that is being destroyed has lost its button already."""
        if isValid(self._eye):
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
        self._eye.picture.become("eye-off" if self.revealed else "eye", "second")
        self._eye.say(self.tr("Hide") if self.revealed else self.tr("Show for 10 seconds"))
