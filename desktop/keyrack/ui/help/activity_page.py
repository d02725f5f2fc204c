"""What happened to all accounts, narrowed down, and saved as CSV."""

from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QCoreApplication, QPoint, QSize, QTimer, Signal
from PySide6.QtGui import QContextMenuEvent, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QStyle, QTableView, QWidget

from keyrack.core.accounts.activity_record import Kind, Narrowing, all_entries, as_csv
from keyrack.language.translation import plural
from keyrack.ui.help.activity_menu import ActivityMenu
from keyrack.ui.help.activity_model import ActivityColumn, ActivityModel
from keyrack.ui.help.choice_button import ChoiceButton
from keyrack.ui.help.file_saving import FileSaving
from keyrack.ui.parts.over_page import OverPage
from keyrack.ui.screen_reader.cell_focus import CellFocus
from keyrack.ui.theme.metrics import CONTROL_HEIGHT, GAP_L, GAP_S, ROW_HEIGHT
from keyrack.ui.theme.theme import theme
from keyrack.ui.widgets.buttons import CheckBox, PlainButton, is_enter
from keyrack.ui.widgets.controls import Text, set_text
from keyrack.ui.widgets.fields import FindField
from keyrack.ui.widgets.flow_layout import FlowLayout

if TYPE_CHECKING:
    from keyrack.core.accounts.account import Account
    from keyrack.ui.actions.actions import Actions

# A round of renewals notes a line for each account.
_GATHER_MS = 200
_FIND = 188
_NAME = "keyrack-activity.csv"
_MOST_OF_NAME = 0.3
_LEAST_ROWS = 4


class ActivityPage(OverPage):
    """The newest lines first. It begins with the account whose pane lies below, if there is one."""

    def __init__(self, actions: "Actions", account: "Account | None", parent: QWidget | None = None) -> None:
        super().__init__("activity", QCoreApplication.translate("ActivityPage", "Activity of all accounts"), parent)
        self._rack = actions.rack
        self.model = ActivityModel(self)
        self.table = _ActivityTable(self.model)
        self.search = FindField(self.tr("Find in the activity"))
        self.search.setObjectName("activity_find")
        self.search.setFixedWidth(theme().px(_FIND))
        names = {each.id: each.settings.name for each in actions.rack.accounts}
        self.account = ChoiceButton(self.tr("Account"), {"": self.tr("All accounts"), **names})
        self.account.setObjectName("activity_account")
        self.kind = ChoiceButton(self.tr("Kind"), self._kinds())
        self.kind.setObjectName("activity_kind")
        self.trouble = CheckBox(self.tr("Trouble only"))
        self.trouble.setObjectName("activity_trouble")
        self.trouble.setMinimumHeight(theme().px(CONTROL_HEIGHT))
        self.saving = FileSaving(self, _NAME, lambda: as_csv(self.model.entries), self._say)
        self.save = PlainButton(self.tr("Save as CSV…"))
        self.save.setObjectName("activity_save")
        self.said = Text(role="caption", wrap=True)
        self.said.setObjectName("activity_said")
        self._later = QTimer(self)
        self._later.setSingleShot(True)
        self._later.setInterval(_GATHER_MS)
        self._arrange()
        self._connect()
        if account is not None and account.id in names:
            self.account.choose(account.id)
        self.look()

    def _kinds(self) -> dict[str, str]:
        return {
            "": self.tr("Everything"),
            "sign_in": self.tr("Signing in and out"),
            "token": self.tr("Tokens"),
            "key": self.tr("API keys"),
            "copy": self.tr("Copies"),
            "program": self.tr("Programs"),
            "figures": self.tr("Live figures"),
        }

    def _arrange(self) -> None:
        tools = QWidget()
        flow = FlowLayout(tools)
        for each in (self.search, self.account, self.kind, self.trouble, self.save):
            flow.addWidget(each)
        self.content.addWidget(tools)
        self.content.addWidget(self.said)
        self.content.addWidget(self.table, 1)

    def _connect(self) -> None:
        self.account.chosen.connect(lambda _id: self.look())
        self.kind.chosen.connect(lambda _kind: self.look())
        self.search.textChanged.connect(lambda _text: self.look())
        self.trouble.toggled.connect(lambda _on: self.look())
        self.save.clicked.connect(self.saving.ask)
        self._later.timeout.connect(self.look)
        self._disconnect = self._rack.accounts.touched.connect(lambda _account: self._later.start())
        self.destroyed.connect(self._disconnect)
        self.table.entered_row.connect(lambda row: self.opened.emit(self.model.entries[row].account))
        self.table.menu_asked.connect(self._open_menu)

    def _open_menu(self, row: int, at: QPoint) -> None:
        ActivityMenu(self.model.entries[row], self.opened.emit, self._show_only, self).popup(at)

    def _show_only(self, id: str) -> None:
        self.account.choose(id)
        self.look()

    def first_focus(self) -> QWidget:
        """The list, so that the arrows go through it."""
        return self.table

    def start_finding(self) -> bool:
        """Go to Find."""
        self.search.setFocus()
        self.search.selectAll()
        return True

    def look(self) -> None:
        """Show the lines that are wanted now."""
        wanted = Narrowing(
            self.account.value, cast("Kind", self.kind.value), self.search.text(), trouble=self.trouble.isChecked()
        )
        whole = all_entries(self._rack.accounts)
        found = [entry for entry in whole if wanted.takes(entry)]
        if found != self.model.entries:
            self.model.show(found)
            self.table.fit()
        self.save.setEnabled(bool(found))
        set_text(self.said, self._words(len(found), len(whole)))
        self.said.set_tone("")

    def _words(self, shown: int, whole: int) -> str:
        if not whole:
            return self.tr("Nothing has happened yet. Lines are kept for 30 days.")
        if shown == whole:
            return plural(
                "{n} line of the last 30 days. Enter opens the account of a line.",
                "{n} lines of the last 30 days. Enter opens the account of a line.",
                whole,
            )
        return plural("{shown} of {n} line.", "{shown} of {n} lines.", whole, shown=shown)

    def _say(self, text: str, good: bool) -> None:
        set_text(self.said, text)
        self.said.set_tone("fresh" if good else "urgent")


