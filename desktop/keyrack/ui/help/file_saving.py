"""Asks where a file is to be saved, saves it, and says how that went."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QWidget

from keyrack.core.system.private_file import write_private
from keyrack.ui.parts.save_dialog import ask_where

translate = QCoreApplication.translate


class FileSaving:
    """Saves one text. `say` is given a sentence and whether it is good news."""

    def __init__(self, parent: QWidget, name: str, text: Callable[[], str], say: Callable[[str, bool], object]) -> None:
        self._parent = parent
        self._name = name
        self._text = text
        self._say = say

    def ask(self) -> None:
        """Ask for the file. The person goes on meanwhile."""
        ask_where(self._parent, translate("FileSaving", "Save as"), Path(self._name), self.save)

    def save(self, path: Path) -> None:
        """Save the text at a path, readable for this user alone."""
        try:
            write_private(path, self._text().encode("utf-8"))
        except OSError as error:
            said = translate("FileSaving", "It could not be saved: {why}.").format(why=error.strerror)
            self._say(said, False)  # noqa: FBT003  the caller's own form
        else:
            self._say(translate("FileSaving", "Saved as {name}.").format(name=path.name), True)  # noqa: FBT003
