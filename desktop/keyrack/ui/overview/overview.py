"""All accounts at a glance, and how many of them need the person."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from keyrack.ui.actions.once_a_turn import OncePerTurn
from keyrack.ui.balances.value_labels import OverallValueLabels
from keyrack.ui.overview.account_card import AccountCard
from keyrack.ui.overview.card_grid import CardGrid
from keyrack.ui.text.state_text import AccountView, summary
from keyrack.ui.theme.metrics import GAP_L, GAP_S, MARGIN
from keyrack.ui.widgets.buttons import PlainButton
from keyrack.ui.widgets.controls import Text, set_text

if TYPE_CHECKING:
    from keyrack.core.accounts.account import Account
    from keyrack.core.rack import Rack

# Figures may come in many times a second, and nobody reads the sum as often.
_SUM_REST_MS = 1000
# What the line counts may change without any change of an account: a key begins to lie idle.
_COUNT_AGAIN_AFTER = 60.0


class Overview(QWidget):
    """A line that shows how many accounts need the person, and a card per account."""

    opened = Signal(str)
    refresh_pressed = Signal()

    def __init__(self, rack: "Rack", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rack = rack
        self._private = False
        self.setProperty("role", "page")
        self.summary = Text(role="second")
        self.summary.setObjectName("summary")
        self.worth = OverallValueLabels()
        self.worth.chosen.connect(self._choose)
        self.refresh_all = PlainButton(self.tr("Refresh all"), "refresh")
        self.refresh_all.setObjectName("refresh_all")
        self.refresh_all.clicked.connect(self.refresh_pressed)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        outer.addLayout(self._head())
        self.grid = CardGrid(self._card)
        self.cards = self.grid.cards
        self.grid.verticalScrollBar().valueChanged.connect(self._show_cards)
        outer.addWidget(self.grid, 1)
        self._counted: tuple[int, Sequence[tuple[object, ...]]] = (-1, ())
        self._sums = OncePerTurn(self._sum_up, _SUM_REST_MS, self)
        self.rebuild()

    def _head(self) -> QVBoxLayout:
        column = QVBoxLayout()
        column.setContentsMargins(MARGIN, MARGIN, MARGIN, GAP_L)
        column.setSpacing(GAP_S)
        row = self._row = QHBoxLayout()
        row.setSpacing(GAP_L)
        self.names = QWidget()
        names = QVBoxLayout(self.names)
        names.setContentsMargins(0, 0, 0, 0)
        names.setSpacing(0)
        names.addWidget(Text(self.tr("Overview"), "title"))
        names.addWidget(self.summary)
        row.addWidget(self.names, 1)
        row.addWidget(self.worth)
        row.addWidget(self.refresh_all)
        column.addLayout(row)
        self._below = QHBoxLayout()
        column.addLayout(self._below)
        column.addWidget(self.worth.note)
        return column

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The value stands beside the title where there is room, else below it."""
        super().resizeEvent(event)
        self._place_worth()

    def _place_worth(self) -> None:
        parts = (self.names, self.worth, self.refresh_all)
        needed = sum(part.sizeHint().width() for part in parts) + 2 * GAP_L + 2 * MARGIN
        beside = self._row.indexOf(self.worth) >= 0
        if beside == (needed <= self.width()):
            return
        if beside:
            self._row.removeWidget(self.worth)
            self._below.addWidget(self.worth, 0, Qt.AlignmentFlag.AlignLeft)
        else:
            self._below.removeWidget(self.worth)
            self._row.insertWidget(1, self.worth)

    def first_focus(self) -> QWidget:
        """The first card."""
        return next(iter(self.cards.values()), self.refresh_all)

    def showEvent(self, event: QShowEvent) -> None:
        """Catch up with what changed while it was not seen."""
        super().showEvent(event)
        for card in self.cards.values():
            card.refresh()
        self._sum_up()

    def rebuild(self) -> None:
        """Follow the list of accounts. Cards of remaining accounts are kept."""
        self.grid.follow(self._rack.accounts.ids())
        self._sums.ask()

    def _card(self, id: str) -> AccountCard:
        account = self._rack.accounts.find(id)
        if account is None:
            raise LookupError(id)
        card = AccountCard(account, self._rack)
        card.opened.connect(self.opened)
        card.hide_amounts(self._private)
        return card

    def refresh(self, account: "Account") -> None:
        """Show an account that has changed."""
        if self.isVisible():
            card = self.cards.get(account.id)
            if card is not None:
                card.refresh()
            self._sums.ask()

    def tick(self) -> None:
        """Show this second."""
        self._show_cards()
        self._sum_up()

    def _show_cards(self) -> None:
        for card in self.grid.seen():
            card.tick()

    def _sum_up(self) -> None:
        if not self.isVisible():
            return
        accounts, clock = self._rack.accounts, self._rack.clock
        counted = (int(clock.elapsed() // _COUNT_AGAIN_AFTER), [account.status_parts for account in accounts])
        if counted != self._counted:
            self._counted = counted
            views = [AccountView(account, clock) for account in accounts]
            set_text(self.summary, summary(views))
            self.summary.set_tone("urgent" if any(view.needs_person for view in views) else "")
        values = self._rack.totals
        self.worth.show_sum(values.sum_of_all(), values.currency, clock.wall(), private=self._private)
        self._place_worth()

    def _choose(self, currency: str) -> None:
        self._rack.totals.choose(currency)
        self.tick()

    def hide_amounts(self, private: bool) -> None:
        """Privacy mode."""
        self._private = private
        for card in self.cards.values():
            card.hide_amounts(private)
        self._sum_up()
