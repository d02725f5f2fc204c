"""The window: painted at once, filled when the rack is there."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QEventLoop, QSize, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QHideEvent, QPaintEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QMainWindow, QVBoxLayout, QWidget

from keyrack.ui.theme.icons import product_icon
from keyrack.ui.theme.metrics import GAP_L, GAP_S, SIDEBAR
from keyrack.ui.theme.theme import theme
from keyrack.ui.window.brand import Brand

if TYPE_CHECKING:
    from keyrack.ui.window.contents import Contents

DEFAULT = (1000, 680)
LEAST = (640, 420)
NARROW_BELOW = 800
_PAINT_MS = 1000


class MainWindow(QMainWindow):
    """An empty frame until `fill`; closing it hides it only where a tray icon is really visible."""

    quit_asked = Signal()
    painted = Signal()

    def __init__(self, *, sandbox: bool = False) -> None:
        super().__init__()
        self.contents: Contents | None = None
        self._tray_visible: Callable[[], bool] = lambda: False
        self._said_no_tray = False
        self.setWindowTitle(self.tr("Keyrack – Sandbox") if sandbox else "Keyrack")
        self.setWindowIcon(product_icon())
        self.setMinimumSize(QSize(*LEAST))
        self.resize(QSize(*DEFAULT))
        self.setCentralWidget(_bare(sandbox=sandbox))

    def fill(self, contents: "Contents", tray_visible: Callable[[], bool]) -> None:
        """Show the rack; `tray_visible` tells at each closing whether the window may hide."""
        self.contents = contents
        self._tray_visible = tray_visible
        contents.quit_asked.connect(self.quit_asked)
        self.setCentralWidget(contents)
        contents.follow(self)
        self._fit()
        self._tell_seen()

    def paint_first(self) -> None:
        """Show it, and return when something was painted, at the latest after a second."""
        waiting = QEventLoop()
        self.painted.connect(waiting.quit)
        QTimer.singleShot(_PAINT_MS, waiting.quit)
        self.show()
        waiting.exec()

    def come_forward(self) -> None:
        """Come to the front, from the tray, the task bar or a second start."""
        if self.isMinimized():
            self.showNormal()
        self.show()
        self.raise_()
        self.activateWindow()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Tell that it is painted."""
        super().paintEvent(event)
        self.painted.emit()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Hide if the tray is really there, else minimise and say so once."""
        event.ignore()
        if self._tray_visible():
            self.hide()
            return
        self.showMinimized()
        if self.contents is not None and not self._said_no_tray:
            self._said_no_tray = True
            text = self.tr("There is no tray here, so Keyrack goes on in the task bar. Press Ctrl+Q to quit.")
            self.contents.tell("accent", text)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Make room for the page when the window is narrow."""
        super().resizeEvent(event)
        self._fit()

    def showEvent(self, event: QShowEvent) -> None:
        """Figures are polled faster while somebody can see them."""
        super().showEvent(event)
        self._tell_seen()

    def hideEvent(self, event: QHideEvent) -> None:
        """Nobody sees them."""
        super().hideEvent(event)
        self._tell_seen()

    def changeEvent(self, event: QEvent) -> None:
        """Minimised is hidden."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.WindowStateChange:
            self._tell_seen()

    def _fit(self) -> None:
        if self.contents is not None:
            self.contents.sidebar.set_narrow(self.width() < theme().px(NARROW_BELOW))

    def _tell_seen(self) -> None:
        if self.contents is not None:
            self.contents.rack.show(visible=self.isVisible() and not self.isMinimized())


def _bare(*, sandbox: bool) -> QWidget:
    """What stands there until the rack is read: the sidebar's ground with the product's name."""
    middle = QWidget()
    middle.setProperty("role", "page")
    row = QHBoxLayout(middle)
    row.setContentsMargins(0, 0, 0, 0)
    bar = QFrame()
    bar.setProperty("role", "sidebar")
    bar.setFixedWidth(theme().px(SIDEBAR))
    column = QVBoxLayout(bar)
    column.setContentsMargins(GAP_S, GAP_L, GAP_S, GAP_S)
    column.addWidget(Brand(sandbox=sandbox))
    column.addStretch(1)
    row.addWidget(bar)
    row.addStretch(1)
    return middle
