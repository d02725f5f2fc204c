"""Shows an address as a QR code, dark on light in both schemes because cameras want it so."""

import importlib
from typing import Any

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from keyrack.ui.theme.metrics import RADIUS_CONTROL
from keyrack.ui.theme.palette import LIGHT
from keyrack.ui.theme.theme import theme

QUIET = 4
# A code of a higher version has modules too small for a camera at arm's length. Version 20 holds 666 bytes.
LARGEST_VERSION = 20
_SIDE = 152
_LEAST_MODULE = 3


class QrView(QWidget):
    """A square picture of one address. No text, tooltip or accessible name of the widget holds the address."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._address = ""
        self._modules: tuple[bytearray, ...] = ()
        self.setAccessibleName(self.tr("QR code of the page, with the code filled in"))

    @property
    def drawn(self) -> bool:
        """Whether there is a picture."""
        return bool(self._modules)

    def show_address(self, address: str) -> None:
        """Draw this address. Nothing is drawn for "" and for an address too long for a camera."""
        if address == self._address:
            return
        self._address = address
        self._modules = _modules(address)
        count = len(self._modules) + 2 * QUIET
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
        if not self._modules:
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=False)
        module = self.width() // (len(self._modules) + 2 * QUIET)
        for y, row in enumerate(self._modules, QUIET):
            for x, dark in enumerate(row, QUIET):
                if dark:
                    painter.fillRect(x * module, y * module, module, module, LIGHT.text)


def _modules(address: str) -> tuple[bytearray, ...]:
    """The rows of modules, 1 for dark, without the quiet border (ISO/IEC 18004, level M: bears 15 % of damage)."""
    if not address:
        return ()
    library: Any = importlib.import_module("segno")  # few sign-ins show a picture
    try:
        code = library.make_qr(address, error="m", boost_error=False)
    except library.DataOverflowError:
        return ()
    rows: tuple[bytearray, ...] = code.matrix
    return rows if int(code.version) <= LARGEST_VERSION else ()
