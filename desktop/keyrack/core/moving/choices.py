"""The person's settings, as far as they go along."""

from collections.abc import Mapping

from keyrack.core.preferences.all_settings import BY_NAME, PROXY, START_AT_LOGIN, AnySetting
from keyrack.core.preferences.preferences import Preferences
from keyrack.core.preferences.setting import plainly

# Another computer connects in its own way, and what starts there is decided there.
_STAYING = {PROXY.name, START_AT_LOGIN.name}
_GOING: dict[str, AnySetting] = {name: setting for name, setting in BY_NAME.items() if name not in _STAYING}


class Choices:
    """What goes out of the preferences and comes into them, each value as the command line prints it."""

    def __init__(self, preferences: Preferences) -> None:
        self._preferences = preferences

    def going(self) -> dict[str, str]:
        """Every choice that goes along, by the name of its setting."""
        chosen = {name: self._preferences.chosen(setting) for name, setting in _GOING.items()}
        return {name: plainly(value) for name, value in chosen.items() if value is not None}

    def lacking(self, choices: Mapping[str, str]) -> dict[str, str]:
        """Those of the choices that were not made here, and that this version knows and allows."""
        return {
            name: text
            for name, text in choices.items()
            if (setting := _GOING.get(name)) is not None
            and setting.of_text(text) is not None
            and self._preferences.chosen(setting) is None
        }

    def adopt(self, choices: Mapping[str, str]) -> None:
        """Make these choices here. They are as `lacking` gave them."""
        for name, text in choices.items():
            self._preferences.choose(_GOING[name], _GOING[name].of_text(text))
