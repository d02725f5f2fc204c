"""A page over the others whose cards stand in two columns where they fit."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QVBoxLayout, QWidget

from keyrack.ui.parts.over_page import Over, OverPage
from keyrack.ui.theme.metrics import GAP_L, MARGIN, PAGE_MOST
from keyrack.ui.theme.theme import theme

_TWO_COLUMNS_FROM = 700


class CardsPage(OverPage):
    """Call `hold` once with the cards of each column. The page itself has the focus, so that the arrows scroll it."""

    def __init__(self, which: Over, title: str, parent: QWidget | None = None) -> None:
        super().__init__(which, title, parent)
        self.page.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.page.setAccessibleName(title)
        self._columns = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._columns.setSpacing(GAP_L)

    def hold(self, columns: Sequence[Sequence[QWidget]]) -> None:
        """Add the cards."""
        for cards in columns:
            column = QVBoxLayout()
            column.setSpacing(GAP_L)
            for card in cards:
                column.addWidget(card)
            column.addStretch(1)
            self._columns.addLayout(column, 1)
        self.content.addLayout(self._columns)
        self.content.addStretch(1)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Set the columns beside or below each other, in the middle of a very wide window."""
        super().resizeEvent(event)
        side = max(int(MARGIN), (self.width() - theme().px(PAGE_MOST)) // 2)
        self.set_side(side)
        wide = self.width() >= theme().px(_TWO_COLUMNS_FROM)
        self._columns.setDirection(QBoxLayout.Direction.LeftToRight if wide else QBoxLayout.Direction.TopToBottom)

    def first_focus(self) -> QWidget:
        """The page itself."""
        return self.page
