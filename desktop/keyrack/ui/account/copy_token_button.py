"""The button in the head of an account's pane that copies its token."""

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt

from keyrack.ui.integration.clipboard import copied_text
from keyrack.ui.parts.counting_button import CountingButton
from keyrack.ui.theme.icons import Icon

if TYPE_CHECKING:
    from keyrack.ui.integration.clipboard import Clipboard


class CopyTokenButton(CountingButton):
    """Counts while the token is on the clipboard, and has `words` else."""

    def __init__(self, words: str, clipboard: "Clipboard") -> None:
        super().__init__(words)
        self._words = words
        self._clipboard = clipboard
        self._copied = False
        self._picture = Icon("copy", self._icon_tone()).put_on(self)

    def show_copied(self, *, copied: bool) -> None:
        """Count, or offer the token again. Large text leaves room for the picture alone, so that says it too."""
        if copied != self._copied:
            self._copied = copied
            self._picture.become("check" if copied else "copy", self._icon_tone())
        if copied:
            self.count(self._clipboard.button_text(), self._clipboard.spoken_text())
        elif self.text() != self._words:
            self.setText(self._words)

    def room_to_keep(self) -> int:
        """How much wider than now it may become by a press or at the end of the count, in pixels."""
        widest = max(self._wide(text) for text in (self._words, copied_text(self._clipboard)))
        return max(0, widest - self._wide(self.told_text()))

    def _wide(self, text: str) -> int:
        return self.fontMetrics().size(Qt.TextFlag.TextShowMnemonic, text).width()
