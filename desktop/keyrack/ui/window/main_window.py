"""The main window: painted at once, filled when the rack is loaded."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QEventLoop, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QHideEvent, QPaintEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QMainWindow

from keyrack.ui.integration.window_place import WindowPlace
from keyrack.ui.theme.metrics import SCALE

if TYPE_CHECKING:
    from keyrack.ui.window.contents import Contents
    from keyrack.ui.window.notice_bar import Choice

DEFAULT = (1000, 680)
LEAST = (640, 420)
NARROW_BELOW = 800
_NARROW_BELOW_AT_LARGE_TEXT = 680
_PAINT_MS = 1000


class MainWindow(QMainWindow):
    """An empty frame until `fill`. Closing it hides it only where a tray icon is really visible.

    `place` remembers its size, place and page. Without one it has the usual size.
    """

    quit_asked = Signal()
    painted = Signal()

    def __init__(self, *, sandbox: bool = False, place: WindowPlace | None = None) -> None:
        super().__init__()
        self.contents: Contents | None = None
        self._place = place or WindowPlace()
        self._tray_visible: Callable[[], bool] = lambda: False
        self._no_tray_notice_shown = False
        self._starts_hidden = False
        self.setWindowTitle(self.tr("Keyrack – Sandbox") if sandbox else "Keyrack")
        self._place.put(self, DEFAULT, LEAST)

    def fill(self, contents: "Contents", tray_visible: Callable[[], bool]) -> None:
        """Show the rack. At each closing, `tray_visible` returns whether the window may hide.

        The first contents open the page at which Keyrack was closed. Those that follow go on from others.
        """
        page = self._place.page if self.contents is None else ""
        self.contents = contents
        self.setWindowTitle(self.tr("Keyrack – Sandbox") if contents.rack.sandbox else "Keyrack")
        self._tray_visible = tray_visible
        contents.quit_asked.connect(self.quit_asked)
        self.setCentralWidget(contents)
        contents.start_ticking(self)
        contents.return_to(page)
        self._fit_sidebar()
        contents.focus.begin()
        self._report_visibility()

    def paint_first(self) -> None:
        """Show the window, and return after its first paint, at the latest after a second."""
        waiting = QEventLoop()
        self.painted.connect(waiting.quit)
        QTimer.singleShot(_PAINT_MS, waiting.quit)
        self.show()
        waiting.exec()

    def start_hidden(self) -> None:
        """Stand in the task bar only, and leave it for the tray as soon as there is one."""
        self._starts_hidden = True
        self.showMinimized()

    def tray_appeared(self) -> None:
        """Leave the task bar, unless the person has come meanwhile."""
        if self._starts_hidden and self.isMinimized():
            self.hide()
        self._starts_hidden = False

    def ask(self, text: Callable[[], str], words: str, go_on: Callable[[], object], keep: "Choice") -> None:
        """Show a warning above the page as it is at each second, with a button to continue and one to leave it."""
        if self.contents is not None:
            self.contents.notice.ask(text, words, go_on, keep)

    def half_filled(self) -> list[str]:
        """The forms by name that hold something entered."""
        return self.contents.pages.kept.half_filled() if self.contents is not None else []

    def go_on(self) -> None:
        """Put the focus where the person goes on with the page that is shown."""
        if self.contents is not None:
            self.contents.focus.begin()

    def come_forward(self) -> None:
        """Move to the front, from the tray, the task bar or a second start."""
        if self.isMinimized():
            self.showNormal()
        self.show()
        self.raise_()
        self.activateWindow()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Announce the paint."""
        super().paintEvent(event)
        self.painted.emit()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Hide if there is really a tray, else minimise and show a notice once."""
        event.ignore()
        if self._tray_visible():
            self.hide()
            return
        self.showMinimized()
        if self.contents is not None and not self._no_tray_notice_shown:
            self._no_tray_notice_shown = True
            text = self.tr("There is no tray here, so Keyrack goes on in the task bar. Press Ctrl+Q to quit.")
            self.contents.show_notice("accent", text)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Make room for the page when the window is narrow."""
        super().resizeEvent(event)
        self._fit_sidebar()

    def showEvent(self, event: QShowEvent) -> None:
        """Balances are polled faster while the window is visible."""
        super().showEvent(event)
        self._report_visibility()

    def hideEvent(self, event: QHideEvent) -> None:
        """Balances are polled slower while the window is hidden, and its place is remembered."""
        super().hideEvent(event)
        self._report_visibility()
        if self.contents is not None and not event.spontaneous():
            self._place.keep(self, self.contents.page_to_return_to())

    def changeEvent(self, event: QEvent) -> None:
        """A minimised window counts as hidden."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.WindowStateChange:
            self._report_visibility()

    def _fit_sidebar(self) -> None:
        if self.contents is not None:
            below = max(NARROW_BELOW, SCALE.px(_NARROW_BELOW_AT_LARGE_TEXT))
            self.contents.sidebar.set_narrow(self.width() < below)

    def _report_visibility(self) -> None:
        if self.contents is not None:
            self.contents.rack.set_visible(visible=self.isVisible() and not self.isMinimized())
