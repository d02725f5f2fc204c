"""Where the head of the overview stands: above the page of the accounts, or on it, so that it scrolls away."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget

from keyrack.ui.theme.theme import theme

if TYPE_CHECKING:
    from keyrack.ui.overview.card_grid import CardGrid
    from keyrack.ui.overview.list_titles import ListTitles
    from keyrack.ui.overview.no_hits import NoHits
    from keyrack.ui.overview.overview_head import OverviewHead

# The share of the page from which on it scrolls. Back above, its lines may wrap otherwise, so it comes back later.
_SCROLLS_FROM, _STAYS_BELOW = 0.5, 0.45
# Below this height a page has no room to spare.
_LOW_BELOW = 480


class HeadPlace(QObject):
    """Has `head`, and the `parts` below it, scroll with the accounts where the head takes half of the page.

    They stand in `outer` above `grid`, the only other there, and it looks again where `page` or head is resized.
    """

    def __init__(
        self,
        page: QWidget,
        outer: QVBoxLayout,
        grid: "CardGrid",
        head: "OverviewHead",
        parts: "Sequence[NoHits | ListTitles]",
    ) -> None:
        super().__init__(page)
        self._page, self._outer, self._grid, self._head, self._parts = page, outer, grid, head, (head, *parts)
        self._later = QTimer(self, singleShot=True, interval=0)
        self._later.timeout.connect(self._look)
        page.installEventFilter(self)
        head.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Look at once where the page is another size, and after the layout where the head is."""
        if isinstance(event, QResizeEvent):
            if watched is self._page:
                self._look()
            else:
                self._later.start()
        return False

    def _look(self) -> None:
        head = self._head
        head.instead.give_way(low=self._page.height() < theme().px(_LOW_BELOW))
        QApplication.sendPostedEvents(head, QEvent.Type.LayoutRequest.value)  # or it would be so high once more
        scrolls = self._outer.indexOf(head) < 0
        wanted = head.minimumHeight() > self._page.height() * (_STAYS_BELOW if scrolls else _SCROLLS_FROM)
        if wanted != scrolls:
            self._place(on_page=wanted)

    def _place(self, *, on_page: bool) -> None:
        focus, head = QApplication.focusWidget(), self._head
        within = focus is not None and head.isAncestorOf(focus)
        column = self._grid.column if on_page else self._outer
        for part in reversed(self._parts):
            column.insertWidget(0, part)
            part.stand_on_page(on_page=on_page)
        self._grid.measure()
        if focus is not None and within:
            focus.setFocus(Qt.FocusReason.OtherFocusReason)
