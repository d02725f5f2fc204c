"""A line of the page with a button, for what has a page or a form of its own."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from keyrack.ui.theme.metrics import GAP_L, GRID
from keyrack.ui.widgets.buttons import PlainButton
from keyrack.ui.widgets.controls import Text, set_text
from keyrack.ui.widgets.flow_layout import TurningRow

TURNS_BELOW = 420


class ActionLine(QWidget):
    """A sentence, a small one below it, and the button. `name` is the button's object name."""

    pressed = Signal()

    def __init__(self, name: str, sentence: str, button: str, below: str = "") -> None:
        super().__init__()
        self.sentence = sentence
        self.below = Text(below, "caption", wrap=True)
        self.below.setVisible(bool(below))
        self.button = PlainButton(button)
        self.button.setObjectName(name)
        self.button.setAccessibleDescription(sentence)
        self.button.clicked.connect(self.pressed)
        row = TurningRow(TURNS_BELOW, self)
        row.setSpacing(GAP_L)
        self.words = QVBoxLayout()
        self.words.setSpacing(GRID)
        self.words.addWidget(Text(sentence, wrap=True))
        self.words.addWidget(self.below)
        row.addLayout(self.words, 1)
        row.addWidget(self.button, 0, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)

    def say_below(self, text: str) -> None:
        """Another small sentence, "" for none."""
        set_text(self.below, text)
        self.below.setVisible(bool(text))

    def matches(self, words: str) -> bool:
        """Whether what it says has these words."""
        return words.casefold() in f"{self.sentence} {self.button.text()} {self.below.text()}".casefold()
