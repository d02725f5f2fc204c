"""One account on the overview: ring, state, its three rows of highest value, and its value."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QColor, QEnterEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QLabel, QLayout, QSizePolicy, QVBoxLayout, QWidget

from keyrack.core.status import format_left
from keyrack.language.translation import plural
from keyrack.primitives.failure import plain
from keyrack.ui.history.account_past import SmallCourse
from keyrack.ui.overview.account_item import AccountItem, keep_quiet, site_words
from keyrack.ui.parts.copy_button import CopyButton, SmallButton
from keyrack.ui.text.amount_text import HIDDEN, age, amount, exact_bytes, grouped, rounded, size
from keyrack.ui.text.asset_names import short_names
from keyrack.ui.text.state_text import AccountView
from keyrack.ui.text.value_text import headline
from keyrack.ui.theme.metrics import CARD_INSIDE, CARD_WIDTH, FOCUS_LINE, GAP_L, GAP_M, GAP_S, GRID, SMALL_HEIGHT
from keyrack.ui.theme.theme import theme
from keyrack.ui.widgets.controls import ElidedText, Hairline, Monogram, set_text
from keyrack.ui.widgets.ring import CARD, Ring

if TYPE_CHECKING:
    from keyrack.core.accounts.account import Account
    from keyrack.core.accounts.balances_snapshot import Balances
    from keyrack.core.valuation.valuation import Total
    from keyrack.providers.holding import Holding
    from keyrack.ui.actions.actions import Actions

TOP = 3
_TILE = 28
_LINE = 18
_NAME_LEAST = 48


class AccountCard(AccountItem):
    """A card. Without balances it is half as high."""

    def __init__(self, account: "Account", actions: "Actions", parent: QWidget | None = None) -> None:
        super().__init__(account, actions, parent, words=True)
        self._private = False
        self.ring = Ring(CARD, ground=self._ground)
        self.name = ElidedText(role="strong")
        self.about = ElidedText(role="caption")
        self.word = ElidedText(role="body")
        self.value = (ElidedText(role="second"), ElidedText(role="bold"))
        self._total: Total | None = None
        self._filled: Balances | None = None
        self.course = SmallCourse(account, actions.courses)
        self.rows = [(ElidedText(role="second"), ElidedText(role="body")) for _ in range(TOP)]
        self.figures = QWidget(self)
        self.setObjectName(f"card:{account.id}")
        self._arrange()
        keep_quiet(self, self._provider.name)
        self.refresh()

    def _ground(self) -> QColor:
        """Its colour by the stylesheet."""
        colours, hovered = theme().palette, self.underMouse()
        if self.selected:
            return colours.selected if hovered else colours.soft("accent")
        return colours.row_hover if hovered else colours.surface

    def enterEvent(self, event: QEnterEvent) -> None:
        """The ring stands on another ground, and Qt paints nothing anew that covers a part of what is below it."""
        super().enterEvent(event)
        self.ring.update()

    def leaveEvent(self, event: QEvent) -> None:
        """The same, back again."""
        super().leaveEvent(event)
        self.ring.update()

    def _arrange(self) -> None:
        upper = QHBoxLayout()
        upper.setSpacing(GAP_S)
        lines = QVBoxLayout()
        lines.setSpacing(2)
        lines.addWidget(self.name)
        lines.addWidget(self.about)
        upper.addLayout(lines, 1)
        upper.addWidget(Monogram(self._provider.monogram, _TILE, of=self._provider.id), 0, Qt.AlignmentFlag.AlignTop)
        lower = QHBoxLayout()
        lower.setSpacing(GAP_S)
        lower.addWidget(self.word, 1)
        lower.addWidget(self.pin)
        self.word.setMinimumHeight(theme().px(SMALL_HEIGHT))  # with and without a button beside it
        self._head = CardHead(self.ring, upper, lower)
        self.body.addLayout(self._head)
        self.body.addWidget(self.figures)
        self.body.addStretch(1)
        self._arrange_figures()
        # What has a tooltip takes the mouse. It gives its presses to the card.
        for label in set(self.findChildren(QLabel)) - {self.pin, *(figure for _, figure in self.rows)}:
            label.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    def _arrange_figures(self) -> None:
        column = QVBoxLayout(self.figures)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GAP_M)
        column.addWidget(Hairline())
        lines = QVBoxLayout()
        lines.setSpacing(GRID)
        for asset, figure in self.rows:
            lines.addLayout(_figure_line(asset, figure))
        lines.addLayout(_figure_line(self._caption(), self.value[1]))
        column.addLayout(lines)

    def _caption(self) -> QHBoxLayout:
        """What the value is, and its course."""
        row = QHBoxLayout()
        row.setSpacing(GAP_S)
        row.addWidget(self.value[0], 1)
        row.addWidget(self.course)
        self.course.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self._actions.courses.changed.connect(self._show_course)
        return row

    def place_action(self, button: SmallButton) -> None:
        """At the right of the state's word, or below it."""
        self._head.add_action(button)

    def fit(self, width: int) -> bool:
        """Give the name a row of its own where the card is narrower than designed, because the text is large."""
        if not self._head.stack(stacked=width < theme().px(CARD_WIDTH)):
            return False
        self.body.activate()  # until then the layouts around these tell their old height
        return True

    def copy_place(self, button: CopyButton) -> QPoint:
        """Over the monogram, where nothing else has to give way. It is as small where its word would lie on a name."""
        inside = CARD_INSIDE + FOCUS_LINE
        ends = max(min(text.width(), text.sizeHint().width()) for text in (self.name, self.about))
        room = self.width() - inside - GAP_S - ends - self.name.mapTo(self, QPoint(0, 0)).x()
        wide = button.sizeHint().width()
        button.resize(wide if wide <= room else theme().px(_TILE), button.height())
        return QPoint(self.width() - button.width() - inside, inside)

    def refresh(self) -> None:
        """Show the account as it is now."""
        set_text(self.name, self.account.settings.name)
        self.figures.setHidden(is_low(self.account))
        self._fill(self.account.balances)
        self.tick()

    def show_view(self, view: AccountView) -> None:
        """Ring, word and figures."""
        self.ring.set(1.0 if view.endless else view.fraction, "" if view.endless else view.time(), view.kind)
        set_text(self.word, view.headline())
        if not self._shows_figures():
            self._fill(self.account.balances)
        self._show_age()
        self.word.set_tone("fresh" if view.kind == "fresh" else view.tone)

    def _shows_figures(self) -> bool:
        """Whether the newest figures are shown, at the newest prices."""
        same = self.account.balances is self._filled and not self.account.figures_old
        return same and self._rack.totals.total_of(self.account) is self._total

    def count(self) -> bool:
        """Show the time left in the ring. Returns False where something else has changed."""
        countdown = self.countdown
        left = countdown.left() if countdown is not None else None
        if countdown is None or left is None or self.copy is not None or not self._shows_figures():
            return False
        self.ring.set(countdown.share_of(left), format_left(left), self.ring.kind)
        return True

    def _show_age(self) -> None:
        """Grey figures that are not of now, and say how old they are."""
        balances, old = self.account.balances, self.account.figures_old
        caption = self.tr("Value") if self._total else ""
        if old and balances is not None:
            caption = age(self._rack.clock.wall() - balances.taken)
        set_text(self.value[0], caption)
        self.course.setVisible(self.course.course is not None and not old)  # the age needs the room
        for _, figure in (*self.rows, self.value):
            figure.set_tone("off" if old else "")

    def hide_amounts(self, private: bool) -> None:
        """Privacy mode."""
        self._private = private
        self._fill(self.account.balances)

    def _fill(self, balances: "Balances | None") -> None:
        total = self._total = self._rack.totals.total_of(self.account)
        self._filled = balances
        self._show_course()
        about = (site_words(self._provider, self.account.settings), _asset_words(balances))
        set_text(self.about, "  ·  ".join(part for part in about if part))
        lines = self._lines(balances)
        set_text(self.value[1], (HIDDEN if self._private else headline(total)) if total else "")
        for (asset, figure), (name, text, exact) in zip(self.rows, lines + [("", "", "")] * TOP, strict=False):
            set_text(asset, name)
            set_text(figure, HIDDEN if self._private and text else text)
            figure.setToolTip("" if self._private or exact == text else exact)

    def _show_course(self) -> None:
        """The course of the value, where there is one."""
        self.course.refresh(self._total.unit if self._total is not None else "", private=self._private)

    def _lines(self, balances: "Balances | None") -> list[tuple[str, str, str]]:
        """Up to three names with their figure, and the exact figure where that one is rounded."""
        if balances is None:
            return []
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


