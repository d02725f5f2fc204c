"""A warning in one place: what follows for the person, and the reasons on request."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QVBoxLayout

from keyrack.ui.theme.icons import Icon
from keyrack.ui.theme.metrics import GAP_M, GAP_S, GRID
from keyrack.ui.widgets.buttons import LinkButton
from keyrack.ui.widgets.controls import Text, set_property, set_text
from keyrack.ui.widgets.flow_layout import TurningRow

_SENTENCE = 180


def split_warning(text: str) -> tuple[str, str]:
    """A provider file's warning: its first sentence is what follows, the others are the reasons."""
    consequence, stop, reasons = text.partition(". ")
    return consequence + stop.strip(), reasons


class Callout(QFrame):
    """An icon, the consequence, and behind "Why" the rest. It is hidden while it has nothing to say.

    `name` is the object name of the consequence.
    """

    def __init__(self, text: str = "", rest: str = "", *, name: str = "") -> None:
        super().__init__()
        self.setProperty("role", "banner")
        self.setProperty("kind", "soon")
        self.consequence = Text(wrap=True)
        self.consequence.setObjectName(name)
        self.why = LinkButton(self.tr("Why"))
        self.why.setCheckable(True)
        self.reasons = Text(role="second", wrap=True)
        self.why.toggled.connect(self.reasons.setVisible)
        row = TurningRow(_SENTENCE, self, of_first=True)
        row.setContentsMargins(GAP_M, GAP_S, GAP_M, GAP_S)
        row.setSpacing(GAP_M)
        said = QHBoxLayout()
        said.setSpacing(GAP_M)
        sign = QLabel()
        Icon("alert", "soon").put_on(sign)
        column = QVBoxLayout()
        column.setSpacing(GRID)
        column.addWidget(self.consequence)
        column.addWidget(self.reasons)
        said.addWidget(sign, 0, Qt.AlignmentFlag.AlignTop)
        said.addLayout(column, 1)
        row.addLayout(said, 1)
        row.addWidget(self.why, 0, Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignRight)
        set_property(self.why, "inline", value=True)
        self._write(text, rest)
        if not text:
            self.hide()

    def say(self, text: str, rest: str = "") -> None:
        """Say what follows, and the reasons. It must stand in a page by then."""
        self._write(text, rest)
        self.setVisible(bool(text))

    def fold(self) -> None:
        """Hide the reasons again."""
        self.why.setChecked(False)

    def _write(self, text: str, rest: str) -> None:
        set_text(self.consequence, text)
        set_text(self.reasons, rest)
        self.why.setVisible(bool(rest))
        self.reasons.setVisible(bool(rest) and self.why.isChecked())
