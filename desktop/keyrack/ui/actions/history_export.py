"""Asks where the history is to be written as a file, and says what came of it."""

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QDate, QObject, QStandardPaths, Qt, SignalInstance
from PySide6.QtWidgets import QFileDialog, QWidget

from keyrack.core.history.export import export
from keyrack.core.history.history_failures import HistoryFailure
from keyrack.ui.actions.keyed_tasks import KeyedTasks

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
        folder = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
        name = f"keyrack-{QDate.currentDate().toString(Qt.DateFormat.ISODate)}.csv"
        title = translate("HistoryExport", "Export what the accounts were worth")
        dialog = QFileDialog(parent, title, str(Path(folder) / name), translate("HistoryExport", "CSV files (*.csv)"))
        dialog.setObjectName("export_file")
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix("csv")
        dialog.fileSelected.connect(self.write)
        dialog.open()

    def write(self, path: str) -> None:
        """Write the file."""
        if not self._rack.lock.locked:
            self._tasks.start(_KEY, self._write, Path(path))

    async def _write(self, path: Path) -> None:
        try:
            await export(self._rack.history, tuple(self._rack.accounts), path)
        except HistoryFailure as why:
            self._notified.emit("", "urgent", why.sentences())
        else:
            words = translate("HistoryExport", "The history is in {path}. Whoever reads that file sees your amounts.")
            self._notified.emit("", "off", words.format(path=path))
