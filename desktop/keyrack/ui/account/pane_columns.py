"""The cards of a pane: below each other, or in a wide window the sign-in and the activity beside the balances."""

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from keyrack.ui.theme.metrics import BESIDE_FROM, GAP_L, PAGE_BESIDE, PAGE_MOST, PAGE_WIDE
from keyrack.ui.theme.theme import theme

_WITHOUT_END = 16_777_215


class PaneColumns(QWidget):
    """One column, or two while the balances are shown and there is the room for both."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._balances: QWidget | None = None
        self._activity: QWidget | None = None
        self.beside = False
        self._row = row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        self._left = QWidget(self)
        self._first, self._second = QVBoxLayout(self._left), QVBoxLayout()
        for column in (self._first, self._second):
            column.setContentsMargins(0, 0, 0, 0)
            column.setSpacing(GAP_L)
            column.addStretch(1)
        row.addWidget(self._left, 1)
        row.addLayout(self._second)

    @property
    def place(self) -> QWidget:
        """The parent in which the cards are made."""
        return self._left

    def hold(self, panel: QWidget, balances: QWidget, activity: QWidget) -> None:
        """Show these cards."""
        self._balances, self._activity = balances, activity
        for at, widget in enumerate((panel, balances, activity)):
            self._first.insertWidget(at, widget)
        balances.stackUnder(activity)  # a screen reader goes through them as they are stacked

    def fit(self, room: int) -> int:
        """Take the room between the page's margins in pixels. Returns how much of it the cards use."""
        balances = self._balances
        beside = balances is not None and not balances.isHidden() and room >= theme().px(BESIDE_FROM)
        if balances is not None and beside != self.beside:
            self._place(balances, beside=beside)
        return min(room, theme().px(PAGE_WIDE if beside else PAGE_MOST))

    def _place(self, balances: QWidget, *, beside: bool) -> None:
        self.beside = beside
        hidden = balances.isHidden()
        (self._first if beside else self._second).removeWidget(balances)
        if beside:
            self._second.insertWidget(0, balances)
        else:
            self._first.insertWidget(1, balances)
            if self._activity is not None:
                balances.stackUnder(self._activity)
        balances.setHidden(hidden)  # a layout would show it later, and until then it would count as hidden
        self._row.setSpacing(GAP_L if beside else 0)
        self._row.setStretch(1, 1 if beside else 0)
        wide = theme().px(PAGE_BESIDE)
        self._left.setMinimumWidth(wide if beside else 0)
        self._left.setMaximumWidth(wide if beside else _WITHOUT_END)
