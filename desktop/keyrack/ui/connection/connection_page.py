"""The page that holds the form on how Keyrack connects."""

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from keyrack.ui.connection.connection_form import ConnectionForm
from keyrack.ui.widgets.buttons import IconButton
from keyrack.ui.widgets.controls import Text
from keyrack.ui.widgets.scroll_page import ReadingPage

if TYPE_CHECKING:
    from keyrack.ui.actions.actions import Actions

_WIDTH = 620


class ConnectionPage(ReadingPage):
    """The form under a title. `closed` carries the account that was open before, "" for none."""

    closed = Signal(str)

    def __init__(self, actions: "Actions", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.before = ""
        self.back = IconButton("back", self.tr("Back"))
        self.back.setObjectName("connection_back")
        self.back.clicked.connect(self.close_page)
        self.form = ConnectionForm(actions)
        self.leave = self.form.leave
        self.head.addWidget(self.back)
        self.title = Text(self.tr("How Keyrack connects"), "title", wrap=True)
        self.head.addWidget(self.title, 1)
        self.page.add_at_most(_WIDTH, self.form)
        self.page.column.addStretch(1)

    def first_focus(self) -> QWidget:
        """The way that is chosen."""
        return self.form.first_focus()

    @property
    def unfinished(self) -> bool:
        """Whether the form holds something entered that is to survive leaving and coming back."""
        return self.form.unfinished

    def close_page(self) -> None:
        """Go back to where the person came from."""
        self.closed.emit(self.before)

    def escape(self) -> bool:
        """Leave the page."""
        self.close_page()
        return True
