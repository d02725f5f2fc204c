"""The card of one step of a sign-in: a picture, what happens, the time left, and what the person can do."""

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from keyrack.core.status import format_left
from keyrack.ui.text.spoken_text import spoken_time
from keyrack.ui.theme.metrics import GAP_L, GRID
from keyrack.ui.widgets.controls import Card, Text, set_counting_text
from keyrack.ui.widgets.flow_layout import TurningRow

if TYPE_CHECKING:
    from keyrack.ui.text.state_text import AccountView


_TURNS_BELOW = 300


class StepCard(Card):
    """`beside` stands at the left, or above where the card is narrower than `turns_below`, a designed length.

    Widgets of a single step are added to `column`.
    """

    def __init__(self, beside: QWidget, parent: QWidget | None = None, *, turns_below: int = _TURNS_BELOW) -> None:
        super().__init__(parent)
        self.headline = Text(role="strong", wrap=True)
        self.left = Text(role="second")
        self.sentence = Text(role="body", wrap=True)
        row = TurningRow(turns_below)
        row.setSpacing(GAP_L)
        row.addWidget(beside, 0, Qt.AlignmentFlag.AlignTop)
        self.column = QVBoxLayout()
        self.column.setSpacing(GRID)
        head = QHBoxLayout()
        head.addWidget(self.headline, 1)
        head.addWidget(self.left)
        self.column.addLayout(head)
        self.column.addWidget(self.sentence)
        row.addLayout(self.column, 1)
        self.body.addLayout(row)

    def tick(self, view: "AccountView") -> None:
        """Show the time that is left."""
        left = view.status.left
        words = "" if left is None else self.tr("{time} left")
        told = words.format(time=spoken_time(left or 0.0))
        set_counting_text(self.left, words.format(time=format_left(left)), told)
