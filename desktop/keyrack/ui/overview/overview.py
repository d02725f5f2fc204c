"""All accounts at a glance, and how many of them need the person."""

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget

from keyrack.core.preferences.all_settings import OVERVIEW
from keyrack.ui.actions.listening import listen
from keyrack.ui.actions.once_a_turn import OncePerTurn
from keyrack.ui.history.past_block import PastBlock
from keyrack.ui.overview.account_finder import AccountFinder
from keyrack.ui.overview.account_item import AccountItem
from keyrack.ui.overview.account_items import AccountItems
from keyrack.ui.overview.head_place import HeadPlace
from keyrack.ui.overview.list_order import in_order
from keyrack.ui.overview.list_titles import ColumnTitle, ListTitles
from keyrack.ui.overview.no_hits import NoHits
from keyrack.ui.overview.overview_head import OverviewHead
from keyrack.ui.text.countdown import group_holds_for
from keyrack.ui.text.state_text import AccountView
from keyrack.ui.text.summary_text import summary

if TYPE_CHECKING:
    from keyrack.core.accounts.account import Account
    from keyrack.core.preferences.preferences import Preferences
    from keyrack.core.valuation.valuation import Sum
    from keyrack.primitives.clock import Clock
    from keyrack.ui.actions.actions import Actions

# Figures may come in many times a second, and nobody reads the sum as often.
_SUM_REST_MS = 1000
# Many accounts may change one after another, and all are counted each time.
_COUNT_REST_MS = 100
# What is narrowed down or sorted may change without any change of an account: a key begins to lie idle.
_LOOK_AGAIN_AFTER = 60.0
_LIST, _CARDS = "list", "cards"


