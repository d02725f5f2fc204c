"""The small controls that every page is made of. All of them show plain text only (S49)."""

from collections.abc import Callable
from typing import Literal

from PySide6.QtCore import Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from keyrack.ui.screen_reader.accessible_face import Role, spoken_as
from keyrack.ui.theme.icons import Icon
from keyrack.ui.theme.metrics import CARD_INSIDE, CARD_WIDTH, GAP_M, GAP_S, HAIRLINE, MONOGRAM
from keyrack.ui.theme.theme import theme
from keyrack.ui.widgets.buttons import PlainButton, PrimaryButton

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
    """Set a property that the stylesheet selects by, and apply the change at once."""
    if widget.property(name) == value:
        return
    widget.setProperty(name, value)
    widget.style().unpolish(widget)
    widget.style().polish(widget)
    widget.update()


def _heading(text: QWidget) -> Role | None:
    large = text.property("role") in ("title", "strong")
    return Role.Heading if large and not isinstance(text, LargeText) else None


@spoken_as(_heading)
class Text(QLabel):
    """Plain text at a step of the type scale. `tone` is a colour by its meaning."""

    def __init__(
        self,
        text: str = "",
        role: TextRole = "body",
        *,
        tone: Tone = "",
        wrap: bool = False,
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


class LargeText(Text):
    """Words that are large and no heading, such as an amount."""


class ElidedText(Text):
    """One line, drawn with "…" at its end where there is no room. `text` is not cut."""

    def __init__(
        self, text: str = "", role: TextRole = "body", *, tone: Tone = "", parent: QWidget | None = None
    ) -> None:
        super().__init__(text, role, tone=tone, parent=parent)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)

    def full_text(self) -> str:
        """The text before it is cut."""
        return self.text()

    def elided_text(self) -> str:
        """The text that fits now."""
        room = self.contentsRect().width()
        return self.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideRight, room)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """The text, cut."""
        self.style().drawItemText(
            QPainter(self),
            self.contentsRect(),
            int(self.alignment()),
            self.palette(),
            self.isEnabled(),
            self.elided_text(),
            self.foregroundRole(),
        )


class Card(QFrame):
    """A surface with a border. Add widgets to `body`. With `hover` it reacts to the mouse."""

    def __init__(self, parent: QWidget | None = None, *, hover: bool = False) -> None:
        super().__init__(parent)
        self.setProperty("role", "card")
        self.setProperty("hover", hover)
        self.setMinimumWidth(theme().px(CARD_WIDTH))
        self.body = QVBoxLayout(self)
        self.body.setContentsMargins(CARD_INSIDE, CARD_INSIDE, CARD_INSIDE, CARD_INSIDE)
        self.body.setSpacing(GAP_M)


@spoken_as(Role.Separator)
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
        self,
        kind: BannerKind,
        text: str,
        action: tuple[str, Callable[[], object]] | None = None,
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
        middle, self._below = QVBoxLayout(), QHBoxLayout()
        middle.addWidget(self.text)
        self._below.addStretch(1)
        middle.addLayout(self._below)
        row.addLayout(middle, 1)
        self._icon = Icon(_BANNER_ICON[kind], kind)
        self._icon.put_on(self._sign)
        if action is not None:
            words, do = action
            self.button = PlainButton(words)
            self.button.clicked.connect(lambda _checked=False: do())
            row.addWidget(self.button, 0, Qt.AlignmentFlag.AlignVCenter)

    def add(self, button: PlainButton) -> None:
        """One more button, below the sentence, which is to have the width of the page."""
        self._below.addWidget(button)

    def set(self, kind: BannerKind, text: str) -> None:
        """Another sentence, perhaps in another tone."""
        self.text.setText(text)
        set_property(self, "kind", kind)
        self._icon.become(_BANNER_ICON[kind], kind)


def set_text(label: QLabel, text: str) -> None:
    """Set a label's text only when it differs. An unchanged label is not painted again."""
    shown = label.full_text() if isinstance(label, ElidedText) else label.text()
    if shown != text:
        label.setText(text)


def set_counting_text(label: Text, text: str, told: str) -> None:
    """Set a text that counts seconds. A screen reader is given `told` for it, and hears only when that differs."""
    if label.accessibleName() != told:
        label.setAccessibleName(told)
    set_text(label, text)


class ActionButton(PrimaryButton):
    """A button that is filled while it is a state's main action, and plain in the other states."""

    role = "plain"

    def __init__(self, text: str, icon: str = "", parent: QWidget | None = None) -> None:
        super().__init__(text, parent=parent)
        self.filled = False
        self._name = icon
        self._picture = Icon(icon, "text").put_on(self) if icon else None

    def fill(self, filled: bool) -> None:
        """Fill it or make it plain."""
        self.filled = filled
        set_property(self, "role", "primary" if filled else "plain")
        if self._picture is not None:
            self._picture.become(self._name, "on_accent" if filled else "text")

    def paintEvent(self, event: QPaintEvent) -> None:
        """As the button that it is now."""
        if self.filled:
            super().paintEvent(event)
        else:
            PlainButton.paintEvent(self, event)
