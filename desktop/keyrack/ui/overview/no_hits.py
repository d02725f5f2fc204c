"""What stands in place of the cards when none is left to show."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from keyrack.ui.theme.metrics import GAP_M, MARGIN
from keyrack.ui.widgets.buttons import PlainButton
from keyrack.ui.widgets.controls import Text, set_text


class NoHits(QWidget):
    """A sentence, and one button that shows all accounts again."""

    clear_pressed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.sentence = Text(role="second", wrap=True)
        self.sentence.setObjectName("no_hits")
        self.clear = PlainButton(self.tr("Clear"))
        self.clear.setObjectName("clear_find")
        self.clear.clicked.connect(self.clear_pressed)
        column = self._column = QVBoxLayout(self)
        column.setContentsMargins(MARGIN, GAP_M, MARGIN, 0)
        column.setSpacing(GAP_M)
        column.addWidget(self.sentence)
        column.addWidget(self.clear, 0, Qt.AlignmentFlag.AlignLeft)

    def stand_on_page(self, *, on_page: bool) -> None:
        """Leave the margins at both sides to the page that it scrolls with, or keep them."""
        side = 0 if on_page else int(MARGIN)
        self._column.setContentsMargins(side, GAP_M, side, 0)

    def show_words(self, text: str, *, needing: bool) -> None:
        """Say what was looked for."""
        if text and needing:
            words = self.tr("No account that needs you matches “{text}”.").format(text=text)
        elif text:
            words = self.tr("No account matches “{text}”.").format(text=text)
        else:
            words = self.tr("No account needs you now.")
        set_text(self.sentence, words)
        self.clear.setText(self.tr("Clear") if text else self.tr("Show all"))
