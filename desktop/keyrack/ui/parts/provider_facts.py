"""Shows the content of a provider file: one line per fact, addresses in full and selectable."""

from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from keyrack.providers.files.summary import Topic, summary
from keyrack.ui.theme.metrics import GAP_XL, GRID
from keyrack.ui.widgets.controls import Text, delete_later
from keyrack.ui.widgets.flow_layout import TurningRow

if TYPE_CHECKING:
    from keyrack.providers.files.user_file import UserFile

translate = QCoreApplication.translate

_TURNS_BELOW = 240


class ProviderFacts(QWidget):
    """Names at the left, values at the right. Where large text leaves no room, each name stands above its values."""

    def __init__(self) -> None:
        super().__init__()
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(GRID)
        self._lines: list[QWidget] = []

    def show_file(self, file: "UserFile") -> None:
        """Show another file."""
        for line in self._lines:
            self._column.removeWidget(line)
            delete_later(line)
        topics = groupby(summary(file), key=itemgetter(0))
        values = {topic: [text for _, text in facts] for topic, facts in topics}
        names = {topic: Text(_named(topic), "second") for topic in values}
        self._lines = [self._line(names[topic], texts) for topic, texts in values.items()]
        for line in self._lines:
            self._column.addWidget(line)
        widest = max(_wanted(name) for name in names.values())
        for name in names.values():
            name.setFixedWidth(widest)

    def _line(self, name: Text, texts: list[str]) -> QWidget:
        line = QWidget()
        row, values = TurningRow(_TURNS_BELOW, line), QVBoxLayout()
        row.setSpacing(GRID)
        values.setSpacing(GRID)
        name.setContentsMargins(0, 0, GAP_XL, 0)
        row.addWidget(name, 0, Qt.AlignmentFlag.AlignTop)
        for text in texts:
            value = Text(text, wrap=True)
            value.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            values.addWidget(value)
        row.addLayout(values, 1)
        return line


def _wanted(name: Text) -> int:
    name.ensurePolished()
    return name.sizeHint().width()


def _named(topic: Topic) -> str:
    return {
        "Name": translate("Provider", "Name"),
        "End": translate("Provider", "End"),
        "Site": translate("Provider", "Site"),
        "Addresses": translate("Provider", "Addresses"),
        "Metadata": translate("Provider", "Metadata"),
        "Sign-in": translate("Provider", "Sign-in"),
        "Rights": translate("Provider", "Rights"),
        "Renewal": translate("Provider", "Renewal"),
        "Figures": translate("Provider", "Figures"),
        "Sign-out": translate("Provider", "Sign-out"),
        "Certificates": translate("Provider", "Certificates"),
    }[topic]
