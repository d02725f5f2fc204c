"""Asks where a file is to be saved, and which one is to be read."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QStandardPaths
from PySide6.QtWidgets import QFileDialog, QWidget


def ask_where(parent: QWidget, title: str, file: Path, save: Callable[[Path], object]) -> QFileDialog:
    """Open Qt's own dialog, and call `save` with the chosen path. The person goes on meanwhile, and Esc saves nothing.

    A bare name is proposed in the folder for documents, or in the home where there is none.

    The desktop's dialog refuses a process whose memory other programs may not read (S101).
    """
    proposed = file if file.is_absolute() else _folder() / file
    dialog = QFileDialog(parent, title, str(proposed))
    dialog.setObjectName("save_file")
    dialog.setOption(QFileDialog.Option.DontUseNativeDialog)
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    dialog.setDefaultSuffix(file.suffix.removeprefix("."))
    dialog.fileSelected.connect(lambda path: save(Path(path)))
    dialog.finished.connect(dialog.deleteLater)
    dialog.open()
    return dialog


def _folder() -> Path:
    """Qt names a folder for documents also where there is none, and would open the working directory instead."""
    documents = Path(QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation))
    return documents if documents.is_dir() else Path.home()


def ask_which(parent: QWidget, title: str, filters: str, take: Callable[[Path], object]) -> QFileDialog:
    """Open Qt's own dialog for a file that is there, and call `take` with its path. `filters` as Qt writes them."""
    folder = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.HomeLocation)
    dialog = QFileDialog(parent, title, folder, filters)
    dialog.setObjectName("choose_file")
    dialog.setOption(QFileDialog.Option.DontUseNativeDialog)
    dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
    dialog.fileSelected.connect(lambda path: take(Path(path)))
    dialog.finished.connect(dialog.deleteLater)
    dialog.open()
    return dialog
