"""One account on the overview: ring, state, its three rows of highest value, and its value."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QVBoxLayout

from keyrack.primitives.failure import plain
from keyrack.ui.screen_reader.accessible_face import Role, spoken_as
from keyrack.ui.text.amount_text import HIDDEN, age, amount, exact_bytes, rounded, size
from keyrack.ui.text.asset_names import short_names
from keyrack.ui.text.state_text import AccountView
from keyrack.ui.text.value_text import headline
from keyrack.ui.theme.metrics import GAP_L, GAP_M, GRID
from keyrack.ui.theme.theme import theme
from keyrack.ui.widgets.controls import Card, ElidedText, Hairline, Monogram, set_counting_text, set_text
from keyrack.ui.widgets.ring import CARD, Ring

if TYPE_CHECKING:
    from keyrack.core.accounts.account import Account
    from keyrack.core.accounts.balances_snapshot import Balances
    from keyrack.core.rack import Rack
    from keyrack.core.valuation.valuation import Total
    from keyrack.providers.holding import Holding

TOP = 3
_TILE = 28


@spoken_as(Role.Button)
class AccountCard(Card):
    """A card that opens its account's pane."""

    opened = Signal(str)

    def __init__(self, account: "Account", rack: "Rack") -> None:
        super().__init__(hover=True)
        self._account = account
        self._rack = rack
        self._private = False
        self._provider = rack.provider_of(account.settings)
        self.ring = Ring(CARD)
        self.name = ElidedText(role="strong")
        self.about = ElidedText(role="caption")
        self.word = ElidedText(role="body")
        self.value = (ElidedText(role="second"), ElidedText(role="bold"))
        self._total: Total | None = None
        self.rows = [(ElidedText(role="second"), ElidedText(role="body")) for _ in range(TOP)]
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setObjectName(f"card:{account.id}")
        self._arrange()
        self.refresh()

    def _arrange(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(GAP_L)
        head.addWidget(self.ring)
        names = QVBoxLayout()
        names.setSpacing(2)
        names.addStretch(1)
        for line in (self.name, self.about, self.word):
            names.addWidget(line)
        names.addStretch(1)
        head.addLayout(names, 1)
        head.addWidget(Monogram(self._provider.monogram, _TILE), 0, Qt.AlignmentFlag.AlignTop)
        self.body.addLayout(head)
        self.body.addWidget(Hairline())
        grid = QGridLayout()
        grid.setHorizontalSpacing(GAP_M)
        grid.setVerticalSpacing(GRID)
        grid.setColumnStretch(0, 2)
        grid.setColumnStretch(1, 3)
        for at, (asset, figure) in enumerate([*self.rows, self.value]):
            figure.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            grid.addWidget(asset, at, 0)
            grid.addWidget(figure, at, 1)
            grid.setRowMinimumHeight(at, theme().px(18))
        self.body.addLayout(grid)
        self.body.addStretch(1)
        # The figures have tooltips, so they take the mouse. They give its presses to the card.
        for label in set(self.findChildren(QLabel)) - {figure for _, figure in self.rows}:
            label.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    def refresh(self) -> None:
        """Show the account as it is now."""
        settings, provider = self._account.settings, self._provider
        set_text(self.name, settings.name)
        set_text(self.about, "  ·  ".join(part for part in (provider.name, provider.site(settings.region)) if part))
        self._fill(self._account.balances)
        self.tick()

    def tick(self) -> None:
        """Show the same account a second later."""
        view = AccountView(self._account, self._rack.clock)
        self.ring.set(1.0 if view.endless else view.fraction, "" if view.endless else view.time(), view.kind)
        set_text(self.word, view.headline())
        if self._rack.totals.total_of(self._account) is not self._total:
            self._fill(self._account.balances)
        self._show_age()
        self.word.set_tone("fresh" if view.kind == "fresh" else view.tone)
        if self.accessibleName() != self._account.settings.name:
            self.setAccessibleName(self._account.settings.name)
        # The minutes are told by the line of the sidebar. Told here too, each would be heard twice.
        if self.accessibleDescription() != (said := view.headline()):
            self.setAccessibleDescription(said)

    def _show_age(self) -> None:
        """Grey figures that are not of now, and say how old they are."""
        balances, old = self._account.balances, self._account.figures_old
        caption = self.tr("Value") if self._total else ""
        if old and balances is not None:
            caption = age(self._rack.clock.wall() - balances.taken)
        set_counting_text(self.value[0], caption, self.tr("Value"))
        for _, figure in (*self.rows, self.value):
            figure.set_tone("off" if old else "")

    def hide_amounts(self, private: bool) -> None:
        """Privacy mode."""
        self._private = private
        self._fill(self._account.balances)

    def _fill(self, balances: "Balances | None") -> None:
        total = self._total = self._rack.totals.total_of(self._account)
        lines = self._lines(balances)
        set_text(self.value[1], (HIDDEN if self._private else headline(total)) if total else "")
        for (asset, figure), (name, text, exact) in zip(self.rows, lines + [("", "", "")] * TOP, strict=False):
            set_text(asset, name)
            set_text(figure, HIDDEN if self._private and text else text)
            figure.setToolTip("" if self._private or exact == text else exact)

    def _lines(self, balances: "Balances | None") -> list[tuple[str, str, str]]:
        """Up to three names with their figure, and the exact figure where that one is rounded."""
        if balances is None:
            return [(self.tr("No balances yet"), "", "")]
        if balances.storage is not None:
            storage = balances.storage
            return [
                (self.tr("Used"), size(storage.used), exact_bytes(storage.used)),
                (self.tr("Available"), size(storage.available), exact_bytes(storage.available)),
                (self.tr("Size"), size(storage.size), exact_bytes(storage.size)),
            ]
        if not balances.holdings:
            return [(self.tr("This account holds nothing"), "", "")]
        shown = top(balances.holdings, self._total)
        names = short_names(holding.asset for holding in shown)
        return [(_named(h, names[h.asset]), rounded(h.total), amount(h.total)) for h in shown]

    def click(self) -> None:
        """Open the pane."""
        self.opened.emit(self._account.id)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """A click opens the pane."""
        if event.button() == Qt.MouseButton.LeftButton and self.rect().contains(event.position().toPoint()):
            self.click()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Return and Space open it too."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self.click()
        else:
            super().keyPressEvent(event)


def top(holdings: "Sequence[Holding]", total: "Total | None" = None) -> "list[Holding]":
    """The three rows of highest value. Rows without a price follow in the provider's order, empty ones last."""
    values = [worth.value for worth in total.holding_values] if total else [None] * len(holdings)
    held = [(h, v) for h, v in zip(holdings, values, strict=True) if h.total or h.total is None]
    priced = sorted((row for row in held if row[1] is not None), key=lambda row: row[1] or 0, reverse=True)
    ordered = [h for h, _ in priced] + [h for h, v in held if v is None]
    return (ordered or list(holdings))[:TOP]


def _named(holding: "Holding", name: str) -> str:
    return f"{name} · {plain(holding.place, 24)}" if holding.place else name
