"""A small card that explains something beside what was pressed, and is left by Esc or a press elsewhere."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from keyrack.ui.theme.metrics import CARD_INSIDE, GAP_S, GRID
from keyrack.ui.theme.theme import theme
from keyrack.ui.widgets.buttons import LinkButton
from keyrack.ui.widgets.controls import Text, Tone

_WIDE = 340
_DOTS = 2


@dataclass(frozen=True, slots=True)
class Told:
    """One paragraph. `tone` is a colour by its meaning, and `small` is for what only some need."""

    text: str
    tone: Tone = ""
    small: bool = False


class Popover(QFrame):
    """A title and paragraphs. Qt closes it at Esc and at a press elsewhere, and gives the focus back."""

    def __init__(self, beside: QWidget, title: str, told: Sequence[Told]) -> None:
        super().__init__(beside, Qt.WindowType.Popup)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setProperty("role", "popover")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(title)
        self.setAccessibleDescription(" ".join(each.text for each in told))
        column = QVBoxLayout(self)
        column.setContentsMargins(CARD_INSIDE, CARD_INSIDE, CARD_INSIDE, CARD_INSIDE)
        column.setSpacing(GAP_S)
        column.addWidget(Text(title, "strong", wrap=True))
        for each in told:
            column.addWidget(Text(each.text, "caption" if each.small else "body", tone=each.tone, wrap=True))
        self._beside = beside

    def open(self) -> None:
        """Show it below what was pressed, or above where there is no room, always on the screen."""
        screen = self._beside.screen().availableGeometry()
        wide = min(theme().px(_WIDE), screen.width())
        layout = self.layout()
        high = layout.totalHeightForWidth(wide) if layout is not None else 0
        at = self._beside.mapToGlobal(QPoint(0, self._beside.height() + GRID))
        if at.y() + high > screen.bottom():
            at.setY(max(screen.top(), at.y() - high - self._beside.height() - 2 * GRID))
        at.setX(max(screen.left(), min(at.x(), screen.right() - wide)))
        self.setGeometry(QRect(at.x(), at.y(), wide, high))
        self.show()
        self.setFocus(Qt.FocusReason.PopupFocusReason)


class DottedButton(LinkButton):
    """Words with a dotted line below them. A press explains them by what `told` returns then."""

    def __init__(
        self, words: str, title: str, told: Callable[[], Sequence[Told]], parent: QWidget | None = None
    ) -> None:
        super().__init__(words, parent=parent)
        self.setAccessibleDescription(self.tr("Explains it"))
        self._title = title
        self._told = told
        self.clicked.connect(self.explain)

    def explain(self) -> Popover:
        """Open the explanation."""
        popover = Popover(self, self._title, self._told())
        popover.open()
        return popover

    def paintEvent(self, event: QPaintEvent) -> None:
        """The words, and dots below them in their own colour."""
        super().paintEvent(event)
        painter = QPainter(self)
        wide = min(self.fontMetrics().horizontalAdvance(self.text()), self.width())
        low = (self.height() + self.fontMetrics().height()) // 2
        left = (self.width() - wide) // 2
        colour = QColor(theme().palette.accent)
        painter.setPen(QPen(colour, 1, Qt.PenStyle.CustomDashLine))
        pen = painter.pen()
        pen.setDashPattern([_DOTS, _DOTS])
        painter.setPen(pen)
        painter.drawLine(left, low, left + wide, low)