class Overview(QWidget):
    """A line that shows how many accounts need the person, and a card or a line per account.

    `cards` and `lines` are the ones that exist, by the ids of their accounts.
    `opened` carries an account's id, `step_asked` the id and a step or a form that is in the account's pane.
    """

    opened = Signal(str)
    step_asked = Signal(str, str)
    refresh_pressed = Signal()

    def __init__(self, actions: "Actions", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._actions = actions
        self._rack = actions.rack
        self._private = False
        self._finder = AccountFinder(self._rack)
        self.setProperty("role", "page")
        self.past = PastBlock(self._rack, actions.courses, self)
        self.head = OverviewHead(self.past, self)
        lines = self._rack.preferences.value(OVERVIEW) == _LIST
        self.no_hits = NoHits(self)
        self.grid = AccountItems(actions, lines=lines, parent=self)
        self.cards, self.lines = self.grid.cards, self.grid.lines
        self.titles = ListTitles()
        self._counts = StateCounts(actions, self.head)
        self._found = (-1, 0)
        self._summed: Sum | None = None
        self._order: tuple[tuple[str, ...], frozenset[str]] = ((), frozenset())
        self._sums = OncePerTurn(self._sum_up, _SUM_REST_MS, self)
        self._arrange(lines=lines)
        self._connect()
        self.rebuild()

    def _arrange(self, *, lines: bool) -> None:
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        outer.addWidget(self.head)
        outer.addWidget(self.no_hits)
        outer.addWidget(self.titles)
        outer.addWidget(self.grid, 1)
        self.no_hits.hide()
        self.head.choose_layout(lines=lines)
        HeadPlace(self, outer, self.grid, self.head, (self.no_hits, self.titles))

    def _connect(self) -> None:
        head = self.head
        head.worth.chosen.connect(self._choose)
        self.past.period.export_pressed.connect(lambda: self._actions.history_export.ask(self))
        head.refresh_all.clicked.connect(self.refresh_pressed)
        head.narrowed.connect(lambda: self._narrow(typing=True))
        head.entered.connect(self.grid.open_first)
        head.left.connect(self._enter_first)
        head.layout_chosen.connect(self._use_lines)
        head.sign_in_pressed.connect(self._actions.sign_in_round.start)
        listen(self, self._actions.sign_in_round.changed, self._counts.count)
        self.no_hits.clear_pressed.connect(head.clear)
        self.titles.sorted_anew.connect(self._sort)
        self.grid.opened.connect(self.opened)
        _follow_choice(head, self._rack.preferences)
        self.grid.step_asked.connect(self.step_asked)
        self.grid.typed.connect(head.go_on_finding)

    def first_focus(self) -> QWidget:
        """The account that the person was at last, where it is seen, else the first that is."""
        seen, last = self.grid.seen(), self.grid.items.get(self.grid.stop)
        return last if last is not None and (last in seen or not seen) else next(iter(seen), self.head.refresh_all)

    def current(self) -> "Account | None":
        """The account that the focus is on and that is seen. While something is being found, the first hit."""
        focus = QApplication.focusWidget()
        if isinstance(focus, AccountItem) and self.isAncestorOf(focus):
            return focus.account if focus in self.grid.seen() else None
        hits = self.grid.ids if self.head.search.hasFocus() and self.head.search.text() else ()
        return self._rack.accounts.find(hits[0]) if hits else None

    def start_finding(self) -> bool:
        """Move the focus into Find. Returns False where there is no account to find."""
        if len(self._rack.accounts):
            self.head.start_finding()
            self.grid.ensureWidgetVisible(self.head.search)
        return len(self._rack.accounts) > 0

    def escape(self) -> bool:
        """Show all accounts again, and leave Find. Returns whether there was anything to leave."""
        if self.head.search.text() or self.head.needing.isChecked():
            self.head.clear()
        elif self.head.search.hasFocus():
            self._enter_first()
        else:
            return False
        return True

    def showEvent(self, event: QShowEvent) -> None:
        """Catch up with what changed while it was not seen."""
        super().showEvent(event)
        self.grid.refresh_all()
        self._sum_up()

    def rebuild(self) -> None:
        """Follow the list of accounts. Cards of remaining accounts are kept. Whoever moves one sees the own order.

        One that was pinned stands first in every order.
        """
        (order, pinned), arrangement = self._order, self._rack.arrangement
        self._order = (arrangement.ids(), arrangement.pinned_ids())
        if order != self._order[0] and len(order) == len(self._order[0]) and pinned == self._order[1]:
            self.titles.clear()
        self._narrow()
        if pinned != self._order[1]:
            self.grid.refresh_all()
        self._sums.ask()

    def _narrow(self, *, typing: bool = False) -> None:
        """Show the accounts that are looked for, in the one order."""
        text, needing = self.head.search.text().strip(), self.head.needing.isChecked()
        hits = self._finder.hits(self._rack.arrangement.ids(), text, needing=needing)
        column = self.titles.column if self.grid.shows_lines else ""
        self.grid.sorted = bool(column)
        if column:
            hits = in_order(self._rack, hits, column, descending=self.titles.descending)
        focus = QApplication.focusWidget()
        on_card = focus is not None and self.grid.isAncestorOf(focus)
        self.grid.follow(hits, typing=typing)
        self.titles.setVisible(bool(hits) and self.grid.shows_lines)
        self.no_hits.setVisible(not hits and bool(text or needing))
        self.no_hits.show_words(text, needing=needing)
        if (on_card or (focus is self.head.needing and not text)) and not self.no_hits.isHidden():
            self.no_hits.clear.setFocus(Qt.FocusReason.OtherFocusReason)
        self.head.leave_out_all(not hits and not text)
        self.head.show_counts(*self._counts.shown)

    def _sort(self) -> None:
        """Show another order from its beginning. For whoever sorts by a key, the account that they were at stays."""
        grid, by_key, selection = (
            self.grid,
            isinstance(QApplication.focusWidget(), ColumnTitle),
            self._actions.selection,
        )
        here = grid.stop if grid.stop in selection or not len(selection) else ""
        self._narrow()
        here = here or next((id for id in grid.ids if id in selection), "")
        if by_key and grid.reveal(here) is not None:
            grid.stop_at(here)
        else:
            grid.verticalScrollBar().setValue(0)

    def _use_lines(self, lines: bool) -> None:
        """Show lines instead of cards, or cards, also after the next start."""
        self._rack.preferences.choose(OVERVIEW, _LIST if lines else _CARDS)
        self.grid.show_lines(lines)
        self._narrow()

    def _enter_first(self) -> None:
        if self.grid.ids:
            self.grid.enter(self.grid.ids[0])

    def refresh(self, account: "Account | None") -> None:
        """Show an account that has changed. None tells of no single one."""
        if account is not None and self.isVisible():
            self.grid.refresh(account)
            self._counts.ask()
            self._sums.ask()

    def tick(self) -> None:
        """Show this second."""
        self.grid.tick()
        if self.isVisible():
            self._counts.follow()
        whole = self._rack.totals.sum_of_all()  # the age of an old one counts seconds
        if whole.old or whole is not self._summed or _minute(self._rack.clock) != self._found[1]:
            self._sum_up()

    def _sum_up(self) -> None:
        if not self.isVisible():
            return
        accounts, clock = self._rack.accounts, self._rack.clock
        self._counts.follow()
        found = (accounts.version, _minute(clock))
        narrowed = self.head.needing.isChecked() or self.head.search.text()
        if found != self._found and (narrowed or self.titles.column):
            self._narrow()
        self._found = found
        values = self._rack.totals
        self._summed = values.sum_of_all()
        self.head.worth.show_sum(self._summed, values.currency, clock.wall(), private=self._private)
        self.past.refresh()
        self.head.place_worth()

    def _choose(self, currency: str) -> None:
        self._rack.totals.choose(currency)
        self.tick()

    def hide_amounts(self, private: bool) -> None:
        """Privacy mode."""
        self._private = private
        self.grid.hide_amounts(private)
        self.past.hide_amounts(private)
        self._sum_up()


class StateCounts:
    """What the head says of the states of all accounts. `shown`: how many need their person, and how many there are."""

    def __init__(self, actions: "Actions", head: OverviewHead) -> None:
        self._actions = actions
        self._rack = actions.rack
        self._head = head
        self._parts: Sequence[tuple[object, ...]] = ()
        self._same_until = -math.inf
        self._later = OncePerTurn(self.follow, _COUNT_REST_MS, head)
        self.shown = (0, len(self._rack.accounts))

    def ask(self) -> None:
        """Follow a change, once for all that come in one turn."""
        self._later.ask()

    def follow(self) -> None:
        """Count anew where an account has changed, or the time alone has put one into another group."""
        parts = [account.status_parts for account in self._rack.accounts]
        if parts != self._parts or self._rack.clock.elapsed() >= self._same_until:
            self._parts = parts
            self.count()

    def count(self) -> None:
        """Say it as it is now."""
        clock, sign_ins = self._rack.clock, self._actions.sign_in_round
        views = [AccountView(account, clock) for account in self._rack.accounts]
        needing = sum(view.needs_person for view in views)
        self._same_until = clock.elapsed() + min((group_holds_for(view) for view in views), default=math.inf)
        self._head.show_summary(summary(views), urgent=needing > 0)
        self.shown = (needing, len(views))
        self._head.show_counts(*self.shown)
        self._head.show_round(len(sign_ins.waiting()), sign_ins)


def _minute(clock: "Clock") -> int:
    return int(clock.elapsed() // _LOOK_AGAIN_AFTER)


def _follow_choice(head: OverviewHead, preferences: "Preferences") -> None:
    """Press the button of the layout that is chosen elsewhere."""

    def follow(name: str) -> None:
        if name == OVERVIEW.name:
            head.choose_layout(lines=preferences.value(OVERVIEW) == _LIST)

    listen(head, preferences.changed, follow)
