"""The card that shows an account's balances."""

from functools import cached_property
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, Qt, QTimer
from PySide6.QtWidgets import QHBoxLayout, QWidget

from keyrack.core.accounts.state import Active
from keyrack.language.translation import plural
from keyrack.ui.balances.balance_notes import BalanceNotes
from keyrack.ui.balances.balances_proxy import BalancesProxyModel
from keyrack.ui.balances.storage_view import StorageView
from keyrack.ui.balances.table_model import BalancesModel
from keyrack.ui.balances.table_view import BalancesTable
from keyrack.ui.balances.value_labels import AccountValueLabels
from keyrack.ui.history.account_past import AccountPast
from keyrack.ui.text.amount_text import age, clock_time, grouped
from keyrack.ui.text.spoken_text import coarse
from keyrack.ui.theme.metrics import GAP_M
from keyrack.ui.theme.theme import theme
from keyrack.ui.widgets.buttons import CheckBox
from keyrack.ui.widgets.controls import Card, ElidedText, Text, set_counting_text, set_text
from keyrack.ui.widgets.fields import FindField
from keyrack.ui.widgets.flow_layout import TurningRow

if TYPE_CHECKING:
    from keyrack.core.accounts.account import Account
    from keyrack.core.accounts.balances_snapshot import Balances
    from keyrack.core.rack import Rack
    from keyrack.core.valuation.valuation import Total
    from keyrack.ui.actions.course_feed import CourseFeed

translate = QCoreApplication.translate
_FIND_LEAST = 96
# For the title, the count, where the figures come from and of when they are.
_HEAD_NEEDS = 320
_SOURCE_TURNS_BELOW = 250
_FIND_TURNS_BELOW = 220
_PAST_TURNS_BELOW = 500
_FIND_NEEDED_ABOVE = 5
# More rows than these are filled in when the rest of the pane is there.
_AT_ONCE = 200


