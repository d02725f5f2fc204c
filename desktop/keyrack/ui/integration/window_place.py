"""The window's size and place: fitted to its screen, and remembered over a restart."""

from PySide6.QtCore import QByteArray, QSize
from PySide6.QtWidgets import QWidget

from keyrack.core.system.window_note import WindowNote, WindowNotes
from keyrack.ui.theme.metrics import SCALE

_BORDERS = 8
# As Qt's Fusion draws it. Asking a style for it takes as long as the rest of the first paint.
_TITLE = 24
_USUAL_DOTS_PER_INCH = 96


class WindowPlace:
    """Where the window was at its last use. `page` is the account whose pane was open, "" for the overview."""

    def __init__(self, notes: WindowNotes | None = None) -> None:
        self._notes = notes
        note = notes.load() if notes is not None else WindowNote()
        self._geometry = note.geometry
        self.page = note.page

    def put(self, window: QWidget, usual: tuple[int, int], least: tuple[int, int]) -> None:
        """Give the window its remembered place, else its usual size, which is as designed. `least` is in pixels.

        Neither it nor its least size is larger than the screen. A place that is off every screen is brought back by
        Qt, which also refuses the place of a screen with another scale.
        """
        room = _room(window)
        # Pages reflow, and a least size that grew with the text could not be tiled on a small screen.
        window.setMinimumSize(QSize(*least).boundedTo(room))
        geometry = QByteArray.fromBase64(self._geometry.encode("utf-8", "replace"))
        if not window.restoreGeometry(geometry):
            window.resize(QSize(*map(SCALE.px, usual)).boundedTo(room))

    def keep(self, window: QWidget, page: str) -> None:
        """Remember where the window is, and its page."""
        if self._notes is not None:
            geometry = bytes(window.saveGeometry().toBase64().data()).decode("ascii")
            self._notes.save(WindowNote(geometry, page))


def _room(window: QWidget) -> QSize:
    """The screen without its panels and without the frame that the window manager will draw."""
    title = round(_TITLE * window.logicalDpiX() / _USUAL_DOTS_PER_INCH)
    return window.screen().availableSize() - QSize(_BORDERS, title + _BORDERS)
