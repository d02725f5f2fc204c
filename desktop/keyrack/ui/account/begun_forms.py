"""The form that is open on an account's page, and those that were left half filled."""

from collections.abc import Callable
from functools import partial

from PySide6.QtWidgets import QWidget

from keyrack.ui.account.inline_forms import InlineForm
from keyrack.ui.widgets.controls import delete_later


class BegunForms:
    """One form is open at a time, or none. One that is left with something entered comes back as it was.

    `make` makes the form of a name. `ended` is called when a form was finished or cancelled, and is gone.
    """

    def __init__(self, make: Callable[[str], InlineForm], ended: Callable[[], object]) -> None:
        self._make = make
        self._ended = ended
        self._name = ""
        self._left: dict[str, InlineForm] = {}
        self.shown: InlineForm | None = None

    @property
    def none(self) -> bool:
        """Whether no form is open, and none was left."""
        return self.shown is None and not self._left

    @property
    def unfinished(self) -> bool:
        """Whether a form that is open or was left holds something entered."""
        return bool(self._left) or (self.shown is not None and self.shown.unfinished)

    def open(self, name: str) -> InlineForm:
        """The form of this name, as it was left or new. The one that was open is left."""
        self.leave()
        form = self._left.pop(name, None)
        if form is None:
            form = self._make(name)
            form.closed.connect(partial(self._end, name))
        self._name, self.shown = name, form
        return form

    def leave(self) -> bool:
        """Hide the open form, and keep it if something was entered. Returns whether one was open."""
        form, self.shown = self.shown, None
        if form is None:
            return False
        kept = form.unfinished
        form.hide()
        if kept:
            self._left[self._name] = form
        else:
            delete_later(form)
        return True

    def close(self) -> None:
        """End the open form, and drop what was entered."""
        if self.shown is not None:
            self._end(self._name)

    def take_over(self, other: "BegunForms", parent: QWidget) -> None:
        """Take what was begun elsewhere for the same account, as if it had been left here. It becomes a part here."""
        other.leave()
        for name, form in other._left.items():
            form.closed.disconnect()
            form.closed.connect(partial(self._end, name))
            form.setParent(parent)
            self._left[name] = form
        other._left.clear()

    def _end(self, name: str) -> None:
        """A form that is at work may end after it was left."""
        form = self._left.pop(name, None)
        if form is None and name == self._name:
            form, self.shown = self.shown, None
        if form is not None:
            form.hide()
            delete_later(form)
            self._ended()
