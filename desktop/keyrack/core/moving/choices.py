"""The person's choices for all accounts, as far as they go along."""

from collections.abc import Mapping

from keyrack.core.system.preferences import Preferences

# Another computer connects in its own way.
_STAYING = frozenset({"schema", "proxy"})


class Choices:
    """What goes out of the preferences and comes into them. It alone in this room knows how they are stored."""

    def __init__(self, preferences: Preferences) -> None:
        self._preferences = preferences

    def going(self) -> dict[str, str]:
        """Every choice that goes along, by its name."""
        chosen = self._preferences.chosen_ones()
        return {name: choice for name, choice in chosen.items() if name not in _STAYING}

    def lacking(self, choices: Mapping[str, str]) -> dict[str, str]:
        """Those of the choices that were not made here."""
        return {name: to for name, to in choices.items() if name not in _STAYING and not self._preferences.chosen(name)}

    def adopt(self, choices: Mapping[str, str]) -> None:
        """Make these choices here."""
        for name, choice in choices.items():
            self._preferences.choose(name, choice)