def _figure_line(name: QWidget | QLayout, figure: ElidedText) -> QHBoxLayout:
    """A figure, which takes the room that it needs, and at the left of it a name, which has the rest."""
    line = QHBoxLayout()
    line.setSpacing(GAP_M)
    line.addStrut(theme().px(_LINE))
    if isinstance(name, QLayout):
        line.addLayout(name, 1)
    else:
        name.setMinimumWidth(theme().px(_NAME_LEAST))
        line.addWidget(name, 1)
    figure.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
    figure.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
    line.addWidget(figure)
    return line


class CardHead(QHBoxLayout):
    """The ring beside the name and the state, or `stack`ed: the name above the ring, and the state beside that."""

    def __init__(self, ring: Ring, name: QLayout, state: QLayout) -> None:
        super().__init__()
        self._ring = ring
        self._stacked = False
        self._state = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._state.setSpacing(GAP_S)
        self._state.addLayout(state, 1)
        self._second = QHBoxLayout()
        self._second.setSpacing(GAP_L)
        self._second.addLayout(self._state, 1)
        column = QVBoxLayout()
        column.setSpacing(2)
        column.addLayout(name)
        column.addLayout(self._second)
        self.setSpacing(GAP_L)
        self.addWidget(ring, 0, Qt.AlignmentFlag.AlignTop)
        self.addLayout(column, 1)

    def add_action(self, button: SmallButton) -> None:
        """At the right of the state, or below it."""
        self._state.addWidget(button, 0, Qt.AlignmentFlag.AlignLeft)

    def stack(self, *, stacked: bool) -> bool:
        """Returns whether that is another arrangement."""
        if stacked == self._stacked:
            return False
        self._stacked = stacked
        old, new = (self, self._second) if stacked else (self._second, self)
        old.removeWidget(self._ring)
        new.insertWidget(0, self._ring, 0, Qt.AlignmentFlag.AlignTop)
        self._second.setContentsMargins(0, GAP_S if stacked else 0, 0, 0)
        direction = QBoxLayout.Direction
        self._state.setDirection(direction.TopToBottom if stacked else direction.LeftToRight)
        return True


def _asset_words(balances: "Balances | None") -> str:
    """How many assets there are, where the card has no room for all of them."""
    count = len({holding.asset for holding in balances.holdings}) if balances is not None else 0
    return plural("{n} asset", "{n} assets", count, n=grouped(str(count))) if count > TOP else ""


def is_low(account: "Account") -> bool:
    """Whether an account's card is half as high, because there are no figures to show."""
    return account.balances is None


def top(holdings: "Sequence[Holding]", total: "Total | None" = None) -> "list[Holding]":
    """The three rows of highest value. Rows without a price follow in the provider's order, empty ones last."""
    values = [worth.value for worth in total.holding_values] if total else [None] * len(holdings)
    held = [(h, v) for h, v in zip(holdings, values, strict=True) if h.total or h.total is None]
    priced = sorted((row for row in held if row[1] is not None), key=lambda row: row[1] or 0, reverse=True)
    ordered = [h for h, _ in priced] + [h for h, v in held if v is None]
    return (ordered or list(holdings))[:TOP]


def _named(holding: "Holding", name: str) -> str:
    return f"{name} · {plain(holding.place, 24)}" if holding.place else name
