"""The contents of the window: the sidebar at the left, a page at the right, notices over it, questions below it."""

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from keyrack.ui.actions.listening import listen
from keyrack.ui.actions.state_announcements import StateAnnouncements
from keyrack.ui.arrivals.arrivals import Arrivals
from keyrack.ui.keyboard.page_focus import PageFocus
from keyrack.ui.overview.overview import Overview
from keyrack.ui.overview.welcome import WelcomePage
from keyrack.ui.parts.banner import BannerKind
from keyrack.ui.safeguards.program_watch import ProgramWatch
from keyrack.ui.safeguards.restart_bar import RestartBar
from keyrack.ui.safeguards.undo_bar import UndoBar
from keyrack.ui.selection.selection_bar import SelectionBar
from keyrack.ui.window.lock_cover import LockCover
from keyrack.ui.window.notice_bar import NoticeBar
from keyrack.ui.window.pages import NOWHERE, Pages
from keyrack.ui.window.program_pages import ProgramPages
from keyrack.ui.window.question_bar import QuestionBar
from keyrack.ui.window.sandbox_start import start_or_say, start_sandbox
from keyrack.ui.window.shortcuts import Shortcuts
from keyrack.ui.window.sidebar import Sidebar
from keyrack.ui.window.ticker import Ticker

if TYPE_CHECKING:
    from keyrack.core.rack import Rack
    from keyrack.ui.actions.actions import Actions


