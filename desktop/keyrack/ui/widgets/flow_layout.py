"""Layouts that wrap: small labels and buttons in lines, cards in columns, and a row that becomes a column."""

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtWidgets import QBoxLayout, QLayout, QLayoutItem, QWidget, QWidgetItem
from shiboken6 import isValid

from keyrack.ui.theme.metrics import GAP_S
from keyrack.ui.theme.theme import theme
from keyrack.ui.widgets.controls import delete_later

_BESIDE = QBoxLayout.Direction.LeftToRight
_BELOW = QBoxLayout.Direction.TopToBottom
_FILLS = Qt.AlignmentFlag(0)


class FlowLayout(QLayout):
    """Lays items out side by side and begins another line where there is no room.

    With `least` the items are cards: each line holds as many of at least that width as fit, all equally wide. With
    `centred` each line stands in the middle.
    """

    def __init__(
        self, parent: QWidget | None = None, *, gap: int = GAP_S, least: int = 0, centred: bool = False
    ) -> None:
        super().__init__(parent)
        self._items: list[QLayoutItem] = []
        self._gap = gap
        self._least = least
        self._centred = centred
        self._heights: dict[int, int] = {}
        self.setContentsMargins(0, 0, 0, 0)

    def addItem(self, item: QLayoutItem) -> None:
        """Add an item at the end."""
        self._items.append(item)

    def count(self) -> int:
        """The number of items."""
        return len(self._items)

    def itemAt(self, index: int) -> QLayoutItem | None:
        """The item at an index, None beyond the end."""
        return self._items[index] if 0 <= index < len(self._items) else None

    def takeAt(self, index: int) -> QLayoutItem | None:
        """Remove an item and return it."""
        return self._items.pop(index) if 0 <= index < len(self._items) else None

    def clear(self) -> None:
        """Delete all items."""
        while (item := self.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                delete_later(widget)

    def expandingDirections(self) -> Qt.Orientation:
        """It grows in width only as asked."""
        return Qt.Orientation(0)

    def hasHeightForWidth(self) -> bool:
        """The height depends on the lines."""
        return True

    def invalidate(self) -> None:
        """Something in it is another size."""
        self._heights.clear()
        super().invalidate()

    def heightForWidth(self, width: int) -> int:
        """The height of all lines at this width. Qt asks dozens of times for each change."""
        if width not in self._heights:
            margins = self.contentsMargins()
            beside, around = margins.left() + margins.right(), margins.top() + margins.bottom()
            self._heights[width] = self._place(QRect(0, 0, width - beside, 0), move=False) + around
        return self._heights[width]

    def setGeometry(self, rect: QRect) -> None:
        """Place every item."""
        super().setGeometry(rect)
        self._place(rect.marginsRemoved(self.contentsMargins()), move=True)

    def sizeHint(self) -> QSize:
        """The least size."""
        return self.minimumSize()

    def minimumSize(self) -> QSize:
        """Room for the largest item."""
        size = QSize()
        for item in self._items:
            size = size.expandedTo(item.minimumSize())
        return size.grownBy(self.contentsMargins())

    def _place(self, rect: QRect, *, move: bool) -> int:
        if self._least:
            return self._place_cards(rect, move=move)
        y = rect.y()
        for line in self._lines(rect.width()):
            wide = sum(size.width() for _, size in line) + self._gap * (len(line) - 1)
            x = rect.x() + (max(0, rect.width() - wide) // 2 if self._centred else 0)
            for item, size in line:
                if move:
                    item.setGeometry(QRect(QPoint(x, y), size))
                x += size.width() + self._gap
            y += max(size.height() for _, size in line) + self._gap
        return max(0, y - self._gap - rect.y())

    def _lines(self, width: int) -> list[list[tuple[QLayoutItem, QSize]]]:
        """The shown items and their sizes, by lines. A hidden one leaves no gap."""
        lines, taken = list[list[tuple[QLayoutItem, QSize]]](), 0
        for item in self._items:
            if item.isEmpty():
                continue
            size = item.sizeHint().boundedTo(QSize(max(1, width), 10_000))
            if not lines or taken + size.width() > width:
                lines.append([])
                taken = 0
            lines[-1].append((item, size))
            taken += size.width() + self._gap
        return lines

    def _place_cards(self, rect: QRect, *, move: bool) -> int:
        columns = max(1, min(len(self._items), (rect.width() + self._gap) // (self._least + self._gap)))
        width = (rect.width() - self._gap * (columns - 1)) // columns
        y = rect.y()
        for start in range(0, len(self._items), columns):
            line = self._items[start : start + columns]
            high = max(_height(item, width) for item in line)
            for at, item in enumerate(line):
                if move:
                    item.setGeometry(QRect(rect.x() + at * (width + self._gap), y, width, high))
            y += high + self._gap
        return max(0, y - self._gap - rect.y())


def button_row(*buttons: QWidget, centred: bool = False) -> FlowLayout:
    """Buttons side by side. Where large text leaves no room, some stand below the others and none is cut."""
    row = FlowLayout(centred=centred)
    for button in buttons:
        row.addWidget(button)
    return row


class ButtonLines(QWidget):
    """Buttons and the like that ask for room side by side, and stand in lines where they do not get it."""

    def __init__(self, *buttons: QWidget) -> None:
        super().__init__()
        self._buttons = buttons
        flow = FlowLayout(self, gap=GAP_S)
        for button in buttons:
            flow.addWidget(button)

    def sizeHint(self) -> QSize:
        """Room for all that are shown in one line."""
        shown = [button.sizeHint().width() for button in self._buttons if not button.isHidden()]
        wide = sum(shown) + GAP_S * max(0, len(shown) - 1)
        return QSize(wide, super().sizeHint().height())


class TurningRow(QBoxLayout):
    """A row whose items stand below one another where it is narrower than `least`, a designed length.

    With `of_first` that is what the first item needs beside whatever the others take now, and 0 all it asks for. Large
    text in a small window has no room beside anything.
    """

    def __init__(self, least: int, parent: QWidget | None = None, *, of_first: bool = False) -> None:
        super().__init__(_BESIDE, parent)
        self._least: float = least
        self._of_first = of_first
        # `itemAt` would hand out items of Qt's. Python knows one by its address even after Qt has deleted it, and then
        # takes the next widget at that address for the item.
        self._parts: list[tuple[QWidget | QLayout, QLayoutItem]] = []
        self._heights: dict[int, int] = {}
        self.setContentsMargins(0, 0, 0, 0)

    def addWidget(self, widget: QWidget, /, stretch: int | None = 0, alignment: Qt.AlignmentFlag = _FILLS) -> None:
        """Add a widget at the end."""
        self._parts.append((widget, QWidgetItem(widget)))
        super().addWidget(widget, stretch, alignment)

    def addLayout(self, layout: QLayout, /, stretch: int | None = 0) -> None:
        """Add a layout at the end."""
        self._parts.append((layout, layout))
        super().addLayout(layout, stretch)

    def need(self, least: float) -> None:
        """Turn at another length."""
        if least != self._least:
            self._least = least
            self.invalidate()

    def setGeometry(self, rect: QRect) -> None:
        """Turn, then place every item."""
        if self.direction() != (wanted := self._direction_at(rect.width())):
            self.setDirection(wanted)
        super().setGeometry(rect)

    def hasHeightForWidth(self) -> bool:
        """The height depends on the direction."""
        return True

    def invalidate(self) -> None:
        """Something in it is another size."""
        self._heights.clear()
        super().invalidate()

    def heightForWidth(self, width: int) -> int:
        """The height at this width, without turning yet: a turn asks for another layout."""
        if width not in self._heights:
            self._heights[width] = self._height_at(width, self._direction_at(width))
        return self._heights[width]

    def _height_at(self, width: int, wanted: QBoxLayout.Direction) -> int:
        if wanted in (self.direction(), _BESIDE):
            return super().heightForWidth(width)
        shown = [item for item in self._items() if not item.isEmpty()]
        margins = self.contentsMargins()
        inside = width - margins.left() - margins.right()
        high = sum(_height(item, inside) for item in shown) + self.spacing() * max(0, len(shown) - 1)
        return high + margins.top() + margins.bottom()

    def minimumSize(self) -> QSize:
        """As narrow as the widest item may be."""
        widest = max((item.minimumSize().width() for item in self._items() if not item.isEmpty()), default=0)
        margins = self.contentsMargins()
        return QSize(widest + margins.left() + margins.right(), super().minimumSize().height())

    def sizeHint(self) -> QSize:
        """Room for its items side by side, however they stand, so that a row that gets what it asks for turns back."""
        shown = [item.sizeHint().width() for item in self._items() if not item.isEmpty()]
        margins = self.contentsMargins()
        beside = sum(shown) + self.spacing() * max(0, len(shown) - 1) + margins.left() + margins.right()
        hint = super().sizeHint()
        return QSize(max(hint.width(), beside, theme().px(self._least) if shown else 0), hint.height())

    def _direction_at(self, width: int) -> QBoxLayout.Direction:
        least = theme().px(self._least)
        if self._of_first:
            margins, (first, *others) = self.contentsMargins(), self._items()
            least = (least or first.sizeHint().width()) + margins.left() + margins.right()
            least += sum(item.sizeHint().width() + self.spacing() for item in others if not item.isEmpty())
        return _BELOW if width < least else _BESIDE

    def _items(self) -> list[QLayoutItem]:
        return [item for part, item in self._parts if isValid(part)]


def _height(item: QLayoutItem, width: int) -> int:
    return item.heightForWidth(width) if item.hasHeightForWidth() else item.sizeHint().height()
