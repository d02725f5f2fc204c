"""The small controls that every page is made of. All of them show plain text only (S49)."""

from typing import Literal
from unicodedata import bidirectional

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QFont, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QFrame,
    QLabel,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from keyrack.language.command_quotes import quoted
from keyrack.ui.screen_reader.accessible_face import Role, spoken_as
from keyrack.ui.theme.hues import hue_of, tile_colours
from keyrack.ui.theme.icons import Icon
from keyrack.ui.theme.metrics import CARD_INSIDE, GAP_M, HAIRLINE, MONOGRAM, RADIUS_CONTROL
from keyrack.ui.theme.theme import theme
from keyrack.ui.widgets.buttons import PlainButton, PrimaryButton

TextRole = Literal["body", "second", "caption", "bold", "strong", "title", "countdown"]
Tone = Literal["", "accent", "fresh", "soon", "urgent", "off"]

_LETTERS = 80
# The share of a tile that its letters may take.
_LETTERS_MOST = 0.8
_RIGHT_TO_LEFT_MARK = "\u200f"


def delete_later(widget: QWidget) -> None:
    """Take a widget off its parent, and have Qt delete it once the loop comes round.

    It is held until then. PySide 6.11.3 ends the program where the last reference to a widget without a parent is its
    own and a deleted layout item, which `addLayout` has made known to it, had the same address.
    """
    held = [widget]
    widget.destroyed.connect(lambda: held.clear())  # noqa: PLW0108 - a method of C has no signature to connect by
    widget.setParent(None)
    widget.deleteLater()


def set_property(widget: QWidget, name: str, value: object) -> None:
    """Set a property that the stylesheet selects by, and apply the change at once."""
    if widget.property(name) == value:
        return
    widget.setProperty(name, value)
    if not widget.testAttribute(Qt.WidgetAttribute.WA_WState_Polished):
        return  # Qt does it before the widget is first shown
    widget.style().unpolish(widget)
    widget.style().polish(widget)
    widget.update()


def breakable(text: str) -> str:
    """The text with places to break in an address or a path, for which large text has no room in one line."""
    return text.replace("@", "@\u200b").replace("_", "_\u200b")


def _is_right_to_left(text: str) -> bool:
    """Whether the first letter with a direction is one of Arabic, Hebrew or the like (Unicode UAX 9, 3.3.1)."""
    found = next((kind for kind in map(bidirectional, text) if kind in ("L", "R", "AL")), "L")
    return found != "L"


def _heading(text: QWidget) -> Role | None:
    large = text.property("role") in ("title", "strong")
    return Role.Heading if large and not isinstance(text, LargeText) else None


