"""A scrolling page of cards or of lines, of which only those near the shown part exist."""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from PySide6.QtCore import QRect, Qt, QTimer
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QWidget

from keyrack.ui.overview.account_item import AccountItem
from keyrack.ui.overview.card_places import Place, above_or_below, beside, placed
from keyrack.ui.overview.settling import Settling
from keyrack.ui.theme.metrics import CARD_WIDTH, GAP_L, HAIRLINE, MARGIN, PAGE_MOST
from keyrack.ui.theme.theme import theme
from keyrack.ui.widgets.controls import delete_later
from keyrack.ui.widgets.scroll_page import Holder, ScrollPage, end_hover

_PAUSE_MS = 150
# The page until a layout gives it its place: what is made before the window is shown costs less than what comes later.
_AT_FIRST = (640, 480)


@dataclass(frozen=True, slots=True)
class Shape:
    """How items stand: each at least `width` wide (0: as wide as the page), `gap` apart, all in designed pixels.

    Together they are at most `most` wide (0: as wide as the page). `heights` are those before the first item was
    measured, of a high one and of a low one.
    """

    width: int
    gap: int
    heights: tuple[int, int]
    most: int = 0


CARDS = Shape(CARD_WIDTH, GAP_L, (208, 100))
LINES = Shape(0, HAIRLINE, (48, 48), PAGE_MOST)

# Items on the way may be the first of their kind and higher than was known, and then all stand elsewhere.
_REVEALING_STEPS = 4


