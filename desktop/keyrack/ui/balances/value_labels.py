"""Labels for values: one account's above its balances, and the sum of all accounts on the overview."""

import math
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QAction, QActionGroup, QFontMetricsF, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QMenu, QSizePolicy, QVBoxLayout, QWidget

from keyrack.core.preferences.all_settings import CURRENCIES
from keyrack.core.valuation.valuation import DOLLAR
from keyrack.ui.text.amount_text import HIDDEN
from keyrack.ui.text.spoken_text import coarse
from keyrack.ui.text.value_text import about, account_note, headline, sum_note
from keyrack.ui.theme.metrics import GAP_S, GRID, TypeRole
from keyrack.ui.theme.theme import theme
from keyrack.ui.widgets.buttons import QuietButton
from keyrack.ui.widgets.controls import LargeText, Text, set_counting_text, set_property, set_text

if TYPE_CHECKING:
    from keyrack.core.valuation.valuation import Sum, Total


_STEPS: tuple[TypeRole, ...] = ("countdown", "title", "strong", "body")


class FittedAmount(LargeText):
    """An amount at the largest step of the type scale, from `largest` on, that its holder has room for."""

    def __init__(self, largest: TypeRole) -> None:
        super().__init__(role=largest)
        self._steps = _STEPS[_STEPS.index(largest) :]

    def fit(self, room: int) -> None:
        """Take the largest step of which so many pixels show the whole amount, else the smallest."""
        fitting = (step for step in self._steps if self._needed(step) <= room)
        set_property(self, "role", next(fitting, self._steps[-1]))

    def wider(self) -> int:
        """How many pixels more than now the largest step needs."""
        return math.ceil(self._needed(self._steps[0])) - self.sizeHint().width() + 1

    def _needed(self, step: TypeRole) -> float:
        return QFontMetricsF(theme().font(step)).horizontalAdvance(self.text())


class AccountValueLabels(QWidget):
    """The value of one account, as large as it fits, and a note on the prices and on what is left out."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.amount = FittedAmount("countdown")
        self.amount.setObjectName("account_value")
        self.amount.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.note = Text(role="caption", wrap=True)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GRID)
        column.addWidget(self.amount)
        column.addWidget(self.note)

    def show_total(self, total: "Total | None", provider: str, wall: float, *, private: bool) -> None:
        """Show a value, or hide while there is none."""
        self.setVisible(total is not None)
        if total is not None:
            set_text(self.amount, HIDDEN if private else headline(total))
            told = account_note(total, provider, coarse(wall))
            set_counting_text(self.note, account_note(total, provider, wall), told)
            self.note.set_tone("soon" if total.failure is not None else "")
            self.note.setVisible(bool(self.note.text()))
            self.amount.fit(self.width())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Another width may have room for a larger figure, or ask for a smaller one."""
        super().resizeEvent(event)
        self.amount.fit(self.width())


class OverallValueLabels(QWidget):
    """The value of all accounts, and a button for the currency. `chosen` carries the currency's code."""

    chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.amount = FittedAmount("title")
        self.amount.setObjectName("overall_value")
        self.note = Text(role="caption", wrap=True)
        self.note.hide()
        self.currency = QuietButton("")
        self.currency.setObjectName("currency")
        self.currency.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.menu = QMenu(self)
        self._entries = self._filled()
        self.currency.setMenu(self.menu)
        set_property(self.currency, "menu", value=True)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(GAP_S)
        row.addWidget(self.amount, 0, Qt.AlignmentFlag.AlignVCenter)
        row.addWidget(self.currency, 0, Qt.AlignmentFlag.AlignVCenter)
        self.hide()

    def sizeHint(self) -> QSize:
        """Room for the largest step of the amount, so that it comes back where there is room again."""
        return super().sizeHint() + QSize(self.amount.wider(), 0)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Another width may have room for a larger amount, or ask for a smaller one."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        beside = super().sizeHint().width() - self.amount.sizeHint().width()
        self.amount.fit(self.width() - beside)

    def _filled(self) -> dict[str, QAction]:
        group, made = QActionGroup(self), {}
        for code in CURRENCIES:
            words = self.tr("USD (or the exchange's own dollar, such as USDT)") if code == DOLLAR else code
            entry = made[code] = self.menu.addAction(words)
            entry.setCheckable(True)
            entry.setObjectName(f"currency:{code}")
            entry.triggered.connect(lambda _checked=False, code=code: self.chosen.emit(code))
            group.addAction(entry)
        return made

    def show_sum(self, whole: "Sum", currency: str, wall: float, *, private: bool) -> None:
        """Show the sum, or hide while no account has a value."""
        self.setVisible(bool(whole.counted))
        self.note.setVisible(bool(whole.counted))
        if whole.counted:
            text = about(whole.amount, whole.unit)
            set_text(self.amount, HIDDEN if private else text.removesuffix(f" {whole.unit}"))
            told = sum_note(whole, coarse(wall), private=private)
            set_counting_text(self.note, sum_note(whole, wall, private=private), told)
            self.note.set_tone("soon" if whole.stale or whole.old else "")
            if self.currency.text() != whole.unit:
                self.currency.setText(whole.unit)
                self.currency.setAccessibleName(self.tr("Currency of the values: {unit}").format(unit=whole.unit))
            self._entries[currency].setChecked(True)
            self._fit()
