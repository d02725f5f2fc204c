"""The first paint: the window's frame, shown before anything behind it is imported."""

import sys

from PySide6.QtWidgets import QApplication

from keyrack import __version__
from keyrack.core.system.window_note import WindowNotes
from keyrack.ui.integration.window_place import WindowPlace
from keyrack.ui.screen_reader import accessible_face
from keyrack.ui.theme.icons import product_icon
from keyrack.ui.theme.theme import theme
from keyrack.ui.window.main_window import MainWindow


def first_paint(notes: WindowNotes | None = None, *, sandbox: bool) -> MainWindow:
    """Make the application and show its window, still empty, at the place that `notes` remember."""
    application()
    window = MainWindow(sandbox=sandbox, place=WindowPlace(notes))
    window.paint_first()
    theme().take_face()
    return window


def application() -> None:
    """Make Qt's application with Keyrack's looks, once."""
    if QApplication.instance() is not None:
        return
    app = QApplication([sys.argv[0]])
    app.setApplicationName("Keyrack")
    app.setApplicationVersion(__version__)
    app.setDesktopFileName("keyrack")
    app.setWindowIcon(product_icon())
    app.setQuitOnLastWindowClosed(False)
    theme().start(app)
    accessible_face.install()