class Contents(QWidget):
    """Shows the rack and forwards the person's input. `try_sandbox` starts the sandbox beside it.

    `place` is that of the contents before these, and what those showed is shown again.
    What holds much is made in its place: whatever moves into another parent is styled anew, with all that is in it.
    """

    quit_asked = Signal()

    def __init__(
        self,
        rack: "Rack",
        actions: "Actions",
        try_sandbox: Callable[[], object] = start_sandbox,
        parent: QWidget | None = None,
        place: tuple[str, str] = ("", ""),
        watch: ProgramWatch | None = None,
    ) -> None:
        super().__init__(parent)
        self.rack = rack
        self.account_actions = actions
        self.ticker: Ticker | None = None
        self._replace: Callable[[], object] | None = None
        self.setProperty("role", "page")
        self.sidebar = Sidebar(actions, self)
        self.notice = NoticeBar()
        self.notice.setParent(self)  # before the page, also for Tab
        self.undo = UndoBar(rack.removals, self)
        self.restart = RestartBar(rack, watch, self)
        self.selected = SelectionBar(actions, self)
        self.question = QuestionBar(rack)
        begin_sandbox = partial(start_or_say, try_sandbox, partial(self.show_notice, "urgent"))
        pages = partial(Pages, rack, actions, None if rack.sandbox else begin_sandbox)
        self.cover = LockCover(rack, actions.tasks, pages, self.sidebar, self)
        self.pages = self.cover.pages
        self.arrivals = Arrivals(actions, self.pages, partial(self.show_notice, "accent"), self.page_to_return_to)
        self.program = ProgramPages(actions, self.pages, self.notice, self.arrivals, self)
        self.announcements = StateAnnouncements(rack, self)
        self.focus = PageFocus(self.pages, self.question, self)
        self._arrange()
        self._connect()
        self.setAcceptDrops(True)
        self.keys = Shortcuts(self, self)
        if not any(place):
            self.pages.show_overview()
        elif not rack.lock.locked:
            self._go_on_from(*place)
        self.cover.refresh()
        if rack.lock.locked:
            self.cover.return_to(place[0])

    def _arrange(self) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self.sidebar)
        column = QVBoxLayout()
        column.setSpacing(0)
        column.addWidget(self.cover, 1)
        column.addWidget(self.selected)
        column.addWidget(self.question)
        row.addLayout(column, 1)
        self.notice.float_over(self.cover)
        self.undo.float_over(self.cover)
        self.restart.float_over(self.cover)

    def _connect(self) -> None:
        # Once the page that is left is gone.
        self.pages.moved.connect(self._look_whether_to_replace, Qt.ConnectionType.QueuedConnection)
        self.sidebar.chosen.connect(self.open)
        self.undo.undone.connect(self.open)
        self.sidebar.step_asked.connect(self.pages.begin)
        self.sidebar.add_pressed.connect(self.pages.add_account)
        self.sidebar.menu.asked.connect(self.program.begin)
        self.sidebar.menu.over_asked.connect(self.pages.toggle_over)
        for asked in (self.notice.connection_pressed, self.account_actions.connection_asked):
            asked.connect(self.program.open_connection)
        self.pages.take_in_asked.connect(self.arrivals.import_accounts)
        self.pages.moved.connect(self.sidebar.mark_chosen)
        self.pages.moved.connect(self.focus.begin)
        self.pages.moved.connect(self._select_none_for)
        self.selected.export_asked.connect(self._export_selected)
        self.selected.left.connect(self.focus.begin)
        self.account_actions.notified.connect(self._show_notice_of)
        self.account_actions.copied.connect(self.announcements.tell)
        self.account_actions.unconnected.connect(self.notice.offer_connection)
        listen(self, self.rack.accounts.changed, self._accounts_changed)
        listen(self, self.rack.lock.changed, self.notice.end_passing)
        wrong = [why.sentences() for why in self.rack.preferences.problems if why.code != "settings_unknown_key"]
        if self.rack.problem is not None:
            self.show_notice("urgent", self.rack.problem.sentences())
        elif wrong:
            self.show_notice("soon", wrong[0])
        elif self.rack.catalog.files.problems:
            self.show_notice("soon", _left_out([why.happened for why in self.rack.catalog.files.problems]))

    def start_ticking(self, window: QWidget) -> None:
        """Update the time left once a second while `window` is visible."""
        self.ticker = Ticker(window, self)
        self.ticker.ticked.connect(self.sidebar.tick)
        self.ticker.ticked.connect(self.pages.tick)
        self.ticker.ticked.connect(self.question.tick)
        self.ticker.ticked.connect(self.notice.tick)
        self.ticker.ticked.connect(self.undo.tick)
        self.ticker.ticked.connect(self.restart.tick)
        self.ticker.ticked.connect(self.announcements.begin)

    def open(self, id: str) -> None:
        """Show an account's pane, or the overview for ""."""
        self.notice.hide()
        self.pages.open(id)

    def return_to(self, id: str) -> None:
        """Open the pane of an account that is still there, now or after unlocking."""
        if self.rack.lock.locked:
            self.cover.return_to(id)
        elif self.rack.accounts.find(id) is not None:
            self.pages.open(id)

    def page_to_return_to(self) -> str:
        """The account whose pane is open or comes after unlocking, "" for the overview."""
        if self.rack.lock.locked:
            return self.cover.page_before_lock
        return self.pages.pane.account.id if self.pages.pane is not None else ""

    def can_be_replaced(self) -> bool:
        """Whether no page is kept for a half-filled form, and none is open that a person may be filling in."""
        shown, pane = self.pages.currentWidget(), self.pages.pane
        plain = self.program.settings is not None or isinstance(shown, Overview | WelcomePage)
        plain = plain or (pane is not None and not (pane.has_form or pane.unfinished))
        free = (self.pages.overview, self.pages.kept.spare, shown)
        return plain and all(self.pages.widget(at) in free for at in range(self.pages.count()))

    def replace_when_possible(self, replace: Callable[[], object]) -> None:
        """Call this once the person goes to a page that holds no form, and no form is half filled any longer."""
        self._replace = replace

    def _look_whether_to_replace(self, _place: str) -> None:
        if self._replace is not None and self.can_be_replaced():
            replace, self._replace = self._replace, None
            replace()

    def place(self) -> tuple[str, str]:
        """The account that is open or comes after the settings, and which of their controls has the focus, or ""."""
        if self.program.settings is None:
            return self.page_to_return_to(), ""
        focus: QWidget | None = self.window().focusWidget()
        return self.program.before_settings, "" if focus is None else focus.objectName()

    def _go_on_from(self, id: str, control: str) -> None:
        """Make no page that is not seen."""
        if control:
            self.program.open_preferences(before=id)
            if self.program.settings is not None:
                self.program.settings.begin_at(control)
        else:
            self.pages.open(id)

    def toggle_amounts(self) -> None:
        """Hide the amounts, or show them again."""
        self.pages.hide_amounts(not self.pages.privacy.on)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Accept one local file, or a text."""
        if self.arrivals.takes(event.mimeData()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Take what was dropped where it belongs."""
        event.acceptProposedAction()
        self.arrivals.take(event.mimeData())

    def show_notice(self, kind: BannerKind, text: str) -> None:
        """Show a sentence over the page."""
        self.notice.show_notice(kind, text)

    def _show_notice_of(self, id: str, kind: BannerKind, text: str) -> None:
        account = self.rack.accounts.find(id) if id else None
        here = self.pages.pane is not None and self.pages.pane.account is account
        self.show_notice(kind, text if account is None or here else f"{account.settings.name}: {text}")

    def _export_selected(self) -> None:
        selection = self.account_actions.selection
        self.arrivals.export_accounts(selection.accounts())
        selection.clear()

    def _select_none_for(self, place: str) -> None:
        """An account that is opened is the one that the person goes on with."""
        if place not in ("", NOWHERE):
            self.account_actions.selection.clear()

    def _accounts_changed(self) -> None:
        self.sidebar.rebuild()
        self.pages.accounts_changed()


def _left_out(files: list[str]) -> str:
    if len(files) == 1:
        return QCoreApplication.translate("Contents", "Left out until it is mended: {file}").format(file=files[0])
    return QCoreApplication.translate("Contents", "Left out: {file}").format(file="; ".join(files))
