"""The pictures of the overview: the course of the sum with its change, and what it consists of."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QSize
from PySide6.QtGui import QContextMenuEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from keyrack.core.valuation.asset_values import AssetValues
from keyrack.ui.actions.listening import listen
from keyrack.ui.history.asset_bar import AssetBar
from keyrack.ui.history.change_label import ChangeLabel
from keyrack.ui.history.course_line import CourseLine
from keyrack.ui.history.period_button import PeriodButton
from keyrack.ui.parts.entry_menu import menu_place
from keyrack.ui.text.amount_text import HIDDEN
from keyrack.ui.text.course_text import begin_text, change_text, left_out_text
from keyrack.ui.theme.metrics import GAP_S, GRID, MARGIN
from keyrack.ui.theme.theme import theme
from keyrack.ui.widgets.controls import Text, set_text

if TYPE_CHECKING:
    from keyrack.core.rack import Rack
    from keyrack.ui.actions.course_feed import CourseFeed

_WIDE, _HIGH = 300, 36
# Below this height there is no room beside a head that stays.
_HIGH_FROM = 330
# Below this width it stands below the words of the head.
BESIDE_FROM = 560
# There it needs this height.
_HIGH_FROM_BELOW = 360


class PastBlock(QWidget):
    """Change and period, the line and the bar. It hides where no account has a value, and on a small `page`.

    `note` says what the line leaves out, or what is wrong with the history. The head gives it its place.
    """

    def __init__(self, rack: "Rack", feed: "CourseFeed", page: QWidget) -> None:
        super().__init__()
        self._rack = rack
        self._feed = feed
        self._assets = AssetValues(rack.accounts, rack.totals)
        self._private = False
        self._has_room = True
        self.change = ChangeLabel("body", "change")
        self.period = PeriodButton()
        self.line = CourseLine(self.tr("Course of the value of all accounts"), _WIDE, _HIGH, keys=True)
        self.line.setObjectName("course_of_all")
        self.bar = AssetBar(self.tr("Value by asset"))
        self.bar.setObjectName("asset_bar")
        self.note = Text(role="caption", wrap=True)
        self.note.setObjectName("course_note")
        self._arrange()
        self.period.chosen.connect(feed.choose)
        self.line.pointed.connect(lambda _at: self._show_change())
        feed.changed.connect(self.refresh)
        listen(self, rack.history.changed, self._show_note)
        page.installEventFilter(self)
        self.hide()

    def _arrange(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GRID)
        row = QHBoxLayout()
        row.setSpacing(GAP_S)
        row.addWidget(self.change, 1)
        row.addWidget(self.period)
        column.addLayout(row)
        for widget in (self.line, self.bar):
            column.addWidget(widget)
        column.addStretch(1)

    def showEvent(self, event: QShowEvent) -> None:
        """Have the courses read for the first time."""
        super().showEvent(event)
        self._feed.want()

    def refresh(self) -> None:
        """Show what is known now."""
        whole = self._rack.totals.sum_of_all()
        shown = bool(whole.counted) and self._has_room
        self.setVisible(shown)
        self._show_note()
        if not shown:
            return
        feed, private = self._feed, self._private
        self.period.show_period(feed.period)
        self.bar.show_assets(self._assets.of_all(), whole.unit, private=private)
        course = feed.now_of_all()
        self.line.show_course(course, whole.unit, feed.shown_period, private=private)
        self.line.setVisible(course is not None and course.change is not None)
        self._show_change()

    def _show_note(self) -> None:
        problem, course = self._rack.history.problem, self._feed.of_all()
        missing = self._rack.totals.sum_of_all().counted - (len(course.ids) if course is not None else 0)
        left_out = left_out_text(missing) if course is not None and course.change is not None else ""
        set_text(self.note, problem.sentences() if problem is not None else left_out)
        self.note.set_tone("soon" if problem is not None else "")
        self.note.setVisible(bool(self.note.text()) and self._has_room)

    def _show_change(self) -> None:
        """The change, or the point that is looked at."""
        feed, whole = self._feed, self._rack.totals.sum_of_all()
        course = self.line.course
        if self._private:
            words = HIDDEN
        elif course is None or course.change is None:
            words = begin_text(self._rack.clock.wall(), feed.shown_period)
        else:
            words = change_text(course, whole.unit, feed.shown_period)
        set_text(self.change, self.line.point_words or words)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """The menu of the period, wherever it is pressed."""
        self.period.entries.popup(menu_place(self, event))

    def eventFilter(self, page: QObject, event: QEvent) -> bool:
        """Follow the size of the page."""
        if isinstance(event, QResizeEvent):
            self._take_room(event.size())
        return super().eventFilter(page, event)

    def _take_room(self, room: QSize) -> None:
        """Hide where the page is too small, in pixels, for anything beside its head and the accounts."""
        beside = room.width() >= theme().px(BESIDE_FROM) + 2 * MARGIN
        has_room = room.height() >= theme().px(_HIGH_FROM if beside else _HIGH_FROM_BELOW)
        if has_room != self._has_room:
            self._has_room = has_room
            self.refresh()

    def hide_amounts(self, private: bool) -> None:
        """Privacy mode."""
        self._private = private
        self.refresh()
