"""What Esc does, wherever it is pressed."""

from collections.abc import Callable
from typing import Protocol, runtime_checkable

from PySide6.QtWidgets import QApplication, QWidget

from keyrack.ui.widgets.fields import FindField


@runtime_checkable
class Leaving(Protocol):
    """A page with something to leave: itself, a form on it, or something under way."""

    def escape(self) -> bool:
        """Leave the innermost of these. Returns whether there was one."""
        ...


class SelectsNone(Protocol):
    """Where several accounts may be selected."""

    def holds(self, focus: QWidget) -> bool:
        """Whether a key that is pressed there is meant for the selection."""
        ...

    def escape(self) -> bool:
        """Select none. Returns whether there were any."""
        ...


class EscapeKey:
    """Clears Find, closes the message that has the focus, leaves the form or page, selects none, or closes the message.

    One press does the first of these that there is. `leave` returns whether there was anything to leave. `home` leads
    from an account back to the overview where nothing else was to do. At what the selection `holds`, which is its bar
    and the accounts, none are selected before anything is left.
    """

    def __init__(
        self,
        pages: QWidget,
        notice: QWidget,
        selection: SelectsNone,
        leave: Callable[[], bool],
        home: Callable[[], object],
    ) -> None:
        self._pages = pages
        self._selection = selection
        self._notice = notice
        self._leave = leave
        self._home = home

    def press(self) -> None:
        """Do the first thing that there is to do."""
        focus = QApplication.focusWidget()
        at_notice = focus is not None and self._notice.isAncestorOf(focus)
        at_selection = focus is not None and self._selection.holds(focus)
        steps = (
            self._clear_find,
            lambda: at_notice and self._close_notice(),
            lambda: at_selection and self._selection.escape(),
            self._leave,
            self._selection.escape,
            self._close_notice,
        )
        if not any(step() for step in steps):
            self._home()

    def _clear_find(self) -> bool:
        lines = self._pages.findChildren(FindField)
        found = next((line for line in lines if line.isVisible() and line.text()), None)
        if found is not None:
            found.clear()
        return found is not None

    def _close_notice(self) -> bool:
        shown = self._notice.isVisible()
        self._notice.hide()
        return shown
