"""The log, narrowed down and following."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QCoreApplication, QTimer, QUrl
from PySide6.QtGui import QDesktopServices, QHideEvent, QShowEvent
from PySide6.QtWidgets import QPlainTextEdit, QWidget

from keyrack.core.system.log_tail import Least, LogTail
from keyrack.language.translation import plural
from keyrack.ui.help.choice_button import ChoiceButton
from keyrack.ui.help.text_shown import TextShown
from keyrack.ui.parts.over_page import OverPage
from keyrack.ui.theme.metrics import CONTROL_HEIGHT
from keyrack.ui.theme.theme import theme
from keyrack.ui.widgets.buttons import CheckBox, PlainButton
from keyrack.ui.widgets.controls import Text, set_text
from keyrack.ui.widgets.fields import FindField
from keyrack.ui.widgets.flow_layout import FlowLayout

if TYPE_CHECKING:
    from keyrack.ui.actions.actions import Actions

EVERY_MS = 1_000
_FIND = 188


def open_folder(folder: Path) -> bool:
    """Open a folder, and return whether the desktop has a program for that."""
    return QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder)))


class LogPage(OverPage):
    """The newest records. They are looked for once a second while the page is seen.

    `open_folder` opens a folder in the desktop's program for it, and returns whether there is one.
    """

    def __init__(
        self,
        actions: "Actions",
        open_folder: Callable[[Path], bool] = open_folder,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__("log", QCoreApplication.translate("LogPage", "Log"), parent)
        self._open = open_folder
        self.tail = LogTail(actions.rack.parts.account_store.paths.logs)
        self.text = TextShown(self.tr("Log"))
        self.text.setObjectName("log_text")
        levels = {
            "": self.tr("Everything"),
            "WARNING": self.tr("Warnings and errors"),
            "ERROR": self.tr("Errors"),
        }
        self.level = ChoiceButton(self.tr("Level"), levels)
        self.level.setObjectName("log_level")
        self.search = FindField(self.tr("Find in the log"))
        self.search.setObjectName("log_find")
        self.search.setFixedWidth(theme().px(_FIND))
        self.following = CheckBox(self.tr("Follow"))
        self.following.setObjectName("log_follow")
        self.following.setChecked(True)
        self.following.setMinimumHeight(theme().px(CONTROL_HEIGHT))
        self.folder = PlainButton(self.tr("Open the folder"), "external")
        self.folder.setObjectName("log_folder")
        self.said = Text(role="caption", wrap=True)
        self.said.setObjectName("log_said")
        self._timer = QTimer(self)
        self._timer.setInterval(EVERY_MS)
        self._arrange()
        self._connect()

    def _arrange(self) -> None:
        tools = QWidget()
        flow = FlowLayout(tools)
        for each in (self.search, self.level, self.following, self.folder):
            flow.addWidget(each)
        self.content.addWidget(tools)
        self.content.addWidget(self.said)
        self.content.addWidget(self.text, 1)

    def _connect(self) -> None:
        self._timer.timeout.connect(self.look)
        self.level.chosen.connect(lambda _level: self._show())
        self.search.textChanged.connect(lambda _text: self._show())
        self.following.toggled.connect(lambda _on: self._keep_place())
        self.folder.clicked.connect(self._open_folder)

    def first_focus(self) -> QPlainTextEdit:
        """The text, so that the arrows scroll it."""
        return self.text

    def start_finding(self) -> bool:
        """Go to Find."""
        self.search.setFocus()
        self.search.selectAll()
        return True

    def look(self) -> None:
        """Look whether something was written, and show it."""
        if self.tail.read():
            self._show()

    def showEvent(self, event: QShowEvent) -> None:
        """Look at once, and from now on."""
        super().showEvent(event)
        self.look()
        self._timer.start()

    def hideEvent(self, event: QHideEvent) -> None:
        """Nobody sees it."""
        super().hideEvent(event)
        self._timer.stop()

    def _show(self) -> None:
        records = self.tail.narrowed(cast("Least", self.level.value), self.search.text())
        bar = self.text.verticalScrollBar()
        at = bar.value()
        self.text.setPlainText("\n".join(record.text for record in records))
        bar.setValue(at)
        self._keep_place()
        set_text(self.said, self._words(len(records)))

    def _words(self, shown: int) -> str:
        if self.tail.problem:
            return self.tr("There is no log to read here: {why}.").format(why=self.tail.problem)
        whole = len(self.tail.records)
        if shown == whole:
            return plural(
                "{n} record. The log holds no secret.", "The newest {n} records. The log holds no secret.", whole
            )
        return plural("{shown} of {n} record.", "{shown} of the newest {n} records.", whole, shown=shown)

    def _keep_place(self) -> None:
        if self.following.isChecked():
            bar = self.text.verticalScrollBar()
            bar.setValue(bar.maximum())

    def _open_folder(self) -> None:
        if not self._open(self.tail.folder):
            set_text(
                self.said,
                self.tr("No program opens folders here. The log is in {folder}.").format(folder=self.tail.folder),
            )
