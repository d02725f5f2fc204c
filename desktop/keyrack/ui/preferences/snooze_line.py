"""The line that keeps all notices back for a while."""

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QVBoxLayout, QWidget

from keyrack.ui.integration.snooze import MINUTES, end_text, length_text
from keyrack.ui.theme.metrics import GAP_S
from keyrack.ui.widgets.buttons import PlainButton
from keyrack.ui.widgets.controls import Text, set_text
from keyrack.ui.widgets.flow_layout import FlowLayout

if TYPE_CHECKING:
    from keyrack.ui.integration.snooze import Snooze


class SnoozeLine(QWidget):
    """A sentence that says until when, and a button for each time."""

    def __init__(self, snooze: "Snooze") -> None:
        super().__init__()
        self._snooze = snooze
        self.sentence = Text(wrap=True)
        self.sentence.setObjectName("snooze_state")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GAP_S)
        column.addWidget(self.sentence)
        buttons = QWidget()
        flow = FlowLayout(buttons)
        for minutes in MINUTES:
            flow.addWidget(self._button(f"snooze:{minutes}", length_text(minutes), partial(snooze.begin, minutes)))
        self.end = self._button("snooze_end", end_text(), snooze.end)
        flow.addWidget(self.end)
        column.addWidget(buttons)
        snooze.changed.connect(self.refresh)
        self.refresh()

    def _button(self, name: str, text: str, pressed: object) -> PlainButton:
        button = PlainButton(text)
        button.setObjectName(name)
        button.setAccessibleName(self.tr("Keep all notices back: {time}").format(time=text))
        button.clicked.connect(pressed)
        return button

    def refresh(self) -> None:
        """Show how it stands."""
        until = self._snooze.until
        back = self.tr("All notices are kept back until {time}. What waits then is told.").format(time=until)
        set_text(self.sentence, back if until else self.tr("Keep all notices back for a while."))
        self.end.setVisible(bool(until))

    def matches(self, words: str) -> bool:
        """Whether its sentence has these words."""
        return words.casefold() in self.sentence.text().casefold()
