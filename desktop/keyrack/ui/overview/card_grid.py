"""A scrolling page of cards, of which only those near the shown part exist."""

from collections.abc import Callable, Sequence
from itertools import pairwise

from PySide6.QtCore import QRect, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QWidget

from keyrack.ui.overview.account_card import AccountCard
from keyrack.ui.theme.metrics import CARD_WIDTH, GAP_L, MARGIN
from keyrack.ui.theme.theme import theme
from keyrack.ui.widgets.scroll_page import ScrollPage

# Before the first card was measured.
_HEIGHT = 200


class _Holder(QWidget):
    """Holds the cards, and says when it has another size."""

    resized = Signal()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.resized.emit()


class CardGrid(ScrollPage):
    """As many columns of cards as fit, all of one height. `make` makes the card of an account's id.

    A card is made when it comes within a page of what is shown, and deleted when it is two pages away. The one with
    the keyboard's focus stays.
    """

    def __init__(self, make: Callable[[str], AccountCard]) -> None:
        super().__init__(MARGIN, MARGIN)
        self.cards: dict[str, AccountCard] = {}
        self._make = make
        self._ids: Sequence[str] = ()
        self._at: dict[str, int] = {}
        self._height = theme().px(_HEIGHT)
        self._holder = _Holder()
        self._holder.resized.connect(self._fill)
        self.column.addWidget(self._holder)
        self.column.addStretch(1)
        self.verticalScrollBar().valueChanged.connect(self._fill)

    def follow(self, ids: Sequence[str]) -> None:
        """Show the cards of these accounts in this order. Cards of remaining accounts are kept."""
        self._ids = tuple(ids)
        self._at = {id: at for at, id in enumerate(self._ids)}
        for id in [id for id in self.cards if id not in self._at]:
            self._drop(id)
        self._fill()

    def seen(self) -> list[AccountCard]:
        """The cards of which some part can be seen now."""
        if not self.isVisible():
            return []
        shown = self._shown()
        return [card for card in self.cards.values() if card.geometry().intersects(shown)]

    def reveal(self, id: str) -> AccountCard | None:
        """Scroll to an account's card. None for an account that is not there."""
        if id not in self._at:
            return None
        box = self._box(self._at[id])
        middle = self._holder.mapToParent(box.center())
        self.ensureVisible(middle.x(), middle.y(), 0, box.height() // 2)
        self._fill()
        return self.cards[id]

    def resizeEvent(self, event: QResizeEvent) -> None:
        """A higher page shows more cards."""
        super().resizeEvent(event)
        self._fill()

    def _columns(self) -> int:
        fit = (self._holder.width() + GAP_L) // (theme().px(CARD_WIDTH) + GAP_L)
        return max(1, min(len(self._ids), fit))

    def _box(self, at: int) -> QRect:
        columns = self._columns()
        width = (self._holder.width() - GAP_L * (columns - 1)) // columns
        row, column = divmod(at, columns)
        return QRect(column * (width + GAP_L), row * (self._height + GAP_L), width, self._height)

    def _shown(self) -> QRect:
        """The shown part, in the holder's coordinates."""
        return QRect(self._holder.mapFrom(self.viewport(), self.viewport().rect().topLeft()), self.viewport().size())

    def _fill(self) -> None:
        """Make, place and delete cards for what is shown now."""
        shown = self._shown()
        page = shown.height()
        made = [id for id in self._within(shown.adjusted(0, -page, 0, page)) if id not in self.cards]
        for id in made:
            card = self.cards[id] = self._make(id)
            card.setParent(self._holder)
            card.show()
        higher = max((card.sizeHint().height() for card in self.cards.values()), default=0)
        if made and (higher > self._height or len(made) == len(self.cards)):
            self._height = higher
        near = set(self._within(shown.adjusted(0, -2 * page, 0, 2 * page)))
        for id in [id for id, card in self.cards.items() if id not in near and not card.hasFocus()]:
            self._drop(id)
        for id, card in self.cards.items():
            card.setGeometry(self._box(self._at[id]))
        if made:
            self._put_in_order()
        rows = -(-len(self._ids) // self._columns())
        self._holder.setFixedHeight(max(0, rows * (self._height + GAP_L) - GAP_L))

    def _within(self, area: QRect) -> Sequence[str]:
        columns, line = self._columns(), self._height + GAP_L
        first, last = max(0, area.top() // line), max(0, area.bottom() // line)
        return self._ids[first * columns : (last + 1) * columns]

    def _put_in_order(self) -> None:
        """Tab goes from card to card as they stand, whichever was made first."""
        for one, other in pairwise(sorted(self.cards, key=self._at.__getitem__)):
            QWidget.setTabOrder(self.cards[one], self.cards[other])

    def _drop(self, id: str) -> None:
        card = self.cards.pop(id)
        card.setParent(None)
        card.deleteLater()
