"""The three ways in which Keyrack may connect, one of them chosen."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QButtonGroup, QVBoxLayout, QWidget

from keyrack.net.proxy.proxies import NONE, SYSTEM
from keyrack.ui.theme.metrics import GAP_S
from keyrack.ui.widgets.buttons import RadioButton
from keyrack.ui.widgets.controls import Text, set_text

OWN = "own"


class WayChoice(QWidget):
    """Three radio buttons, and below the second what the system's settings say now. `changed` tells of a press."""

    changed = Signal()

    def __init__(self, chosen: str) -> None:
        super().__init__()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GAP_S)
        self.system = Text(role="caption", wrap=True)
        self.system.setObjectName("connection_system")
        self.system.hide()
        self._group = QButtonGroup(self)
        self._ways = {NONE: RadioButton(self.tr("Directly, without a proxy"))}
        self._ways[SYSTEM] = RadioButton(self.tr("As the system's settings say"))
        self._ways[OWN] = RadioButton(self.tr("Through an HTTP proxy of yours"))
        for name, way in self._ways.items():
            way.setObjectName(f"connection:{name}")
            way.setChecked(name == chosen)
            way.clicked.connect(self.changed)
            self._group.addButton(way)
            column.addWidget(way)
            if name == SYSTEM:
                column.addWidget(self.system)

    def show_system(self, text: str) -> None:
        """Say what the system's settings are now. Before that is known there is no empty line."""
        set_text(self.system, text)
        self.system.setVisible(bool(text))

    @property
    def chosen(self) -> str:
        """The name of the way: "none", "system" or "own"."""
        return next(name for name, way in self._ways.items() if way.isChecked())

    def first_focus(self) -> QWidget:
        """The way that is chosen."""
        return self._ways[self.chosen]