@spoken_as(_heading)
class Text(QLabel):
    """Plain text at a step of the type scale. `tone` is a colour by its meaning.

    One line is cut with "…" where a narrow window with large text has no room, and the tooltip says it whole.
    """

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
        self._told = ""
        self._heights: dict[int, int] = {}
        self.setText(text)

    def heightForWidth(self, width: int) -> int:
        """The height of its lines at this width. Layouts ask for a few widths many times, and Qt keeps none."""
        if width not in self._heights:
            self._heights[width] = super().heightForWidth(width)
        return self._heights[width]

    def changeEvent(self, event: QEvent) -> None:
        """In another font and with other margins it has another height."""
        self._heights.clear()
        super().changeEvent(event)

    def set_tone(self, tone: Tone) -> None:
        """Another colour."""
        set_property(self, "tone", tone)

    def full_text(self) -> str:
        """The text before it is cut."""
        return self.text()

    def elided_text(self) -> str:
        """The text that fits now."""
        return self._cut_to_fit(Qt.TextElideMode.ElideRight)

    def _cut_to_fit(self, mode: Qt.TextElideMode) -> str:
        text = self.text()
        short = self.fontMetrics().elidedText(text, mode, self.contentsRect().width())
        # Without a mark after it, "…" would stand at the beginning of Arabic or Hebrew, which is at its right.
        return short + _RIGHT_TO_LEFT_MARK if short != text and _is_right_to_left(text) else short

    def minimumSizeHint(self) -> QSize:
        """Room for some letters of one line, else as Qt has it. What a person may select is never cut."""
        least = super().minimumSizeHint()
        if self.wordWrap() or self.textInteractionFlags() & Qt.TextInteractionFlag.TextSelectableByMouse:
            return least
        return QSize(min(least.width(), theme().px(_LETTERS)), least.height())

    @property
    def text_is_cut(self) -> bool:
        """Whether there is no room for the whole text."""
        return not self.wordWrap() and self.width() < self.sizeHint().width() and self.elided_text() != self.text()

    def setText(self, text: str) -> None:
        """Another text. Nothing of the old one stays in the tooltip. What wraps is a sentence."""
        self._tell("")
        self._heights.clear()
        super().setText(quoted(text) if self.wordWrap() else text)

    def paintEvent(self, event: QPaintEvent) -> None:
        """The text, cut where it has to be. The tooltip says it whole then."""
        cut = self.text_is_cut
        self._tell(self.full_text().replace("<", "‹") if cut else "")
        if not cut:
            super().paintEvent(event)
            return
        self.style().drawItemText(
            QPainter(self),
            self.contentsRect(),
            int(self.alignment()),
            self.palette(),
            self.isEnabled(),
            self.elided_text(),
            self.foregroundRole(),
        )

    def _tell(self, text: str) -> None:
        if self._told != text and self.toolTip() == self._told:
            self.setToolTip(text)
            self._told = text


class LargeText(Text):
    """Words that are large and no heading, such as an amount."""


class ElidedText(Text):
    """One line, drawn with "…" at its end where there is no room. `text` is not cut."""

    def __init__(
        self, text: str = "", role: TextRole = "body", *, tone: Tone = "", parent: QWidget | None = None
    ) -> None:
        super().__init__(text, role, tone=tone, parent=parent)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)


class Card(QFrame):
    """A surface with a border. Add widgets to `body`. With `hover` it reacts to the mouse."""

    def __init__(self, parent: QWidget | None = None, *, hover: bool = False) -> None:
        super().__init__(parent)
        self.setProperty("role", "card")
        self.setProperty("hover", hover)
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
    """A provider's letters in a quiet tile, in the hue of the provider `of`."""

    def __init__(self, letters: str, size: int = MONOGRAM, parent: QWidget | None = None, *, of: str = "") -> None:
        super().__init__(parent)
        self._hue = hue_of(of) if of else None
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setText(letters)
        self.setProperty("role", "monogram" if self._hue is None else "letters")
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.setFixedSize(theme().px(size), theme().px(size))

    def paintEvent(self, event: QPaintEvent) -> None:
        """The tile and its letters. The stylesheet knows no hues."""
        if self._hue is None:
            super().paintEvent(event)
            return
        colours = tile_colours(theme().palette, self._hue)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colours.ground)
        painter.drawRoundedRect(self.rect(), RADIUS_CONTROL, RADIUS_CONTROL)
        painter.setPen(colours.letters)
        painter.setFont(self._fitting_font())
        painter.drawText(self.rect(), int(self.alignment()), self.text())

    def _fitting_font(self) -> QFont:
        """Its font, smaller where the letters would touch the edges."""
        font, wide = QFont(self.font()), self.fontMetrics().horizontalAdvance(self.text())
        if wide > (room := self.width() * _LETTERS_MOST):
            font.setPixelSize(int(self.fontInfo().pixelSize() * room / wide))
        return font


class Badge(QLabel):
    """A word in a small frame, such as "Sandbox"."""

    def __init__(self, text: str, tone: Tone = "soon", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setText(text)
        self.setProperty("role", "badge")
        self.setProperty("tone", tone)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)


def set_text(label: QLabel, text: str) -> None:
    """Set a label's text only when it differs. An unchanged label is not painted again."""
    if label.text() not in (text, quoted(text)):
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
