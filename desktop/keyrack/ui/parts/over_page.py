"""What all pages have in common that lie over the page that was open, which they lead back to."""

from functools import partial
from typing import Literal

from PySide6.QtCore import QCoreApplication, Signal
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QVBoxLayout, QWidget

from keyrack.ui.screen_reader.accessible_face import Role, spoken_as
from keyrack.ui.theme.metrics import GAP_M, GRID, MARGIN
from keyrack.ui.widgets.buttons import IconButton, QuietButton
from keyrack.ui.widgets.controls import Text
from keyrack.ui.widgets.flow_layout import FlowLayout
from keyrack.ui.widgets.scroll_page import HeadedPage, ScrollPage

Over = Literal["keys", "help", "activity", "log", "diagnostics"]

translate = QCoreApplication.translate


def over_names() -> dict[Over, str]:
    """What the buttons that lead to these pages say."""
    return {
        "help": translate("OverPage", "Help"),
        "keys": translate("OverPage", "All keys"),
        "activity": translate("OverPage", "Activity"),
        "log": translate("OverPage", "Log"),
        "diagnostics": translate("OverPage", "Diagnostics"),
    }


@spoken_as(Role.PageTab)
class _Place(QuietButton):
    """The button of one of these pages."""


@spoken_as(Role.PageTabList)
class _Places(QWidget):
    """The row of these buttons."""


class OverPage(HeadedPage):
    """A page under a head with the way back and a button for each of these pages.

    `closed` is emitted when the person leaves it. `moved` carries another of these pages, and `opened` an account that
    is to be opened. Add to `content`, which scrolls where a low window has no room for all of it.
    """

    closed = Signal()
    moved = Signal(str)
    opened = Signal(str)

    def __init__(self, which: Over, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.which = which
        self.setProperty("role", "page")
        self.back = IconButton("back", self.tr("Back (Esc)"))
        self.back.setObjectName(f"{which}_back")
        self.back.clicked.connect(self.closed)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        self._head = QHBoxLayout()
        self._head.setContentsMargins(MARGIN, MARGIN, MARGIN, GAP_M)
        self._head.setSpacing(GAP_M)
        self._head.addWidget(self.back)
        self._head.addWidget(Text(title, "title", wrap=True), 1)
        column.addLayout(self._head)
        self.page = ScrollPage(MARGIN, MARGIN)
        self.content = self.page.column
        self.content.setSpacing(GAP_M)
        self.content.addWidget(self._places(which))
        column.addWidget(self.page, 1)

    def _places(self, here: Over) -> QWidget:
        """The buttons of all these pages in a row, of which that of this page is pressed."""
        places = _Places()
        flow = FlowLayout(places, gap=GRID)
        group = QButtonGroup(places)
        for which, name in over_names().items():
            button = _Place(name)
            button.setObjectName(f"over_{which}")
            button.setCheckable(True)
            button.setChecked(which == here)
            group.addButton(button)
            button.clicked.connect(partial(self._go, which))
            flow.addWidget(button)
        return places

    def _go(self, which: Over) -> None:
        if which != self.which:
            self.moved.emit(which)

    def set_side(self, side: int) -> None:
        """Keep another margin at both sides."""
        self._head.setContentsMargins(side, MARGIN, side, GAP_M)
        self.page.set_margin(side)

    def escape(self) -> bool:
        """Leave the page."""
        self.closed.emit()
        return True
