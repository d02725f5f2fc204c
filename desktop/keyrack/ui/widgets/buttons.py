"""Buttons: one filled for a state's main action, the others plain or quiet."""

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QCheckBox, QPushButton, QRadioButton, QToolButton, QWidget

from keyrack.ui.theme.icons import Icon
from keyrack.ui.theme.metrics import CONTROL_HEIGHT, FOCUS_LINE, SMALL_HEIGHT
from keyrack.ui.theme.theme import theme

_FOCUS_INSET = (4, 4, -4, -4)
_FOCUS_RADII = (4, 4)
_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


def is_enter(event: QKeyEvent) -> bool:
    """Whether a key press is Enter alone, on either side of the keyboard."""
    held = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
    return event.key() in _ENTER and held == Qt.KeyboardModifier.NoModifier


def pressed_by_enter(button: QAbstractButton, event: QKeyEvent) -> bool:
    """Press the focused button with Enter, once however long the key is held. Returns whether the key was Enter.

    Qt does so on some desktops only, and elsewhere only inside a dialog.
    """
    if not is_enter(event):
        return False
    event.accept()
    if button.hasFocus() and not event.isAutoRepeat():
        button.click()
    return True


class PlainButton(QPushButton):
    """A button with a border: for everything but a state's main action."""

    role = "plain"

    def __init__(self, text: str, icon: str = "", parent: QWidget | None = None) -> None:
        super().__init__(text, parent)
        self.setProperty("role", self.role)
        self.setAutoDefault(False)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        if icon:
            Icon(icon, self._icon_tone()).put_on(self)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter presses it, as Space does."""
        if not pressed_by_enter(self, event):
            super().keyPressEvent(event)

    def _icon_tone(self) -> str:
        return "text"


class PrimaryButton(PlainButton):
    """The one filled button: a state's main action."""

    role = "primary"

    def paintEvent(self, event: QPaintEvent) -> None:
        """The button. The focus ring lies inside, where it is visible on the fill."""
        super().paintEvent(event)
        if self.hasFocus():
            painter = QPainter(self)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(theme().palette.on_accent, FOCUS_LINE))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(*_FOCUS_INSET), *_FOCUS_RADII)

    def _icon_tone(self) -> str:
        return "on_accent"


class DangerButton(PlainButton):
    """A button that deletes something."""

    role = "danger"

    def _icon_tone(self) -> str:
        return "urgent"


class QuietButton(PlainButton):
    """A button without a border, for rows and corners."""

    role = "quiet"


class LinkButton(PlainButton):
    """A button that looks like a link."""

    role = "link"

    def _icon_tone(self) -> str:
        return "accent"


class IconButton(QToolButton):
    """A square button with a picture only. `name` is its tooltip and its accessible name."""

    def __init__(self, icon: str, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setToolTip(name)
        self.setAccessibleName(name)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFixedSize(theme().px(CONTROL_HEIGHT), theme().px(CONTROL_HEIGHT))
        self.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.icon_shown = Icon(icon, "second").put_on(self)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter presses it, as Space does."""
        if not pressed_by_enter(self, event):
            super().keyPressEvent(event)


class RadioButton(QRadioButton):
    """One of several choices. Enter is left to the form that it stands in."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """On some desktops Qt would take Enter for a press."""
        if is_enter(event):
            event.ignore()
        else:
            super().keyPressEvent(event)


class CheckBox(QCheckBox):
    """A choice of yes or no. Enter is left to the form that it stands in."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """On some desktops Qt would take Enter for a press."""
        if is_enter(event):
            event.ignore()
        else:
            super().keyPressEvent(event)


class SmallButton(PlainButton):
    """A button that fits into a line of text. Tab passes it by: the card or line that it stands on has its own key."""

    role = "small"

    def __init__(self, text: str, icon: str = "", parent: QWidget | None = None) -> None:
        super().__init__(text, icon, parent)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)


class CopyButton(SmallButton):
    """Copies an account's token. `words` is whether there is room for a word beside the picture."""

    def __init__(self, parent: QWidget, *, words: bool) -> None:
        super().__init__("", parent=parent)
        self._words = words
        self._copied: bool | None = None
        self._picture = Icon("copy", "text").put_on(self)
        self.setProperty("bare", not words)
        if not words:
            self.setFixedWidth(theme().px(SMALL_HEIGHT))
        self.show_copied(copied=False)

    def show_copied(self, *, copied: bool) -> None:
        """Say that the token is on the clipboard, or offer it again."""
        if copied == self._copied:
            return
        self._copied = copied
        text = self.tr("Copied") if copied else self.tr("Copy")
        self.setText(text if self._words else "")
        self._picture.become("check" if copied else "copy", "fresh" if copied else "text")
        self.setAccessibleName(text if copied else self.tr("Copy token"))
        self.setToolTip("" if copied else self.tr("Copy token (Ctrl+C)"))
        self.adjustSize()
