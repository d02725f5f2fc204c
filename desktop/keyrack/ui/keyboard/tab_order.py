"""The order in which Tab goes through the parts of a page."""

from collections.abc import Iterable
from itertools import pairwise

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget


def tab_through(parts: Iterable[QWidget]) -> None:
    """Have Tab go through these parts of one window in turn, and in each of them from above.

    By itself Qt goes in the order in which things came into the window, so what is made late comes last. To be called
    again once one of the parts has got something new.
    """
    for one, other in pairwise(each for part in parts for each in _focusable(part)):
        QWidget.setTabOrder(one, other)


def _focusable(part: QWidget) -> list[QWidget]:
    """What may have the focus, in the order in which it was put there. Menus and lists that open are other windows.

    Also what Tab passes by: it goes on from there, and of a group of choices it stops at the chosen one.
    """
    window, no = part.window(), Qt.FocusPolicy.NoFocus
    found = (part, *part.findChildren(QWidget))
    return [each for each in found if each.focusPolicy() != no and each.window() is window]
