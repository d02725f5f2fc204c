"""The first paint: the window's frame, shown before anything behind it is imported."""

import sys
from typing import TYPE_CHECKING, cast

from PySide6.QtWidgets import QApplication

from keyrack import __version__
from keyrack.core.system.window_note import WindowNotes
from keyrack.language.languages import SYSTEM
from keyrack.ui.integration.window_language import window_language
from keyrack.ui.integration.window_place import WindowPlace
from keyrack.ui.screen_reader import accessible_face
from keyrack.ui.theme.icons import product_icon
from keyrack.ui.theme.theme import theme
from keyrack.ui.window.main_window import MainWindow

if TYPE_CHECKING:
    from keyrack.core.preferences.first_look import FirstLook
    from keyrack.ui.theme.palette import Scheme


def first_paint(
    notes: WindowNotes | None = None, *, sandbox: bool, look: "FirstLook | None" = None, at_login: bool = False
) -> MainWindow:
    """Make the application and show its window, still empty, at the place that `notes` remember.

    `look` is what was chosen. At a sign-in to the computer the window only stands in the task bar, until there is a
    tray, if that was chosen.
    """
    if look is not None:
        theme().use(cast("Scheme", look.theme) if look.theme in ("light", "dark") else None)
        theme().enlarge(look.text_size)
    application()
    window_language().follow(look.language if look is not None else SYSTEM)
    window = MainWindow(sandbox=sandbox, place=WindowPlace(notes))
    if at_login and (look is None or look.hidden_at_login):
        window.start_hidden()
    else:
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
