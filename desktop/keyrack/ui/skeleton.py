"""Grey lines where text will be."""

from PySide6.QtCore import QRectF, QSize, Qt, QTimer
from PySide6.QtGui import QHideEvent, QPainter, QPaintEvent, QShowEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from keyrack.ui.theme import GAP_L, GRID, theme

SHOWN_AFTER_MS = 300

_LINE = 10
_SHARES = (0.62, 0.86, 0.48)
_NARROWEST = 120


class Skeleton(QWidget):
    """Lines that come after 300 ms, so that what is quick never flickers."""

    def __init__(self, lines: int = 3, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._lines = lines
        self._delay = QTimer(self)
        self._delay.setSingleShot(True)
        self._delay.setInterval(SHOWN_AFTER_MS)
        self._delay.timeout.connect(self._appear)
        self.drawn = False
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(self.tr("Loading"))
        theme().changed.connect(self.update)

    def sizeHint(self) -> QSize:
        """As high as its lines."""
        return QSize(theme().px(_NARROWEST), theme().px(self._lines * (_LINE + GAP_L) - GAP_L))

    def showEvent(self, event: QShowEvent) -> None:
        """Wait before appearing."""
        super().showEvent(event)
        self.drawn = False
        self._delay.start()

    def hideEvent(self, event: QHideEvent) -> None:
        """Do not appear behind what came in the meantime."""
        self._delay.stop()
        super().hideEvent(event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """The lines, each of another length."""
        if not self.drawn:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme().palette.line)
        height, step = theme().px(_LINE), theme().px(_LINE + GAP_L)
        for line in range(self._lines):
            width = self.width() * _SHARES[line % len(_SHARES)]
            painter.drawRoundedRect(QRectF(0, line * step, width, height), GRID, GRID)

    def _appear(self) -> None:
        self.drawn = True
        self.update()
