"""Buttons, of which one is filled for a state's main action, and choices."""

from PySide6.QtCore import QEvent, QRectF, QSize, Qt
from PySide6.QtGui import QHelpEvent, QIcon, QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import (
    QAbstractButton,
    QCheckBox,
    QMenu,
    QPushButton,
    QRadioButton,
    QSizePolicy,
    QStyle,
    QStyleOptionButton,
    QStylePainter,
    QToolButton,
    QToolTip,
    QWidget,
)

from keyrack.ui.screen_reader.accessible_face import opening, spoken_as
from keyrack.ui.theme.focus_ring import is_by_key
from keyrack.ui.theme.icons import Icon
from keyrack.ui.theme.metrics import CONTROL_HEIGHT, FOCUS_LINE
from keyrack.ui.theme.theme import theme
from keyrack.ui.widgets.ring_paint import paint_dot

_FOCUS_INSET = (4, 4, -4, -4)
_FOCUS_RADII = (4, 4)
_LETTERS = 64
# With less of its text than this a button says more by its icon.
_LEAST_SHARE = 0.6
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
    """A button with a border: for everything but a state's main action.

    Without room for both it shows its text alone, or most of that, or its icon alone. The tooltip says the rest.
    """

    role = "plain"
    keeps_icon = False

    def __init__(self, text: str, icon: str = "", parent: QWidget | None = None) -> None:
        super().__init__(text, parent)
        self.setProperty("role", self.role)
        self.setAutoDefault(False)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        if icon:
            Icon(icon, self._icon_tone()).put_on(self)

    def minimumSizeHint(self) -> QSize:
        """Room for the icon, or for some letters."""
        whole = self.sizeHint()
        least = theme().px(CONTROL_HEIGHT if not self.icon().isNull() else _LETTERS)
        return QSize(min(whole.width(), least), whole.height())

    @property
    def text_is_cut(self) -> bool:
        """Whether there is no room for the whole text."""
        return bool(self.text()) and self.width() < self.sizeHint().width()

    def paintEvent(self, event: QPaintEvent) -> None:
        """The button with the text that fits."""
        if not self.text_is_cut:
            super().paintEvent(event)
            return
        room = self.width() - (self.sizeHint().width() - self.fontMetrics().horizontalAdvance(self.text()))
        text = self.text()
        if not self.icon().isNull() and not self.keeps_icon:
            room += self.iconSize().width()
            if self.fontMetrics().horizontalAdvance(text) * _LEAST_SHARE <= room:
                short = self.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, room)
                _paint_with(self, QStyle.ControlElement.CE_PushButton, short, bare=True)
                return
            text = ""
        short = self.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, room)
        _paint_with(self, QStyle.ControlElement.CE_PushButton, short)

    def event(self, event: QEvent) -> bool:
        """Say the whole text where it is cut."""
        if isinstance(event, QHelpEvent) and self.text_is_cut and not self.toolTip():
            QToolTip.showText(event.globalPos(), self.text().replace("<", "‹"), self)
            return True
        return super().event(event)

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
        if is_by_key(self):
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


@spoken_as(opening)
class LinkButton(PlainButton):
    """A button that looks like a link. Its icon says where it leads, so its text is cut beside it."""

    role = "link"
    keeps_icon = True

    def _icon_tone(self) -> str:
        return "accent"


