"""Shows an address as a QR code, dark on light in both schemes because cameras want it so."""

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from keyrack.ui.theme.metrics import RADIUS_CONTROL
from keyrack.ui.theme.palette import LIGHT
from keyrack.ui.theme.theme import theme
from keyrack.ui.widgets.qr_matrix import Grid, pattern

QUIET = 4
_SIDE = 164
_LEAST_MODULE = 3


class QrView(QWidget):
    """A square picture of one address; nothing of it is in a text, a tooltip or a name."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._address = ""
        self._grid: Grid = []
        self.setAccessibleName(self.tr("QR code of the page, with the code filled in"))

    @property
    def drawn(self) -> bool:
        """Whether there is a picture."""
        return bool(self._grid)

    def show_address(self, address: str) -> None:
        """Draw this address; nothing is drawn for "" and for one too long for a camera."""
        if address == self._address:
            return
        self._address = address
        try:
            self._grid = pattern(address) if address else []
        except ValueError:
            self._grid = []
        count = len(self._grid) + 2 * QUIET
        module = max(_LEAST_MODULE, round(theme().px(_SIDE) / count))
        self.setFixedSize(module * count, module * count)
        self.setVisible(self.drawn)
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """The modules, each a whole number of pixels wide."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(LIGHT.surface)
        painter.drawRoundedRect(QRectF(self.rect()), RADIUS_CONTROL, RADIUS_CONTROL)
        if not self._grid:
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=False)
        module = self.width() // (len(self._grid) + 2 * QUIET)
        for y, row in enumerate(self._grid, QUIET):
            for x, dark in enumerate(row, QUIET):
                if dark:
                    painter.fillRect(x * module, y * module, module, module, LIGHT.text)
