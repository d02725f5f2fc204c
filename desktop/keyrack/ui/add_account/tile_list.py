"""Tiles to choose from, of which those that have closed are kept apart."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, QPoint, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from keyrack.ui.theme.metrics import GAP_M
from keyrack.ui.theme.theme import theme
from keyrack.ui.widgets.buttons import LinkButton
from keyrack.ui.widgets.flow_layout import FlowLayout
from keyrack.ui.widgets.tile import Tile

_TILE_WIDTH = 240
# Whether a key goes along the row, and which way.
_STEPS = {
    Qt.Key.Key_Left: (True, -1),
    Qt.Key.Key_Right: (True, 1),
    Qt.Key.Key_Up: (False, -1),
    Qt.Key.Key_Down: (False, 1),
}


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
        for stop in (*tiles, self.show_closed, *closed):
            stop.installEventFilter(self)  # a button of Qt takes the arrows as Tab for itself

    def event(self, event: QEvent) -> bool:
        """Keep room for every line. A scrolling page asks for the least height and ignores that texts wrap."""
        layout = self.layout()
        if event.type() in (QEvent.Type.LayoutRequest, QEvent.Type.Resize) and layout is not None:
            self.setMinimumHeight(layout.totalHeightForWidth(self.width()))
        return super().event(event)

    def eventFilter(self, stop: QObject, event: QEvent) -> bool:
        """Go by an arrow to the tile that stands there, or stay where none does."""
        if not isinstance(event, QKeyEvent) or event.type() != QEvent.Type.KeyPress:
            return False
        key, held = event.key(), event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if held or not isinstance(stop, QWidget) or key not in _STEPS:
            return False
        along, by = _STEPS[Qt.Key(key)]
        to = self._beside(stop, by) if along else self._above_or_below(stop, by)
        if to is not None:
            to.setFocus(Qt.FocusReason.TabFocusReason)
        return True

    def _stops(self) -> list[QWidget]:
        return [stop for stop in (*self._tiles, self.show_closed, *self._closed) if stop.isVisibleTo(self)]

    def _beside(self, stop: QWidget, by: int) -> QWidget | None:
        stops = self._stops()
        to = stops.index(stop) + by
        return stops[to] if 0 <= to < len(stops) else None

    def _above_or_below(self, stop: QWidget, by: int) -> QWidget | None:
        """The one of the same column in the next row, or the nearest where that row is shorter."""
        places = {each: each.mapTo(self, QPoint()) for each in self._stops()}
        rows, here = sorted({place.y() for place in places.values()}), places[stop]
        to = rows.index(here.y()) + by
        row = [each for each, place in places.items() if 0 <= to < len(rows) and place.y() == rows[to]]
        return min(row, key=lambda each: abs(places[each].x() - here.x()), default=None)

    def first_focus(self) -> QWidget:
        """The first one that is open."""
        return (*self._tiles, *self._closed)[0]


def _flow(tiles: Sequence[Tile]) -> QWidget:
    holder = QWidget()
    flow = FlowLayout(holder, gap=GAP_M, least=theme().px(_TILE_WIDTH))
    for tile in tiles:
        flow.addWidget(tile)
    return holder
