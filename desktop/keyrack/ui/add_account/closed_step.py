"""What stands in the place of the credentials form of a site that has closed."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from keyrack.ui.widgets.buttons import PrimaryButton
from keyrack.ui.widgets.controls import Card, Text
from keyrack.ui.widgets.flow_layout import button_row


class ClosedStep(Card):
    """One sentence, and the way back to the others. `left` is emitted by its button."""

    left = Signal()

    def __init__(self, name: str) -> None:
        super().__init__()
        text = self.tr("{name} has closed: nobody can sign in there any more, so there are no credentials to enter.")
        self.sentence = Text(text.format(name=name), wrap=True)
        self.sentence.setObjectName("closed_site")
        self.body.addWidget(self.sentence)
        self.others = PrimaryButton(self.tr("Choose another"))
        self.others.setObjectName("choose_another")
        self.others.clicked.connect(self.left)
        self.body.addLayout(button_row(self.others))

    def first_focus(self) -> QWidget:
        """The only button."""
        return self.others
