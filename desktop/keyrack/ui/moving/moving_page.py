"""The frame of a page with one form: a title with the way back, and the form, which scrolls."""

from PySide6.QtCore import QEvent, Signal
from PySide6.QtWidgets import QWidget

from keyrack.ui.widgets.buttons import IconButton
from keyrack.ui.widgets.controls import Text
from keyrack.ui.widgets.scroll_page import ReadingPage

_WIDTH = 620


class TallForm(QWidget):
    """A form that keeps room for every line. A scrolling page asks for the least height and ignores wrapping."""

    def event(self, event: QEvent) -> bool:
        """Ask for the height that the width needs."""
        layout = self.layout()
        if event.type() in (QEvent.Type.LayoutRequest, QEvent.Type.Resize) and layout is not None:
            self.setMinimumHeight(max(0, layout.totalHeightForWidth(self.width())))
        return super().event(event)

    def first_focus(self) -> QWidget:
        """Where the person goes on."""
        return self

    def escape(self) -> bool:
        """Leave what is open in the form. Returns whether there was anything."""
        return False

    def leave(self) -> None:
        """End what runs, and drop what was typed."""


class MovingPage(ReadingPage):
    """One form under a title. `closed` carries the account that was open before, "" for none."""

    closed = Signal(str)
    unfinished = False

    def __init__(self, name: str, title: str, form: TallForm, before: str) -> None:
        super().__init__()
        self._before = before
        self._form = form
        self.leave = form.leave
        self.back = IconButton("back", self.tr("Back"))
        self.back.setObjectName(f"{name}_back")
        self.back.clicked.connect(self.close_page)
        self.head.addWidget(self.back)
        self.head.addWidget(Text(title, "title", wrap=True), 1)
        self.page.add_at_most(_WIDTH, form)
        self.page.column.addStretch(1)

    def first_focus(self) -> QWidget:
        """Where the person goes on."""
        return self._form.first_focus()

    def close_page(self) -> None:
        """Go back to where the person came from."""
        self.closed.emit(self._before)

    def escape(self) -> bool:
        """Leave what is open in the form, else the page."""
        if not self._form.escape():
            self.close_page()
        return True
