"""A program's name on one line, cut in the middle where there is no room, so that its end can be read."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from keyrack.primitives.failure import plain
from keyrack.ui.widgets.controls import ElidedText, TextRole, set_text

# Two paths of the longest that Linux knows.
LONGEST = 2 * 4096
_TOOLTIP_LINE = 80


class MiddleElidedText(ElidedText):
    """A program, or a sentence with one. Screen readers get it uncut, as plain text without control signs (S49)."""

    def __init__(self, role: TextRole = "body", parent: QWidget | None = None) -> None:
        super().__init__(role=role, parent=parent)

    def show_words(self, words: str, tooltip: str = "") -> None:
        """Show another text. The tooltip is `tooltip`, or the same text without one."""
        whole = plain(words, LONGEST)
        set_text(self, whole)
        self.setAccessibleName(whole)
        self.setToolTip(in_lines(plain(tooltip, LONGEST) or whole))

    def elided_text(self) -> str:
        """What there is room for now, with "…" in the middle."""
        return self._cut_to_fit(Qt.TextElideMode.ElideMiddle)


def in_lines(text: str) -> str:
    """A long text in lines for a tooltip, which does not wrap by itself and must not read it as markup."""
    starts = range(0, len(text), _TOOLTIP_LINE)
    return "\n".join(text[at : at + _TOOLTIP_LINE] for at in starts).replace("<", "‹")
