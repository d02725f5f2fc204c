"""Whether amounts are hidden from whoever looks at the screen."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

if TYPE_CHECKING:
    from keyrack.core.system.preferences import Preferences

_CHOICE = "amounts"
_HIDDEN = "hidden"


class Privacy(QObject):
    """The person's choice, which outlives Keyrack. `changed` carries it."""

    changed = Signal(bool)

    def __init__(self, preferences: "Preferences", parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._preferences = preferences

    @property
    def on(self) -> bool:
        """Whether amounts are hidden."""
        return self._preferences.chosen(_CHOICE) == _HIDDEN

    def choose(self, on: bool) -> None:
        """Hide or show amounts. Where the choice cannot be stored, it holds until Keyrack ends."""
        if on != self.on:
            self._preferences.choose(_CHOICE, _HIDDEN if on else "")
            self.changed.emit(on)
