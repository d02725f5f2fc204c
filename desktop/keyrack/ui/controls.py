"""The small controls every page is made of; all of them show plain text only (S49)."""

from collections.abc import Callable
from typing import Literal

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QFontMetrics, QResizeEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QMenu,
    QPushButton,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from keyrack.ui.icons import Icon
from keyrack.ui.state_mark import StateMark
from keyrack.ui.theme import CARD_INSIDE, CARD_WIDTH, CONTROL_HEIGHT, GAP_M, GAP_S, HAIRLINE, MONOGRAM, theme

__all__ = [
    "Badge",
    "Banner",
    "BannerKind",
    "Card",
    "DangerButton",
    "ElidedText",
    "Hairline",
    "IconButton",
    "LinkButton",
    "MenuButton",
    "Monogram",
    "PlainButton",
    "PrimaryButton",
    "QuietButton",
    "StateMark",
    "Text",
    "TextRole",
    "Tone",
    "set_property",
]

TextRole = Literal["body", "second", "caption", "bold", "strong", "title", "countdown"]
Tone = Literal["", "accent", "fresh", "soon", "urgent", "off"]
BannerKind = Literal["accent", "fresh", "soon", "urgent", "off"]

_BANNER_ICON: dict[BannerKind, str] = {
    "accent": "info",
    "fresh": "check-circle",
    "soon": "alert",
    "urgent": "alert",
    "off": "info",
}


def set_property(widget: QWidget, name: str, value: object) -> None:
    """Set a property that the stylesheet looks at, and let the look follow at once."""
    if widget.property(name) == value:
        return
    widget.setProperty(name, value)
    widget.style().unpolish(widget)
    widget.style().polish(widget)
    widget.update()


class Text(QLabel):
    """Plain text at a step of the type scale; `tone` is a colour by meaning."""

    def __init__(
        self, text: str = "", role: TextRole = "body", *, tone: Tone = "", wrap: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setProperty("role", role)
        self.setProperty("tone", tone)
        self.setWordWrap(wrap)
        self.setText(text)

    def set_tone(self, tone: Tone) -> None:
        """Another colour."""
        set_property(self, "tone", tone)


class ElidedText(Text):
    """One line that is cut with "…" where there is no room; the whole text is its tooltip then."""

    def __init__(
        self, text: str = "", role: TextRole = "body", *, tone: Tone = "", parent: QWidget | None = None
    ) -> None:
        self._whole = text
        super().__init__(text, role, tone=tone, parent=parent)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)

    def setText(self, text: str) -> None:
        """Show `text`, as much of it as there is room for."""
        self._whole = text
        self.setAccessibleName(text)
        self._fit()

    def whole(self) -> str:
        """The text before cutting."""
        return self._whole

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Cut anew."""
        super().resizeEvent(event)
        self._fit()

    def sizeHint(self) -> QSize:
        """Room for the whole text."""
        metrics = QFontMetrics(self.font())
        return QSize(metrics.horizontalAdvance(self._whole) + 2, super().sizeHint().height())

    def _fit(self) -> None:
        shown = QFontMetrics(self.font()).elidedText(self._whole, Qt.TextElideMode.ElideRight, max(self.width(), 1))
        if self.width() <= 1 or not self.isVisible():
            shown = self._whole
        super().setText(shown)


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

    def _icon_tone(self) -> str:
        return "on_accent"


class DangerButton(PlainButton):
    """A button that takes something away."""

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


class MenuButton(PlainButton):
    """A button with a chevron that opens `menu`."""

    role = "menu"

    def __init__(self, text: str, menu: QMenu, icon: str = "", parent: QWidget | None = None) -> None:
        super().__init__(text, icon, parent)
        self.setMenu(menu)


class IconButton(QToolButton):
    """A square button with a picture only; `name` is its tooltip and what a screen reader says."""

    def __init__(self, icon: str, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setToolTip(name)
        self.setAccessibleName(name)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFixedSize(theme().px(CONTROL_HEIGHT), theme().px(CONTROL_HEIGHT))
        self.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.icon_shown = Icon(icon, "second").put_on(self)


class Card(QFrame):
    """A surface with a border; put things into `body`. With `hover` it answers the mouse."""

    def __init__(self, parent: QWidget | None = None, *, hover: bool = False) -> None:
        super().__init__(parent)
        self.setProperty("role", "card")
        self.setProperty("hover", hover)
        self.setMinimumWidth(theme().px(CARD_WIDTH))
        self.body = QVBoxLayout(self)
        self.body.setContentsMargins(CARD_INSIDE, CARD_INSIDE, CARD_INSIDE, CARD_INSIDE)
        self.body.setSpacing(GAP_M)


class Hairline(QFrame):
    """A line of one pixel between two areas."""

    def __init__(self, orientation: Qt.Orientation = Qt.Orientation.Horizontal, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "hairline")
        if orientation == Qt.Orientation.Horizontal:
            self.setFixedHeight(HAIRLINE)
        else:
            self.setFixedWidth(HAIRLINE)


class Monogram(QLabel):
    """A provider's letters in a quiet tile."""

    def __init__(self, letters: str, size: int = MONOGRAM, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setText(letters)
        self.setProperty("role", "monogram")
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.setFixedSize(theme().px(size), theme().px(size))


class Badge(QLabel):
    """A word in a small frame, such as "Sandbox"."""

    def __init__(self, text: str, tone: Tone = "soon", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setText(text)
        self.setProperty("role", "badge")
        self.setProperty("tone", tone)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)


class Banner(QFrame):
    """A sentence across the page with an icon and at most one action (text, what to do)."""

    def __init__(
        self, kind: BannerKind, text: str, action: tuple[str, Callable[[], object]] | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setProperty("role", "banner")
        self.setProperty("kind", kind)
        row = QHBoxLayout(self)
        row.setContentsMargins(GAP_M, GAP_S, GAP_S, GAP_S)
        row.setSpacing(GAP_M)
        self._sign = QLabel()
        self.text = Text(text, wrap=True)
        self.button: PlainButton | None = None
        row.addWidget(self._sign, 0, Qt.AlignmentFlag.AlignVCenter)
        row.addWidget(self.text, 1)
        self._icon = Icon(_BANNER_ICON[kind], kind)
        self._icon.put_on(self._sign)
        if action is not None:
            words, do = action
            self.button = PlainButton(words)
            self.button.clicked.connect(lambda _checked=False: do())
            row.addWidget(self.button, 0, Qt.AlignmentFlag.AlignVCenter)

    def set(self, kind: BannerKind, text: str) -> None:
        """Another sentence, perhaps in another tone."""
        self.text.setText(text)
        set_property(self, "kind", kind)
        self._icon.become(_BANNER_ICON[kind], kind)
