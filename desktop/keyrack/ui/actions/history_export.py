"""Asks where the history is to be written as a file, and says what came of it."""

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QDate, QObject, Qt, SignalInstance
from PySide6.QtWidgets import QWidget

from keyrack.core.history.export import export
from keyrack.core.history.history_failures import HistoryFailure
from keyrack.ui.actions.keyed_tasks import KeyedTasks
from keyrack.ui.parts.save_dialog import ask_where

if TYPE_CHECKING:
    from keyrack.core.rack import Rack

translate = QCoreApplication.translate
_KEY = "export_history"


class HistoryExport(QObject):
    """The export of the history. `notified` is the window's signal for sentences."""

    def __init__(self, rack: "Rack", tasks: KeyedTasks, notified: SignalInstance) -> None:
        super().__init__()
        self._rack = rack
        self._tasks = tasks
        self._notified = notified

    def ask(self, parent: QWidget) -> None:
        """Ask for a file. Locked, nothing is exported (S91)."""
        if self._rack.lock.locked:
            return
        name = f"keyrack-{QDate.currentDate().toString(Qt.DateFormat.ISODate)}.csv"
        ask_where(parent, translate("HistoryExport", "Export what the accounts were worth"), Path(name), self.write)

    def write(self, path: Path) -> None:
        """Write the file."""
        if not self._rack.lock.locked:
            self._tasks.start(_KEY, self._write, path)

    async def _write(self, path: Path) -> None:
        try:
            await export(self._rack.history, tuple(self._rack.accounts), path)
        except HistoryFailure as why:
            self._notified.emit("", "urgent", why.sentences())
        else:
            words = translate("HistoryExport", "The history is in {path}. Whoever reads that file sees your amounts.")
            self._notified.emit("", "off", words.format(path=path))
