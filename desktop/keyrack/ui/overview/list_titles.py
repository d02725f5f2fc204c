"""The titles above the list, by which the person sorts it."""

from typing import Literal

from PySide6.QtCore import QPointF, QRect, QSize, Qt, Signal
from PySide6.QtGui import QEnterEvent, QFontMetrics, QKeyEvent, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QAbstractButton, QHBoxLayout, QSizePolicy, QWidget

from keyrack.ui.overview.account_line import (
    EDGE,
    END,
    NAME_SHARE,
    NEXT_FROM,
    NEXT_SHARE,
    TIME_FROM,
    VALUE_FROM,
    WiderGap,
    time_width,
    value_width,
)
from keyrack.ui.screen_reader.accessible_face import Role, spoken_as
from keyrack.ui.theme.focus_ring import is_by_key
from keyrack.ui.theme.metrics import FOCUS_LINE, GAP_M, GRID, MARGIN, PAGE_MOST, RADIUS_CONTROL, SMALL_HEIGHT
from keyrack.ui.theme.theme import theme
from keyrack.ui.widgets.buttons import pressed_by_enter
from keyrack.ui.widgets.ring import MARK

Column = Literal["", "account", "left", "value", "next"]
# Of these the highest is looked for, as in the balances.
_FIRST_DOWNWARDS: frozenset[Column] = frozenset({"value"})
_SIGN = 7
# What a title has beside its word, over the gaps between the columns, so that its ring touches no letter.
_PAD = GRID


class ListTitles(QWidget):
    """One press sorts upwards, the value downwards, the next one turns that, and a third restores the own order.

    `sorted_anew` announces another `column` ("" for the own order) or another direction.
    """

    sorted_anew = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.column: Column = ""
        self.descending = False
        self.titles: dict[Column, ColumnTitle] = {
            "account": ColumnTitle(self.tr("Account")),
            "left": ColumnTitle(self.tr("Time left"), right=True),
            "value": ColumnTitle(self.tr("Value"), right=True),
            "next": ColumnTitle(self.tr("What is next")),
        }
        self._before_next = WiderGap()
        self._before_next.setFixedWidth(2 * _PAD)
        self._side = int(MARGIN)
        self._row = QHBoxLayout(self)
        self._row.setSpacing(GAP_M - 2 * _PAD)
        self._arrange()
        self.stand_on_page(on_page=False)
        for column, title in self.titles.items():
            title.setObjectName(f"sort:{column}")
            title.clicked.connect(lambda _=False, column=column: self._press(column))
        self._tell()

    def _arrange(self) -> None:
        px, titles = theme().px, self.titles
        self._row.addSpacing(px(MARK) + GAP_M - _PAD)  # a layout keeps no gap beside a space
        self._row.addWidget(titles["account"], NAME_SHARE)
        self._row.addWidget(titles["left"])
        self._row.addWidget(titles["value"])
        self._row.addWidget(self._before_next)
        self._row.addWidget(titles["next"], NEXT_SHARE)
        self._row.addSpacing(px(END) + GAP_M - _PAD)

    def stand_on_page(self, *, on_page: bool) -> None:
        """Leave the margins at both sides to the page that it scrolls with, or keep them."""
        self._side = 0 if on_page else int(MARGIN)
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Leave out the titles of columns that the lines leave out."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        px, room = theme().px, self.width() - 2 * self._side
        wide = min(room, px(PAGE_MOST))
        right = self._side + room - wide
        self._row.setContentsMargins(self._side + GAP_M + EDGE, 0, right + GRID + EDGE, GRID)
        self.titles["left"].setFixedWidth(time_width(wide) + 2 * _PAD)
        self.titles["value"].setFixedWidth(value_width(wide) + 2 * _PAD)
        self._before_next.setVisible(wide >= px(NEXT_FROM))
        for column, least in (("next", NEXT_FROM), ("value", VALUE_FROM), ("left", TIME_FROM)):
            self.titles[_named(column)].setVisible(wide >= px(least))

    def clear(self) -> None:
        """Restore the person's own order."""
        if self.column:
            self._choose("", descending=False)

    def _press(self, column: Column) -> None:
        first = column in _FIRST_DOWNWARDS
        if column != self.column:
            self._choose(column, descending=first)
        elif self.descending == first:
            self._choose(column, descending=not first)
        else:
            self.clear()

    def _choose(self, column: Column, *, descending: bool) -> None:
        self.column, self.descending = column, descending
        self._tell()
        self.sorted_anew.emit()

    def _tell(self) -> None:
        for column, title in self.titles.items():
            title.show_sign("" if column != self.column else "down" if self.descending else "up")


def _named(column: str) -> Column:
    return "next" if column == "next" else "value" if column == "value" else "left"


@spoken_as(Role.Button)
class ColumnTitle(QAbstractButton):
    """A quiet word to press, with a sign where the list is sorted by it."""

    def __init__(self, text: str, *, right: bool = False) -> None:
        super().__init__()
        self._right = right
        self._sign: Literal["", "up", "down"] = ""
        self.setText(text)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def show_sign(self, sign: Literal["", "up", "down"]) -> None:
        """Say by a sign, in the tooltip and to a screen reader how the list is sorted."""
        self._sign = sign
        how = {"": self.tr("Sort by this"), "up": self.tr("Sorted ascending"), "down": self.tr("Sorted descending")}[
            sign
        ]
        self.setToolTip(how)
        self.setAccessibleName(self.text())
        self.setAccessibleDescription(how)
        self.update()

    def sizeHint(self) -> QSize:
        """A low line. Beside a sign, the word may be cut in a small window."""
        words = QFontMetrics(theme().font("caption")).horizontalAdvance(self.text())
        return QSize(words + GRID + 2 * _PAD, theme().px(SMALL_HEIGHT))

    def paintEvent(self, _event: QPaintEvent) -> None:
        """The word, the sign beside it, and the ring of somebody who uses the keyboard."""
        painter, colours = QPainter(self), theme().palette
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(theme().font("caption"))
        painter.setPen(colours.text if self._sign or self.underMouse() else colours.second)
        sign = theme().px(_SIGN)
        room = self.width() - 2 * _PAD - (2 * sign if self._sign else 0)
        text = painter.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideRight, room)
        wide = painter.fontMetrics().horizontalAdvance(text)
        left = self.width() - _PAD - wide if self._right else int(_PAD)
        painter.drawText(QRect(left, 0, wide + 1, self.height()), int(Qt.AlignmentFlag.AlignVCenter), text)
        if self._sign:
            self._draw_sign(painter, left - 2 * sign if self._right else left + wide + sign, sign)
        if is_by_key(self):
            painter.setPen(QPen(colours.accent, FOCUS_LINE))
            painter.drawRoundedRect(self.rect().adjusted(1, 1, -1, -1), RADIUS_CONTROL, RADIUS_CONTROL)

    def _draw_sign(self, painter: QPainter, left: int, wide: int) -> None:
        high, middle = wide / 2, self.height() / 2
        tip, foot = (-high / 2, high / 2) if self._sign == "up" else (high / 2, -high / 2)
        painter.setPen(QPen(theme().palette.text, 1.6, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
        points = [(left, foot), (left + wide / 2, tip), (left + wide, foot)]
        painter.drawPolyline([QPointF(x, middle + y) for x, y in points])

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter presses it, as Space does."""
        if not pressed_by_enter(self, event):
            super().keyPressEvent(event)

    def enterEvent(self, event: QEnterEvent) -> None:
        """Show that it can be pressed."""
        super().enterEvent(event)
        self.update()
