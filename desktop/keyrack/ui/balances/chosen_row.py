"""The row of a table that the keyboard has come to: its ring, and its place on a page that scrolls too."""

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPen
from PySide6.QtWidgets import QTableView, QWidget

from keyrack.ui.theme.focus_ring import is_by_key
from keyrack.ui.theme.theme import theme
from keyrack.ui.widgets.scroll_page import ScrollPage

_STROKE = 2.0
_RADIUS = 4.0


def paint_ring(table: QTableView) -> None:
    """Draw a ring around the current row while the person uses the keyboard in the table."""
    row = table.currentIndex().row()
    if row < 0 or not is_by_key(table):
        return
    painter = QPainter(table.viewport())
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(theme().palette.accent, _STROKE))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    box = QRectF(0, table.rowViewportPosition(row), table.viewport().width(), table.rowHeight(row))
    painter.drawRoundedRect(box.adjusted(1, 1, -1, -2), _RADIUS, _RADIUS)
    painter.end()


def page_of(table: QTableView) -> ScrollPage | None:
    """The page that the table stands on. None where there is none that scrolls."""
    page: QWidget | None = table.parentWidget()
    while page is not None and not isinstance(page, ScrollPage):
        page = page.parentWidget()
    return page


def show_on_page(table: QTableView) -> None:
    """Scroll the page that the table stands on to the current row. The table itself shows it already."""
    page = page_of(table)
    box = table.visualRect(table.currentIndex())
    content = page.widget() if page is not None else None
    if page is not None and content is not None and box.isValid():
        place = table.viewport().mapTo(content, box.center())
        page.ensureVisible(0, place.y(), 0, box.height())
