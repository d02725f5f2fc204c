"""Asks where a file is to be saved, saves it, and says how that went."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QStandardPaths
from PySide6.QtWidgets import QFileDialog, QWidget

from keyrack.core.system.private_file import write_private

translate = QCoreApplication.translate


class FileSaving:
    """Saves one text. `say` is given a sentence and whether it is good news."""

    def __init__(self, parent: QWidget, name: str, text: Callable[[], str], say: Callable[[str, bool], object]) -> None:
        self._parent = parent
        self._name = name
        self._text = text
        self._say = say

    def ask(self) -> None:
        """Open the system's dialog. The person goes on meanwhile, and Esc saves nothing."""
        folder = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
        dialog = QFileDialog(self._parent, translate("FileSaving", "Save as"), str(Path(folder) / self._name))
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix(Path(self._name).suffix.removeprefix("."))
        dialog.fileSelected.connect(lambda path: self.save(Path(path)))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def save(self, path: Path) -> None:
        """Save the text at a path, readable for this user alone."""
        try:
            write_private(path, self._text().encode("utf-8"))
        except OSError as error:
            said = translate("FileSaving", "It could not be saved: {why}.").format(why=error.strerror)
            self._say(said, False)  # noqa: FBT003  the caller's own form
        else:
            self._say(translate("FileSaving", "Saved as {name}.").format(name=path.name), True)  # noqa: FBT003
