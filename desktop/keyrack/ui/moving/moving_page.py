"""The frame of both pages: a title with the way back, and a form that scrolls."""

from PySide6.QtCore import QEvent, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from keyrack.ui.theme.metrics import GAP_L, GAP_M, MARGIN
from keyrack.ui.widgets.buttons import IconButton
from keyrack.ui.widgets.controls import Text
from keyrack.ui.widgets.scroll_page import ScrollPage

_WIDTH = 620


class TallForm(QWidget):
    """A form that keeps room for every line. A scrolling page asks for the least height and ignores wrapping."""

    def event(self, event: QEvent) -> bool:
        """Ask for the height that the width needs."""
        layout = self.layout()
        if event.type() in (QEvent.Type.LayoutRequest, QEvent.Type.Resize) and layout is not None:
            self.setMinimumHeight(layout.totalHeightForWidth(self.width()))
        return super().event(event)

    def first_focus(self) -> QWidget:
        """Where the person goes on."""
        return self

    def leave(self) -> None:
        """End what runs, and drop what was typed."""


class MovingPage(QWidget):
    """One form under a title. `closed` carries the account that was open before, "" for none."""

    closed = Signal(str)
    unfinished = False

    def __init__(self, name: str, title: str, form: TallForm, before: str) -> None:
        super().__init__()
        self._before = before
        self._form = form
        self.leave = form.leave
        self.setProperty("role", "page")
        self.back = IconButton("back", self.tr("Back"))
        self.back.setObjectName(f"{name}_back")
        self.back.clicked.connect(self.close_page)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        head = QHBoxLayout()
        head.setContentsMargins(MARGIN, MARGIN, MARGIN, GAP_L)
        head.setSpacing(GAP_M)
        head.addWidget(self.back)
        head.addWidget(Text(title, "title", wrap=True), 1)
        outer.addLayout(head)
        page = ScrollPage(MARGIN, MARGIN)
        page.add_at_most(_WIDTH, form)
        page.column.addStretch(1)
        outer.addWidget(page, 1)

    def first_focus(self) -> QWidget:
        """Where the person goes on."""
        return self._form.first_focus()

    def close_page(self) -> None:
        """Go back to where the person came from."""
        self.closed.emit(self._before)

    def escape(self) -> bool:
        """Leave the page."""
        self.close_page()
        return True
