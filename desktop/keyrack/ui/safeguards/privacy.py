"""Whether amounts are hidden from whoever looks at the screen."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from keyrack.core.preferences.all_settings import AMOUNTS, AMOUNTS_AT_START
from keyrack.ui.actions.listening import listen

if TYPE_CHECKING:
    from keyrack.core.preferences.preferences import Preferences

_HIDDEN, _SHOWN = "hidden", "shown"


class Privacy(QObject):
    """The person's choice, which outlives Keyrack. `changed` carries it."""

    changed = Signal(bool)

    def __init__(self, preferences: "Preferences", parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._preferences = preferences
        listen(self, preferences.changed, self._preference_changed)

    @property
    def on(self) -> bool:
        """Whether amounts are hidden."""
        return self._preferences.value(AMOUNTS) == _HIDDEN

    def choose(self, on: bool) -> None:
        """Hide or show amounts. Where the choice cannot be stored, it holds until Keyrack ends."""
        if on != self.on:
            self._preferences.choose(AMOUNTS, _HIDDEN if on else _SHOWN)

    def begin(self) -> None:
        """Hide or show amounts as a start does by the person's choice. A window that is made anew is no start."""
        if (at_start := self._preferences.value(AMOUNTS_AT_START)) != AMOUNTS_AT_START.default:
            self.choose(at_start == _HIDDEN)

    def _preference_changed(self, name: str) -> None:
        if name == AMOUNTS.name:
            self.changed.emit(self.on)
