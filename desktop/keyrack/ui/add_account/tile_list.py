"""Tiles to choose from, of which those that have closed are kept apart."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from keyrack.ui.theme.metrics import GAP_M
from keyrack.ui.theme.theme import theme
from keyrack.ui.widgets.buttons import LinkButton
from keyrack.ui.widgets.flow_layout import FlowLayout
from keyrack.ui.widgets.tile import Tile

_TILE_WIDTH = 240


class TileList(QWidget):
    """The open ones, then a button that shows the closed ones below it. Without an open one all are shown."""

    def __init__(self, tiles: Sequence[Tile], closed: Sequence[Tile] = ()) -> None:
        super().__init__()
        self._tiles = tiles
        self._closed = closed
        self.show_closed = LinkButton(self.tr("Show closed ({count})").format(count=len(closed)))
        self.show_closed.setObjectName("show_closed")
        self.show_closed.setCheckable(True)
        self._below = _flow(closed)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GAP_M)
        column.addWidget(_flow(tiles))
        column.addWidget(self.show_closed, 0, Qt.AlignmentFlag.AlignLeft)
        column.addWidget(self._below)
        self.show_closed.setVisible(bool(tiles and closed))
        self._below.setVisible(bool(closed) and not tiles)
        self.show_closed.toggled.connect(self._below.setVisible)

    def event(self, event: QEvent) -> bool:
        """Keep room for every line. A scrolling page asks for the least height and ignores that texts wrap."""
        layout = self.layout()
        if event.type() in (QEvent.Type.LayoutRequest, QEvent.Type.Resize) and layout is not None:
            self.setMinimumHeight(layout.totalHeightForWidth(self.width()))
        return super().event(event)

    def first_focus(self) -> QWidget:
        """The first one that is open."""
        return (*self._tiles, *self._closed)[0]


def _flow(tiles: Sequence[Tile]) -> QWidget:
    holder = QWidget()
    flow = FlowLayout(holder, gap=GAP_M, least=theme().px(_TILE_WIDTH))
    for tile in tiles:
        flow.addWidget(tile)
    return holder