class BalancesCard(Card):
    """Title, age of the figures, the table or the storage bar, and what the sum leaves out."""

    def __init__(self, account: "Account", rack: "Rack", courses: "CourseFeed", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._account = account
        self._anew = True
        self._clock = rack.clock
        self._values = rack.totals
        self._provider = rack.provider_of(account.settings).company_name
        self._total: Total | None = None
        self._shown: Balances | None = None
        self._private = False
        self._late = QTimer(self, singleShot=True, interval=0)
        self._late.timeout.connect(self.refresh)
        self.model = BalancesModel(self)
        self.table = BalancesTable(self.model)
        self.table.setObjectName("balances_table")
        self.table.setAccessibleName(self.tr("Balances"))
        self.worth = AccountValueLabels()
        self.past = AccountPast(account, courses)
        self.count = Text(role="caption")
        self.count.setObjectName("balances_count")
        self.source = ElidedText(role="caption")
        self.notes = BalanceNotes(self.table, self.model)
        self.empty = Text(role="second", wrap=True)
        self._fields()
        self.body.addLayout(self._head())
        self.body.addLayout(self._value_row())
        self.body.addWidget(self.table)
        self.body.addWidget(self.empty)
        self.body.addLayout(self.notes)
        self.take(account)

    def take(self, account: "Account") -> None:
        """Show another account of the same provider from the next `refresh` on, as a new card would."""
        self._account = account
        self.past.take(account)
        self._total = None
        self._anew = True
        self.search.clear()
        self.zeros.setChecked(False)
        if account.balances is not None and len(account.balances.holdings) > _AT_ONCE:
            self._late.start()
        else:
            self._late.stop()

    @cached_property
    def storage(self) -> StorageView:
        """The bar for storage, which few accounts have."""
        view = StorageView(self)
        self.body.insertWidget(self.body.indexOf(self.empty), view)
        return view

    def _fields(self) -> None:
        self.search = FindField(self.tr("Find an asset"))
        self.search.setToolTip(self.tr("Find an asset (Ctrl+F)"))
        self.search.setAccessibleDescription("Ctrl+F")  # the tooltip says the name again
        self.search.setMinimumWidth(theme().px(_FIND_LEAST))
        self.search.textChanged.connect(self._find)
        self.zeros = CheckBox(self.tr("Hide zeros"))
        self.zeros.toggled.connect(self._hide_zeros)

    def _head(self) -> TurningRow:
        row, which = TurningRow(_HEAD_NEEDS, of_first=True), TurningRow(_FIND_TURNS_BELOW)
        what, title = TurningRow(_SOURCE_TURNS_BELOW), QHBoxLayout()
        for line in (row, what, title, which):
            line.setSpacing(GAP_M)
        title.addWidget(Text(self.tr("Balances"), "strong"), 0, Qt.AlignmentFlag.AlignVCenter)
        title.addWidget(self.count, 0, Qt.AlignmentFlag.AlignVCenter)
        title.addStretch(1)
        what.addLayout(title)
        what.addWidget(self.source, 1, Qt.AlignmentFlag.AlignVCenter)
        which.addWidget(self.zeros)
        which.addWidget(self.search, 1)
        row.addLayout(what, 1)
        row.addLayout(which)
        return row

    def _value_row(self) -> TurningRow:
        """The value, and its course beside it."""
        row = TurningRow(_PAST_TURNS_BELOW)
        row.setSpacing(GAP_M)
        row.addWidget(self.worth, 1)
        row.addWidget(self.past)
        return row

    def hide_amounts(self, private: bool) -> None:
        """Privacy mode: dots instead of amounts."""
        self._private = private
        self.model.hide_amounts(private)
        self.refresh()

    def start_finding(self) -> bool:
        """Move the focus to the find field. Returns False where there is no table to search."""
        shown = self.isVisible() and self.search.isVisibleTo(self)
        if shown:
            self.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
            self.search.selectAll()
        return shown

    def refresh(self) -> None:
        """Show the account's newest snapshot and how old it is."""
        balances = self._newest()
        if balances is not self._shown or self._anew:
            self._shown = balances
            self._total = None
            anew, self._anew = self._anew, False
            if self.model.show(balances.holdings if balances else (), anew=anew):
                self.table.flash()
            self.model.valued.emit()
            if anew:
                self.table.go_back_to_start()
        self._show_age()
        self._arrange(balances)

    def _newest(self) -> "Balances | None":
        return None if self._late.isActive() else self._account.balances

    def tick(self) -> None:
        """Show the age of the figures at this second, and what a stream sent meanwhile. Nobody is told of that."""
        if self._newest() is not self._shown:
            self.refresh()
        else:
            self._show_age()

    def _show_age(self) -> None:
        balances = self._shown
        stale = self._account.figures_old
        if stale != self.table.stale:
            self.table.stale = stale
            self.table.viewport().update()
        source, told = self._source(balances, stale) if balances else ("", "")
        set_counting_text(self.source, source, told)
        self._value()

    def _value(self) -> None:
        """Show the value. The table follows when prices or figures have changed."""
        total = None if self._late.isActive() else self._values.total_of(self._account)
        if total is not self._total:
            self._total = total
            self.model.set_values(
                [worth.value for worth in total.holding_values] if total else [], total.unit if total else ""
            )
        self.worth.show_total(total, self._provider, self._clock.wall(), private=self._private)
        self.past.show_unit(total.unit if total is not None and total.known else "", private=self._private)

    def _source(self, balances: "Balances", stale: bool) -> tuple[str, str]:
        """Where the figures come from and of when they are, for the eye and for the ear."""
        time = clock_time(balances.taken)
        if stale:
            words, wall = self.tr("{age}, as of {time}"), self._clock.wall()
            shown, told = age(wall - balances.taken), age(coarse(wall) - balances.taken)
            return words.format(time=time, age=shown), words.format(time=time, age=told)
        if balances.source == "push":
            return self.tr("Live, as of {time}").format(time=time), self.tr("Live")
        words = self.tr("Polled, as of {time}").format(time=time)
        return words, words

    def _arrange(self, balances: "Balances | None") -> None:
        storage = balances.storage if balances else None
        table = bool(self.model.rows)
        self.table.setVisible(table and bool(self.table.proxy.rowCount()))
        self.search.setVisible(len(self.model.rows) > _FIND_NEEDED_ABOVE or bool(self.search.text()))
        set_text(self.count, _count_words(self.model, self.table.proxy))
        self.count.setVisible(not self.search.isHidden())
        zeros = any(row.zero for row in self.model.rows)
        self.zeros.setVisible(self.zeros.isChecked() or zeros)
        if storage is None and "storage" in vars(self):
            self.storage.hide()
        elif storage is not None:
            self.storage.show()
            self.storage.show_storage(storage, self._private, self.table.stale)
        set_text(self.empty, self._empty(balances))
        self.empty.setVisible(bool(self.empty.text()))
        self.notes.show_notes(balances, zeros_listed=zeros)

    def _empty(self, balances: "Balances | None") -> str:
        if balances is None:
            active = self._late.isActive() or isinstance(self._account.state, Active)
            return self.tr("Reading balances…") if active else self.tr("Balances appear once you are signed in.")
        if self.model.rows and not self.table.proxy.rowCount():
            return self.tr("Nothing here matches.")
        if not self.model.rows and balances.storage is None and balances.failure is None and not balances.left_out:
            return self.tr("This account holds nothing.")
        return ""

    def _find(self, text: str) -> None:
        self.table.proxy.find(text)
        self._arrange(self._shown)

    def _hide_zeros(self, hide: bool) -> None:
        self.table.proxy.hide_zeros(hide)
        self._arrange(self._shown)


def _count_words(model: BalancesModel, order: BalancesProxyModel) -> str:
    """How many assets there are, or how many of them are shown. One in several wallets is one."""
    total, shown = len({row.id for row in model.rows}), order.assets()
    n = grouped(str(total))
    if shown != total:
        return translate("State", "{n} of {total}").format(n=grouped(str(shown)), total=n)
    return plural("{n} asset", "{n} assets", total, n=n)
