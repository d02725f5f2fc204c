"""Keyrack's looks for the application and its window, as soon as the grounds are painted."""

from typing import TYPE_CHECKING, cast

from PySide6.QtWidgets import QApplication, QFrame, QHBoxLayout, QMainWindow, QVBoxLayout, QWidget

from keyrack.ui.parts.brand import Brand
from keyrack.ui.screen_reader import accessible_face
from keyrack.ui.theme.icons import product_icon
from keyrack.ui.theme.metrics import GAP_L, GAP_S, SIDEBAR
from keyrack.ui.theme.theme import theme

if TYPE_CHECKING:
    from keyrack.core.preferences.first_look import FirstLook
    from keyrack.ui.theme.palette import Scheme


def dress(app: QApplication, look: "FirstLook | None" = None) -> None:
    """Give the application the looks that `look` chooses, once."""
    if look is not None:
        theme().use(cast("Scheme", look.theme) if look.theme in ("light", "dark") else None)
        theme().enlarge(look.text_size)
    if not theme().started:
        app.setWindowIcon(product_icon())
        theme().start(app, own_face=True)
        accessible_face.install()


def show_name(window: QMainWindow, *, sandbox: bool) -> None:
    """Have the window show the product's name until its contents are there."""
    window.setCentralWidget(_frame(sandbox=sandbox))
    QApplication.processEvents()  # lays it out
    window.repaint()


def _frame(*, sandbox: bool) -> QWidget:
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
