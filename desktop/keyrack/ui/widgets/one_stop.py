"""Makes a list of buttons one stop of the Tab key."""

from collections.abc import Callable, Sequence
from itertools import pairwise

from PySide6.QtCore import QElapsedTimer, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractButton, QWidget

# A later letter begins another search.
_TYPING_MS = 1000
_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
_ALLOWED = Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.KeypadModifier


class OneStop:
    """Arrows, Home, End, PgUp and PgDn move in the list, letters find a line by its name, Enter presses.

    A space belongs to the letters before it where a name goes on with one. Any other space presses.

    `names` returns what all lines are called from above, `place` where a line stands among them. `reveal` scrolls to
    the line at a place, which may be made for that, and returns it. `page` returns how many lines a page has. `below`
    are the widgets that Tab goes to from the list.
    """

    def __init__(
        self,
        names: Callable[[], Sequence[str]],
        place: Callable[[QAbstractButton], int],
        reveal: Callable[[int], QAbstractButton],
        page: Callable[[], int],
        below: Callable[[], Sequence[QWidget]],
    ) -> None:
        self._names = names
        self._place = place
        self._reveal = reveal
        self._page = page
        self._below = below
        self._current: QAbstractButton | None = None
        self._off = False
        self._typed = ""
        self._since = QElapsedTimer()

    @property
    def current(self) -> QAbstractButton | None:
        """The line that Tab reaches."""
        return self._current

    def enter(self, line: QAbstractButton) -> None:
        """Have Tab reach this line. The focus moves with it if the line before had it."""
        old, self._current = self._current, line
        if old is line:
            return
        self._set_policies(old)
        for one, other in pairwise((line, *self._below())):
            QWidget.setTabOrder(one, other)
        if old is not None and old.hasFocus():
            line.setFocus(Qt.FocusReason.OtherFocusReason)

    def set_off(self, *, off: bool) -> None:
        """Have Tab pass by, because a press has no effect."""
        self._off = off
        self._set_policies(None)

    def take(self, line: QAbstractButton, event: QKeyEvent) -> bool:
        """Deal with a key that was pressed on a line. Returns False for a key that is no concern of the list."""
        if event.modifiers() & ~_ALLOWED:
            return False
        if event.key() in _ENTER:
            line.click()
            return True
        if self.step(line, event.key()):
            self._typed = ""
            return True
        to = self._found(self._place(line), event.text())
        if to is not None:
            self._go(to)
        return to is not None

    def step(self, line: QAbstractButton, key: int) -> bool:
        """Go on from a line by an arrow, Home, End, PgUp or PgDn. Returns False for any other key."""
        to = self._moved(self._place(line), key)
        if to is not None:
            self._go(to)
        return to is not None

    def _go(self, to: int) -> None:
        self._reveal(to).setFocus(Qt.FocusReason.TabFocusReason)

    def _moved(self, at: int, key: int) -> int | None:
        last = len(self._names()) - 1
        places = {
            Qt.Key.Key_Up: at - 1,
            Qt.Key.Key_Down: at + 1,
            Qt.Key.Key_Home: 0,
            Qt.Key.Key_End: last,
            Qt.Key.Key_PageUp: at - self._page(),
            Qt.Key.Key_PageDown: at + self._page(),
        }
        return max(0, min(last, places[Qt.Key(key)])) if key in places else None

    def _found(self, at: int, text: str) -> int | None:
        """Where the next line is whose name begins with what was typed. The same place where none does."""
        if not text.isprintable() or not text:
            return None
        goes_on = self._since.isValid() and self._since.elapsed() < _TYPING_MS
        letters = text.casefold()
        typed = self._typed + letters if goes_on and self._typed != letters else letters
        names = [name.casefold() for name in self._names()]
        if not letters.strip() and not any(name.startswith(typed) for name in names):
            return None
        self._typed = typed
        self._since.start()
        first = at if len(self._typed) > 1 else at + 1
        order = [*range(first, len(names)), *range(first)]
        return next((place for place in order if names[place].startswith(self._typed)), at)

    def _set_policies(self, old: QAbstractButton | None) -> None:
        if old is not None:
            old.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        if self._current is not None:
            self._current.setFocusPolicy(Qt.FocusPolicy.NoFocus if self._off else Qt.FocusPolicy.TabFocus)
