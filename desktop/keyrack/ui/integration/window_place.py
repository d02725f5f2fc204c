"""The window's size and place: fitted to its screen, and remembered over a restart."""

from PySide6.QtCore import QByteArray, QPoint, QRect, QSize
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

        Neither it nor its least size is larger than the screen, and the whole of it is on one. Qt refuses the place of
        a screen with another scale.
        """
        room = _room(window)
        # Pages reflow, and a least size that grew with the text could not be tiled on a small screen.
        window.setMinimumSize(QSize(*least).boundedTo(room))
        geometry = QByteArray.fromBase64(self._geometry.encode("utf-8", "replace"))
        if not window.restoreGeometry(geometry):
            window.resize(QSize(*map(SCALE.px, usual)).boundedTo(room))
        elif not (window.isMaximized() or window.isFullScreen()):
            _bring_back(window)

    def keep(self, window: QWidget, page: str) -> None:
        """Remember where the window is, and its page."""
        if self._notes is not None:
            geometry = bytes(window.saveGeometry().toBase64().data()).decode("ascii")
            self._notes.save(WindowNote(geometry, page))


def _bring_back(window: QWidget) -> None:
    """Move a window onto its screen. Qt does so with the size that was remembered, and the least may be larger."""
    screen, now = window.screen().availableGeometry(), window.geometry()
    if screen.contains(now):
        return
    room = QRect(screen.topLeft() + QPoint(_BORDERS // 2, _title(window) + _BORDERS // 2), _room(window))
    x = max(room.left(), min(now.left(), room.left() + room.width() - now.width()))
    y = max(room.top(), min(now.top(), room.top() + room.height() - now.height()))
    window.setGeometry(QRect(QPoint(x, y), now.size()))


def _room(window: QWidget) -> QSize:
    """The screen without its panels and without the frame that the window manager will draw."""
    return window.screen().availableSize() - QSize(_BORDERS, _title(window) + _BORDERS)


def _title(window: QWidget) -> int:
    return round(_TITLE * window.logicalDpiX() / _USUAL_DOTS_PER_INCH)
