"""Shows the content of a provider file: one line per fact, addresses in full and selectable."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QGridLayout, QWidget

from keyrack.providers.files.summary import Topic, summary
from keyrack.ui.theme.metrics import GAP_XL, GRID
from keyrack.ui.widgets.controls import Text

if TYPE_CHECKING:
    from keyrack.providers.files.user_file import UserFile

translate = QCoreApplication.translate


class ProviderFacts(QWidget):
    """Names at the left, values at the right."""

    def __init__(self) -> None:
        super().__init__()
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(GAP_XL)
        self._grid.setVerticalSpacing(GRID)
        self._grid.setColumnStretch(1, 1)

    def show_file(self, file: "UserFile") -> None:
        """Show another file."""
        while (item := self._grid.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.setParent(None)
                widget.deleteLater()
        previous = ""
        for row, (topic, text) in enumerate(summary(file)):
            value = Text(text, wrap=True)
            value.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            name = Text("" if topic == previous else _named(topic), "second")
            self._grid.addWidget(name, row, 0, Qt.AlignmentFlag.AlignTop)
            self._grid.addWidget(value, row, 1, Qt.AlignmentFlag.AlignTop)
            previous = topic


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