class CardGrid(ScrollPage):
    """As many columns as fit, also for fewer items, so that a single one is as wide as each of many.

    A high item is as high as two low ones, so that all stand on one grid. `make` makes the item of an account's id in
    a parent, `is_low` says which accounts have a low one, and `forget` is told of each item that is deleted. `items`
    are the ones that exist, `ids` the accounts that are shown, in their order. An item is made when it comes within a
    page of what is shown, and deleted when it is two pages away. The one with the focus stays.
    """

    def __init__(
        self,
        make: Callable[[str, QWidget], AccountItem],
        is_low: Callable[[str], bool],
        forget: Callable[[str], object],
        shape: Shape,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(MARGIN, MARGIN, parent)
        for page in (self, self.viewport()):
            page.resize(*_AT_FIRST)
        self.items: dict[str, AccountItem] = {}
        self._make = make
        self._is_low = is_low
        self._forget = forget
        self.ids: Sequence[str] = ()
        self._at: dict[str, int] = {}
        self._kinds: tuple[bool, ...] = ()
        self.shape = shape
        self._heights = _in_pixels(shape)
        self._places: list[Place] = []
        self.begun = False
        self._dropping = False
        self._settling = Settling(self)
        self._pause = QTimer(self, singleShot=True, interval=_PAUSE_MS)
        self._pause.timeout.connect(self._fill)
        self._holder = Holder()
        self._holder.resized.connect(self._fill)
        self.column.addWidget(self._holder)
        self.column.addStretch(1)
        self.verticalScrollBar().valueChanged.connect(self._fill)

    def use(self, shape: Shape) -> None:
        """Show all items in another shape, each made anew."""
        self.shape = shape
        self._heights = _in_pixels(shape)
        left = self._drop(tuple(self.items))
        self.verticalScrollBar().setValue(0)
        self.measure()
        self._go_on_from(left)

    def follow(self, ids: Sequence[str], *, typing: bool = False) -> None:
        """Show these accounts in this order. The items of remaining accounts are kept.

        While the person is `typing` only what can be seen is made. The rest follows in a pause.
        """
        if typing:
            self._pause.start()
        before = {item: item.pos() for item in self.items.values()} if self.isVisible() and not typing else {}
        old, self.ids = self.ids, tuple(ids)
        self._at = {id: at for at, id in enumerate(self.ids)}
        left = self._drop([id for id in self.items if id not in self._at])
        self.measure()
        self._put_in_order()
        self._go_on_from(beside(left, old, self._at) if left is not None else None)
        end_hover(self.items.values())
        self._settling.begin(before)

    def measure(self) -> None:
        """Place all items anew, because one may have become low or high."""
        self._kinds = tuple(self._is_low(id) for id in self.ids)
        self._fill()

    def seen(self) -> list[AccountItem]:
        """The items of which some part can be seen now."""
        shown = self._shown() if self.isVisible() else QRect()
        return [card for card in self.items.values() if card.geometry().intersects(shown)]

    def reveal(self, id: str) -> AccountItem | None:
        """Scroll to an account. None for one that is not there."""
        if id not in self._at:
            return None
        for _ in range(_REVEALING_STEPS):
            box = self._box(self._at[id])
            self.scroll_to(self._holder, box)
            self._fill()
            if id in self.items and box == self._box(self._at[id]):
                break
        return self.items.get(id)

    def enter(self, id: str) -> None:
        """Give an account the focus by the keyboard."""
        item = self.reveal(id)
        if item is not None:
            item.setFocus(Qt.FocusReason.TabFocusReason)

    def step(self, id: str, key: int) -> None:
        """Move the focus from an account with an arrow, Home or End."""
        at, last = self._at.get(id, 0), len(self.ids) - 1
        simple = {Qt.Key.Key_Left: at - 1, Qt.Key.Key_Right: at + 1, Qt.Key.Key_Home: 0, Qt.Key.Key_End: last}
        key = Qt.Key(key)
        to = simple[key] if key in simple else above_or_below(self._places, at, down=key == Qt.Key.Key_Down)
        if 0 <= to <= last:
            self.enter(self.ids[to])

    def resizeEvent(self, event: QResizeEvent) -> None:
        """A higher page shows more. On a lower one the item that has the focus stays in sight."""
        here = _focused_in(QRect(self._shown().topLeft(), event.oldSize()), self.items)
        super().resizeEvent(event)
        self._fill()
        self.reveal(here)

    def _columns(self) -> int:
        width, gap = theme().px(self.shape.width), self.shape.gap
        return max(1, (self._holder.width() + gap) // (width + gap)) if width else 1

    def _lay_out(self) -> None:
        """Compute where each item stands, and where the page ends."""
        self._places = placed(self._kinds, self._columns(), self._heights, self.shape.gap)
        self._holder.setFixedHeight(max((place.end for place in self._places), default=0))

    def _box(self, at: int) -> QRect:
        columns, gap, place = self._columns(), self.shape.gap, self._places[at]
        room = min(self._holder.width(), theme().px(self.shape.most) or self._holder.width())
        width = (room - gap * (columns - 1)) // columns
        return QRect(place.column * (width + gap), place.top, width, place.height)

    def _shown(self) -> QRect:
        """The shown part, in the holder's coordinates."""
        return QRect(self._holder.mapFrom(self.viewport(), self.viewport().rect().topLeft()), self.viewport().size())

    def _fill(self) -> None:
        """Make, place and delete items for what is shown now."""
        if self._dropping or not self.begun:
            return
        self._settling.end()
        self._lay_out()
        width = self._box(0).width() if self.ids else 0
        arranged = [id for id, item in self.items.items() if item.fit(width)]
        made = self._make_near(width)
        if (made or arranged) and self._has_grown([*made, *arranged]):
            self._lay_out()
        shown = self._shown()
        near = set(self._within(shown.adjusted(0, -2 * shown.height(), 0, 2 * shown.height())))
        self._drop([id for id, card in self.items.items() if id not in near and not card.hasFocus()])
        for id, card in self.items.items():
            card.setGeometry(self._box(self._at[id]))
        if made:
            self._put_in_order()

    def _make_near(self, width: int) -> list[str]:
        shown = self._shown()
        page = 0 if self._pause.isActive() else shown.height()
        made = [id for id in self._within(shown.adjusted(0, -page, 0, page)) if id not in self.items]
        for id in made:
            card = self.items[id] = self._make(id, self._holder)
            card.fit(width)
            card.show()
        return made

    def _has_grown(self, made: Sequence[str]) -> bool:
        """Whether new or newly arranged items have another height than was known. The first of a kind may be lower."""
        heights = list(self._heights)
        for kind in (False, True):
            there = [id for id in self.items if self._kinds[self._at[id]] == kind]
            highest = max((_height_of(self.items[id]) for id in there), default=0)
            first = len([id for id in made if self._kinds[self._at[id]] == kind]) == len(there)
            if there and (first or highest > heights[kind]):
                heights[kind] = highest
        old, self._heights = self._heights, (heights[False], heights[True])
        return self._heights != old

    def _within(self, area: QRect) -> Sequence[str]:
        highest = max((place.height for place in self._places), default=0)
        first = bisect_left(self._places, area.top() - highest, key=lambda place: place.top)
        last = bisect_right(self._places, area.bottom(), key=lambda place: place.top)
        return [self.ids[at] for at in range(first, last) if self._places[at].end > area.top()]

    def _put_in_order(self) -> None:
        """Tab goes from item to item as they stand, whichever was made first."""
        for one, other in pairwise(sorted(self.items, key=self._at.__getitem__)):
            QWidget.setTabOrder(self.items[one], self.items[other])

    def _go_on_from(self, left: str | None) -> None:
        """Put the focus where an item that had it stood, because it would go to another part of the window."""
        if left is not None and self.ids:
            item = self.reveal(left)
            if item is not None:
                item.setFocus(Qt.FocusReason.OtherFocusReason)

    def _drop(self, ids: Sequence[str]) -> str | None:
        """Delete items. Returns the one that had the focus."""
        self._dropping = True  # what gets the focus is scrolled to before this has ended
        left = next((id for id in ids if self.items[id].hasFocus()), None)
        for id in ids:
            card = self.items.pop(id)
            card.clearFocus()
            self._forget(id)
            delete_later(card)
        self._dropping = False
        return left


def _focused_in(area: QRect, items: Mapping[str, AccountItem]) -> str:
    return next((id for id, item in items.items() if item.hasFocus() and item.geometry().intersects(area)), "")


def _in_pixels(shape: Shape) -> tuple[int, int]:
    high, low = shape.heights
    return theme().px(high), theme().px(low)


def _height_of(item: AccountItem) -> int:
    return max(item.sizeHint().height(), item.minimumHeight())
