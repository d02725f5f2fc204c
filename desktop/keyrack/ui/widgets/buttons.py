"""Buttons: one filled for a state's main action, the others plain or quiet."""

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QPushButton, QToolButton, QWidget

from keyrack.ui.theme.icons import Icon
from keyrack.ui.theme.metrics import CONTROL_HEIGHT, FOCUS_LINE
from keyrack.ui.theme.theme import theme

_FOCUS_INSET = (4, 4, -4, -4)
_FOCUS_RADII = (4, 4)


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