class _ActivityTable(QTableView):
    """`entered_row` carries the row that was double-clicked, or at which Enter was pressed.

    `menu_asked` carries a row and a place on the screen.
    """

    entered_row = Signal(int)
    menu_asked = Signal(int, QPoint)

    def __init__(self, model: ActivityModel) -> None:
        super().__init__()
        self.setObjectName("activity_table")
        self.setAccessibleName(self.tr("Activity"))
        self.setModel(model)
        CellFocus(self)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.verticalHeader().hide()
        self.horizontalHeader().setHighlightSections(False)
        self.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.doubleClicked.connect(lambda index: self.entered_row.emit(index.row()))
        theme().changed.connect(self.fit)
        self.fit()

    def sizeHint(self) -> QSize:
        """Some rows. It takes all the room that there is."""
        return QSize(super().sizeHint().width(), self.minimumHeight())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter opens the account of the row."""
        if is_enter(event) and self.currentIndex().isValid():
            self.entered_row.emit(self.currentIndex().row())
        else:
            super().keyPressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Ask for the menu of the row that was pressed, by a key of the one that is chosen."""
        view, by_mouse = self.viewport(), event.reason() == QContextMenuEvent.Reason.Mouse
        index = self.indexAt(view.mapFromGlobal(event.globalPos())) if by_mouse else self.currentIndex()
        if index.isValid():
            self.setCurrentIndex(index)
            below = view.mapToGlobal(self.visualRect(index).bottomLeft())
            self.menu_asked.emit(index.row(), event.globalPos() if by_mouse else below)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Share out the new width."""
        super().resizeEvent(event)
        self.fit()

    def fit(self) -> None:
        """Give times their width, names theirs up to a third, and sentences the rest."""
        self.verticalHeader().setDefaultSectionSize(theme().px(ROW_HEIGHT))
        self.setMinimumHeight(theme().px(_LEAST_ROWS * ROW_HEIGHT))
        # A cell keeps this room before its text, and a heading does not.
        inside = self.style().pixelMetric(QStyle.PixelMetric.PM_FocusFrameHMargin, None, self) + 1
        sheet = f"QHeaderView::section {{ padding-left: {GAP_S + inside}px; }}"
        if self.horizontalHeader().styleSheet() != sheet:
            self.horizontalHeader().setStyleSheet(sheet)
        room = self.viewport().width()
        time = self.sizeHintForColumn(ActivityColumn.TIME) + GAP_L
        name = min(self.sizeHintForColumn(ActivityColumn.ACCOUNT) + GAP_L, round(room * _MOST_OF_NAME))
        for column, width in ((ActivityColumn.TIME, time), (ActivityColumn.ACCOUNT, name)):
            self.setColumnWidth(column, max(width, self.horizontalHeader().sectionSizeHint(column)))
        used = self.columnWidth(ActivityColumn.TIME) + self.columnWidth(ActivityColumn.ACCOUNT)
        self.setColumnWidth(ActivityColumn.WHAT, max(room - used, self.horizontalHeader().sectionSizeHint(2)))
