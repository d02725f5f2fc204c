"""One account as a line of the overview's list: state, name, exchange, time left, value, and what is next."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLayout, QSizePolicy, QVBoxLayout, QWidget

from keyrack.core.status import format_left
from keyrack.ui.history.account_past import SmallCourse
from keyrack.ui.overview.account_item import AccountItem, keep_quiet, site_words
from keyrack.ui.parts.copy_button import CopyButton, SmallButton
from keyrack.ui.text.amount_text import HIDDEN, age
from keyrack.ui.text.spoken_text import in_sentences, spoken, spoken_time, told_sentence
from keyrack.ui.text.state_text import AccountView, follower_sentence
from keyrack.ui.text.value_text import headline
from keyrack.ui.theme.metrics import GAP_M, GRID, SMALL_HEIGHT
from keyrack.ui.theme.theme import theme
from keyrack.ui.widgets.controls import ElidedText, Text, Tone, set_text
from keyrack.ui.widgets.ring import MARK
from keyrack.ui.widgets.state_mark import StateMark

if TYPE_CHECKING:
    from keyrack.core.accounts.account import Account
    from keyrack.core.valuation.valuation import Total
    from keyrack.ui.actions.actions import Actions

_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
_HIGH = 48
TIME = 72
VALUE = 129
END = 82
NAME_SHARE, NEXT_SHARE = 26, 25
# What the stylesheet gives a line around its contents.
EDGE = 2
# What gives way first where there is no room for all.
NEXT_FROM = 560
VALUE_FROM = 440
TIME_FROM = 280
# Without a column of its own the value stands below the time, in small letters.
_BELOW_FROM, _BELOW, _BELOW_MOST = 340, 112, 144
# The share of further room that the value takes below the time and in its own column, and how wide that is at most.
_BELOW_SHARE, _VALUE_SHARE, _VALUE_MOST = 0.5, 0.08, 208


def time_width(room: int) -> int:
    """The width of the column of the time, in the pixels of a line that is `room` wide."""
    px = theme().px
    if not px(_BELOW_FROM) <= room < px(VALUE_FROM):
        return px(TIME)
    return min(px(_BELOW_MOST), px(_BELOW) + round((room - px(_BELOW_FROM)) * _BELOW_SHARE))


def value_width(room: int) -> int:
    """The width of the column of the value, in the pixels of a line that is `room` wide."""
    px = theme().px
    return min(px(_VALUE_MOST), px(VALUE) + max(0, round((room - px(NEXT_FROM)) * _VALUE_SHARE)))


class AccountLine(AccountItem):
    """A line. All lines have the same columns."""

    def __init__(self, account: "Account", actions: "Actions", parent: QWidget | None = None) -> None:
        super().__init__(account, actions, parent, words=False)
        self._private = False
        self._total: Total | None = None
        self._trouble: tuple[str, Tone] = ("", "")
        self.setObjectName(f"line:{account.id}")
        self.setProperty("role", "line")
        self.mark = StateMark(MARK)
        self.name = ElidedText(role="bold")
        self.about = ElidedText(role="caption")
        self.time = Text()
        self.value = ElidedText()
        self.value_below = ElidedText(role="caption")
        self.old = Text(role="caption")
        self.course = SmallCourse(account, actions.courses)
        self._before_next = WiderGap()
        self.next = ElidedText(role="second")
        self._end = QWidget()
        self._arrange()
        keep_quiet(self, self._provider.name)
        self.refresh()

    def _arrange(self) -> None:
        px = theme().px
        self.body.setContentsMargins(GAP_M, 0, GRID, 0)
        row = QHBoxLayout()
        row.setSpacing(GAP_M)
        row.addWidget(self.mark)
        row.addLayout(_one_below_the_other(self.name, self._about()), NAME_SHARE)
        for figure in (self.time, self.value_below, self.value, self.old):
            figure.setAlignment(_RIGHT)
        row.addLayout(_one_below_the_other(self.time, self.value_below))
        figures = _one_below_the_other(self.value, self.old)
        figures.insertWidget(figures.count() - 1, self.course, 0, Qt.AlignmentFlag.AlignRight)
        self.course.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self._actions.courses.changed.connect(self._show_old)
        row.addLayout(figures)
        row.addWidget(self._before_next)
        row.addWidget(self.next, NEXT_SHARE)
        self._end.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Preferred)
        self._end.setMaximumWidth(px(END))
        end = QHBoxLayout(self._end)
        end.setContentsMargins(0, 0, 0, 0)
        end.addStretch(1)
        row.addWidget(self._end)
        self.body.addLayout(row)
        self.setFixedHeight(px(_HIGH))
        # What may be cut says the rest in its tooltip, so it takes the mouse. It gives its presses to the line.
        for label in set(self.findChildren(QLabel)) - {self.pin, self.name, self.about, self.next}:
            label.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    def told_now(self) -> str:
        """What the line shows, to the minute."""
        view, total = AccountView(self.account, self._rack.clock), self._rack.totals.total_of(self.account)
        value = headline(total) if total is not None and not self._private else ""
        site = site_words(self._provider, self.account.settings, ", ")
        return in_sentences(
            spoken(view, self.accessibleDescription()), value, self.old.text(), self._told_next(view), site
        )

    def _told_next(self, view: AccountView) -> str:
        """What is next where the state does not say it."""
        if view.name != "ready":
            return ""
        renews = view.status.renews_in
        if renews and not view.status.is_key and not self.account.renewed_elsewhere:
            return self.tr("Renews in {time}").format(time=spoken_time(renews))
        return told_sentence(view, view.sentence())

    def _about(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(GRID)
        row.addWidget(self.pin)
        row.addWidget(self.about, 1)
        return row

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Leave out what there is no room for."""
        super().resizeEvent(event)
        px, room = theme().px, self.width()
        for figure in (self.time, self.value_below):
            figure.setFixedWidth(time_width(room))
        for figure in (self.value, self.old):
            figure.setFixedWidth(value_width(room))
        for part in (self._before_next, self.next):
            part.setVisible(room >= px(NEXT_FROM))
        self.value.setVisible(room >= px(VALUE_FROM))
        self.value_below.setVisible(px(_BELOW_FROM) <= room < px(VALUE_FROM))
        self.time.setVisible(room >= px(TIME_FROM))
        self._end.setMinimumWidth(px(END if room >= px(TIME_FROM) else SMALL_HEIGHT))
        self._show_about()
        self._show_old()
        self.body.activate()  # the layout was done before these widths

    def fit(self, width: int) -> bool:
        """A line is as high at any width."""
        return False

    def place_action(self, button: SmallButton) -> None:
        """At the end of the line."""
        layout = self._end.layout()
        if layout is not None:
            layout.addWidget(button)

    def copy_place(self, button: CopyButton) -> QPoint:
        """At the end of the line, left of a button that is there."""
        taken = self.action.width() + GRID if self.action is not None and not self.action.isHidden() else 0
        return QPoint(self._end.geometry().right() + 1 - taken - button.width(), (self.height() - button.height()) // 2)

    def refresh(self) -> None:
        """Show the account as it is now."""
        set_text(self.name, self.account.settings.name)
        self.tick()

    def _shows_figures(self) -> bool:
        """Whether the newest value is shown."""
        return not self.account.figures_old and self._rack.totals.total_of(self.account) is self._total

    def count(self) -> bool:
        """Show the time left, and that until the renewal. Returns False where something else has changed."""
        countdown = self.countdown
        left = countdown.left() if countdown is not None else None
        if countdown is None or left is None or self.copy is not None or not self._shows_figures():
            return False
        self.mark.ring.set(countdown.share_of(left), "", self.mark.kind)
        set_text(self.time, format_left(left))
        if countdown.renews_in is not None:
            set_text(self.next, self._renewal(countdown.renews_in))
        return True

    def show_view(self, view: AccountView) -> None:
        """Mark, time, value and what is next."""
        self.mark.ring.set(1.0 if view.endless else view.fraction, "", view.kind)
        set_text(self.time, view.word() if view.name in ("ready", "refreshing") else view.time())
        self.time.set_tone(view.tone)
        set_text(self.next, self._next(view))
        self.next.set_tone(view.tone if view.name != "ready" else "")
        self._trouble = (view.headline() if view.tone else "", view.tone)
        self._show_about()
        total = self._total = self._rack.totals.total_of(self.account)
        for figure in (self.value, self.value_below):
            set_text(figure, (HIDDEN if self._private else headline(total)) if total else "")
            figure.set_tone("off" if self.account.figures_old else "")
        old = self.account.balances if total and self.account.figures_old else None
        set_text(self.old, age(self._rack.clock.wall() - old.taken) if old is not None else "")
        self._show_old()

    def _show_about(self) -> None:
        """The exchange. Where what is next has no column, what matters stands there in its place."""
        words, tone = self._trouble if self.width() < theme().px(NEXT_FROM) else ("", "")
        set_text(self.about, words or site_words(self._provider, self.account.settings))
        self.about.set_tone(tone)

    def _next(self, view: AccountView) -> str:
        renews = view.status.renews_in
        if view.name == "ready" and renews and not view.status.is_key:
            return self._renewal(renews)
        return view.sentence() if view.name == "ready" else view.headline()

    def _renewal(self, seconds: float) -> str:
        """When it is renewed, and by whom where that is another host."""
        if self.account.renewed_elsewhere:
            return follower_sentence(self.account.renewer, seconds)
        return self.tr("Renews in {time}").format(time=format_left(seconds))

    def _show_old(self) -> None:
        room = self.width() >= theme().px(VALUE_FROM)
        self.old.setVisible(bool(self.old.text()) and room)
        total = self._rack.totals.total_of(self.account) if room else None
        self.course.refresh(total.unit if total is not None else "", private=self._private)

    def hide_amounts(self, private: bool) -> None:
        """Privacy mode."""
        self._private = private
        self.tick()


class WiderGap(QWidget):
    """Twice the gap between columns while it is shown: a layout adds one at either side of it."""

    def __init__(self) -> None:
        super().__init__()
        self.setFixedWidth(0)


def _one_below_the_other(upper: QWidget, lower: QWidget | QLayout) -> QVBoxLayout:
    column = QVBoxLayout()
    column.setSpacing(0)
    column.addStretch(1)
    column.addWidget(upper)
    if isinstance(lower, QLayout):
        column.addLayout(lower)
    else:
        column.addWidget(lower)
    column.addStretch(1)
    return column
