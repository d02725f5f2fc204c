"""How an entry of the sidebar tells its state: a time at its right edge, or words below the name."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout

from keyrack.ui.text.state_text import AccountView
from keyrack.ui.widgets.controls import ElidedText, set_text
from keyrack.ui.widgets.state_mark import TimeLeft

_TIME_WIDTH = 40


class StateBeside:
    """A time left, which is short in every language, or words, which beside the name would take its room.

    The time has its place also where it is not shown, so that the marks of all entries stand below each other.
    """

    def __init__(self, row: QHBoxLayout, lines: QVBoxLayout, ground: Callable[[], QColor], told: str) -> None:
        self.time = TimeLeft("caption", _TIME_WIDTH, ground)
        self.words = ElidedText(role="caption")
        row.addWidget(self.time)
        lines.addWidget(self.words)
        for label in (self.time, self.words):
            # Without a name of its own, a label tells of each new text as of a new name: once a second.
            label.setAccessibleName(told)
            label.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    def show(self, view: AccountView) -> None:
        """Tell this state."""
        word = view.word()
        set_text(self.time, word if view.tells_time else "")
        set_text(self.words, "" if view.tells_time else word)
        for label in (self.time, self.words):
            label.set_tone(view.tone)

    def place(self, *, narrow: bool, button: bool) -> None:
        """Show what there is room for beside a name, and nothing in a narrow list. A `button` stands over the time."""
        policy = self.time.sizePolicy()
        policy.setRetainSizeWhenHidden(not narrow)
        self.time.setSizePolicy(policy)
        self.time.setHidden(narrow or button)
        self.words.setHidden(narrow or not self.words.text())
