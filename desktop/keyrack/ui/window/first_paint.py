"""The first paint: the grounds of the window, shown before anything behind them is imported.

PySide makes an enumeration at its first use. Those of `Qt` take 15 ms, those of `QStyle` 5 ms, and the first letter
8 ms, where a bare window takes 125 ms. So nothing here or in `main_window` touches them.
"""

import sys
from typing import TYPE_CHECKING

from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QApplication, QWidget

from keyrack import __version__
from keyrack.core.system.window_note import WindowNotes
from keyrack.ui.integration.window_place import WindowPlace
from keyrack.ui.theme.metrics import HAIRLINE, SCALE, SIDEBAR
from keyrack.ui.theme.palette import palette_of
from keyrack.ui.window.main_window import MainWindow

if TYPE_CHECKING:
    from keyrack.core.preferences.first_look import FirstLook

# Higher than every screen.
_HIGHEST = 1 << 16


def first_paint(
    notes: WindowNotes | None = None, *, sandbox: bool, look: "FirstLook | None" = None, at_login: bool = False
) -> MainWindow:
    """Show the application's window, still empty, at the place that `notes` remember.

    `look` is what was chosen. At a sign-in to the computer the window only stands in the task bar, until there is a
    tray, if that was chosen.
    """
    app = application()
    SCALE.fit(app.font(), app.primaryScreen().availableSize(), 100 if look is None else look.text_size)
    window = MainWindow(sandbox=sandbox, place=WindowPlace(notes))
    window.setCentralWidget(_grounds(dark=_is_dark(app, look)))
    if at_login and (look is None or look.hidden_at_login):
        window.start_hidden()
    else:
        window.paint_first()
    return window


def application() -> QApplication:
    """Qt's application, made once."""
    made = QApplication.instance()
    if isinstance(made, QApplication):
        return made
    app = QApplication([sys.argv[0]])
    app.setApplicationName("Keyrack")
    app.setApplicationVersion(__version__)
    app.setDesktopFileName("keyrack")
    app.setQuitOnLastWindowClosed(False)
    return app


def _is_dark(app: QApplication, look: "FirstLook | None") -> bool:
    if look is not None and look.theme in ("light", "dark"):
        return look.theme == "dark"
    return app.palette().window().color().lightness() < 128


def _grounds(*, dark: bool) -> QWidget:
    """The page and the sidebar's place in it, in the colours that they will have."""
    colours, wide = palette_of("dark" if dark else "light", strong=False), SCALE.px(SIDEBAR)
    page = _ground(colours.ground)
    _ground(colours.line, page).setGeometry(0, 0, wide, _HIGHEST)
    _ground(colours.surface, page).setGeometry(0, 0, wide - HAIRLINE, _HIGHEST)
    return page


def _ground(colour: QColor, parent: QWidget | None = None) -> QWidget:
    ground, palette = QWidget(parent), QPalette()
    palette.setColor(QPalette.ColorRole.Window, colour)
    ground.setPalette(palette)
    ground.setAutoFillBackground(True)
    return ground
