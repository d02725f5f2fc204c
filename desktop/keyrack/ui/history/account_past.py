"""The course of one account beside its value."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QVBoxLayout, QWidget

from keyrack.ui.history.change_label import ChangeLabel
from keyrack.ui.history.course_line import CourseLine
from keyrack.ui.text.course_text import change_text
from keyrack.ui.theme.metrics import GRID
from keyrack.ui.widgets.controls import set_text

if TYPE_CHECKING:
    from keyrack.core.accounts.account import Account
    from keyrack.ui.actions.course_feed import CourseFeed

translate = QCoreApplication.translate

_WIDE, _HIGH = 200, 36
_SMALL_WIDE, _SMALL_HIGH = 64, 18
# A line over less of the period is a stroke beside the value that says nothing.
_LEAST_SHARE = 0.125


class SmallCourse(CourseLine):
    """The line alone, as small as a card and a line of the list have room for."""

    def __init__(self, account: "Account", feed: "CourseFeed") -> None:
        super().__init__(translate("AccountCard", "Course of the value"), _SMALL_WIDE, _SMALL_HIGH, keys=False)
        self._account = account
        self._feed = feed

    def refresh(self, unit: str, *, private: bool) -> None:
        """Show what is known in a unit, "" for none.

        It hides with the amounts, where little of the period is known, and beside figures that are old.
        """
        course = self._feed.of(self._account) if unit and not private else None
        shown = course is not None and course.change is not None and course.share >= _LEAST_SHARE
        self.show_course(course if shown else None, unit, self._feed.shown_period, private=private)
        self.setVisible(shown and not self._account.figures_old)


class AccountPast(QWidget):
    """The line, and below it the change or the point that is looked at. It hides where nothing is known."""

    def __init__(self, account: "Account", feed: "CourseFeed") -> None:
        super().__init__()
        self._account = account
        self._feed = feed
        self._unit = ""
        self._private = False
        self.line = CourseLine(self.tr("Course of the value"), _WIDE, _HIGH, keys=True)
        self.line.setObjectName("course_of_account")
        self.change = ChangeLabel("caption", "account_change")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GRID)
        column.addWidget(self.line)
        column.addWidget(self.change)
        self.line.pointed.connect(lambda _at: self._show_change())
        feed.changed.connect(self.refresh)
        self.hide()

    def take(self, account: "Account") -> None:
        """Follow another account."""
        self._account = account
        self.line.point(-1)
        self.refresh()

    def show_unit(self, unit: str, *, private: bool) -> None:
        """Show the course in a unit, "" for none."""
        if (unit, private) != (self._unit, self._private):
            self._unit, self._private = unit, private
        self._feed.want()
        self.refresh()

    def refresh(self) -> None:
        """Show what is known now."""
        course = self._feed.now_of(self._account)
        shown = course is not None and course.change is not None and bool(self._unit)
        self.line.show_course(course if shown else None, self._unit, self._feed.shown_period, private=self._private)
        self._show_change()
        self.setVisible(shown and not self._private)

    def _show_change(self) -> None:
        course = self.line.course
        words = change_text(course, self._unit, self._feed.shown_period) if course is not None else ""
        self.line.widen(self.change.fontMetrics().horizontalAdvance(words))
        set_text(self.change, self.line.point_words or words)
