"""The card that lists what happened to an account, newest first."""

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QContextMenuEvent, QGuiApplication
from PySide6.QtWidgets import QVBoxLayout, QWidget

from keyrack.primitives.failure import plain
from keyrack.ui.parts.entry_menu import EntryMenu, menu_place
from keyrack.ui.text.amount_text import clock_time
from keyrack.ui.theme.metrics import GAP_L, GAP_S
from keyrack.ui.widgets.buttons import LinkButton
from keyrack.ui.widgets.controls import Card, Text, delete_later, set_text
from keyrack.ui.widgets.flow_layout import TurningRow

if TYPE_CHECKING:
    from keyrack.core.accounts.account import Account
    from keyrack.core.accounts.activity import Line

FIRST_LINES = 8
MORE_LINES = 40
_BASELINE = 2
# Where large text leaves no room beside the time, it stands above its sentence.
_TURNS_BELOW = 300


class ActivityCard(Card):
    """Times and sentences, with more lines on request."""

    def __init__(self, account: "Account", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._account = account
        self._shown: tuple[Line, ...] = ()
        self._rows: list[tuple[Text, Text]] = []
        self._most = FIRST_LINES
        self.body.addWidget(Text(self.tr("Activity"), "strong"))
        self.lines = QWidget()
        self.lines.setObjectName("activity_list")
        self.lines.setAccessibleName(self.tr("Activity"))
        self._column = QVBoxLayout(self.lines)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(GAP_S)
        self.body.addWidget(self.lines)
        self.empty = Text(self.tr("Nothing has happened yet."), "second", wrap=True)
        self.body.addWidget(self.empty)
        self.more = LinkButton(self.tr("Show more"))
        self.more.clicked.connect(self._show_more)
        self.body.addWidget(self.more, 0, Qt.AlignmentFlag.AlignLeft)
        self.refresh()

    def take(self, account: "Account") -> None:
        """Show another account from the next `refresh` on, as a new card would."""
        self._account, self._most = account, FIRST_LINES

    def refresh(self) -> None:
        """Show the newest lines. Nothing is drawn when they have not changed."""
        all_lines = self._account.activity.lines()
        shown = all_lines[: self._most]
        self.more.setVisible(len(all_lines) > self._most and self._most < MORE_LINES)
        self.empty.setVisible(not shown)
        self.lines.setVisible(bool(shown))
        if shown != self._shown:
            self._shown = shown
            self._fill(shown)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Offer to copy the line that was pressed."""
        pressed = self.lines.childAt(self.lines.mapFromGlobal(event.globalPos()))
        line = next((line for row, line in zip(self._rows, self._shown, strict=True) if pressed in row), None)
        if line is None:
            event.ignore()
            return
        text = "\t".join((clock_time(line.at), _words(line)))
        menu = EntryMenu("activity_line", self)
        menu.add("copy", self.tr("Copy the line"), lambda: QGuiApplication.clipboard().setText(text), picture="copy")
        menu.popup(menu_place(self, event))

    def _show_more(self) -> None:
        self._most = MORE_LINES
        self.refresh()

    def _fill(self, lines: "tuple[Line, ...]") -> None:
        for _ in range(len(lines), len(self._rows)):
            self._column.takeAt(self._column.count() - 1)
            for text in self._rows.pop():
                delete_later(text)
        for _ in range(len(self._rows), len(lines)):
            self._add_row()
        for (time, sentence), line in zip(self._rows, lines, strict=True):
            set_text(time, clock_time(line.at))
            set_text(sentence, _words(line))
        widest = max((_width_of(time) for time, _ in self._rows), default=0)
        for time, _ in self._rows:
            time.setFixedWidth(widest)

    def _add_row(self) -> None:
        time, sentence = Text("", "caption", parent=self.lines), Text("", "body", wrap=True, parent=self.lines)
        time.setContentsMargins(0, _BASELINE, 0, 0)
        row = TurningRow(_TURNS_BELOW)
        row.setSpacing(GAP_L)
        row.addWidget(time, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(sentence, 1)
        self._column.addLayout(row)
        self._rows.append((time, sentence))


def _width_of(time: Text) -> int:
    time.ensurePolished()
    return time.sizeHint().width()


def _words(line: "Line") -> str:
    return " ".join(part for part in (plain(line.notice.sentence), plain(line.about)) if part)