class IconButton(QToolButton):
    """A square button with a picture only. `name` is its tooltip and its accessible name, with a key in brackets."""

    def __init__(self, icon: str, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setToolTip(name)
        self.setAccessibleName(name.partition("(")[0].rstrip())
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFixedSize(theme().px(CONTROL_HEIGHT), theme().px(CONTROL_HEIGHT))
        self.icon_shown = Icon(icon, "second").put_on(self)

    def setMenu(self, menu: QMenu) -> None:
        """Open a menu at a press. In this mode Qt tells a screen reader of no press, so it is only for a menu."""
        super().setMenu(menu)
        self.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter presses it, as Space does."""
        if not pressed_by_enter(self, event):
            super().keyPressEvent(event)


class _Lines:
    """The text of a choice, in the lines that its width has room for."""

    def __init__(self, choice: QCheckBox | QRadioButton) -> None:
        self._choice = choice
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        choice.setSizePolicy(policy)

    def height(self, width: int) -> int:
        """The height at a width."""
        more = len(self.at(width)) - 1
        return self._choice.sizeHint().height() + more * self._choice.fontMetrics().lineSpacing()

    def least(self) -> QSize:
        """Room for the longest word."""
        longest = max((self._wide(word) for word in self._choice.text().split()), default=0)
        return QSize(self._beside() + longest, self._choice.sizeHint().height())

    def at(self, width: int) -> list[str]:
        """The text's lines at a width."""
        room, lines = width - self._beside(), [""]
        for word in self._choice.text().split():
            longer = f"{lines[-1]} {word}".lstrip()
            if lines[-1] and self._wide(longer) > room:
                lines.append(word)
            else:
                lines[-1] = longer
        return lines

    def _beside(self) -> int:
        """What is not text: the box and the gaps."""
        return self._choice.sizeHint().width() - self._wide(self._choice.text())

    def _wide(self, text: str) -> int:
        return self._choice.fontMetrics().horizontalAdvance(text)


class RadioButton(QRadioButton):
    """One of several choices. Enter is left to the form that it stands in."""

    def __init__(self, text: str = "", parent: QWidget | None = None) -> None:
        super().__init__(text, parent)
        self._lines = _Lines(self)

    def heightForWidth(self, width: int) -> int:
        """The text wraps."""
        return self._lines.height(width)

    def minimumSizeHint(self) -> QSize:
        """Room for the longest word."""
        return self._lines.least()

    def paintEvent(self, event: QPaintEvent) -> None:
        """The text in lines, and the chosen dot, whose thick edge the stylesheet would draw in steps."""
        if self.width() >= self.sizeHint().width():
            super().paintEvent(event)
        else:
            _paint_with(self, QStyle.ControlElement.CE_RadioButton, "\n".join(self._lines.at(self.width())))
        if self.isChecked():
            option = QStyleOptionButton()
            self.initStyleOption(option)
            box = self.style().subElementRect(QStyle.SubElement.SE_RadioButtonIndicator, option, self)
            paint_dot(QPainter(self), QRectF(box))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """On some desktops Qt would take Enter for a press."""
        if is_enter(event):
            event.ignore()
        else:
            super().keyPressEvent(event)


class CheckBox(QCheckBox):
    """A choice of yes or no. Enter is left to the form that it stands in."""

    def __init__(self, text: str = "", parent: QWidget | None = None) -> None:
        super().__init__(text, parent)
        self._lines = _Lines(self)

    def heightForWidth(self, width: int) -> int:
        """The text wraps."""
        return self._lines.height(width)

    def minimumSizeHint(self) -> QSize:
        """Room for the longest word."""
        return self._lines.least()

    def paintEvent(self, event: QPaintEvent) -> None:
        """The text in lines."""
        if self.width() >= self.sizeHint().width():
            super().paintEvent(event)
        else:
            _paint_with(self, QStyle.ControlElement.CE_CheckBox, "\n".join(self._lines.at(self.width())))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """On some desktops Qt would take Enter for a press."""
        if is_enter(event):
            event.ignore()
        else:
            super().keyPressEvent(event)


def _paint_with(
    button: QPushButton | QCheckBox | QRadioButton, element: QStyle.ControlElement, text: str, *, bare: bool = False
) -> None:
    """Draw the button as its style does, with another text, and `bare` without its icon. Its own option stays."""
    option = QStyleOptionButton()
    button.initStyleOption(option)
    option.text = text
    if bare:
        option.icon = QIcon()
    QStylePainter(button).drawControl(element, option)
