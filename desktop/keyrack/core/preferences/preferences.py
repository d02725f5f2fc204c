"""What the person chose, in force at once and stored one line at a time."""

from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any, Protocol

from keyrack.core.preferences.setting import Setting, T
from keyrack.core.preferences.settings_file import SettingsFailure, SettingsFile
from keyrack.core.preferences.shipped_choices import take_over
from keyrack.primitives.failure import plain
from keyrack.primitives.signal import Signal


class Outside(Protocol):
    """A place outside the file that decides a setting, because others may change it too."""

    def read(self) -> bool:
        """What is in force."""
        ...

    def write(self, value: bool) -> None:
        """Put another value in force. Raises OSError."""
        ...


class Preferences:
    """The choices of all accounts. `changed` tells the name of each one that became another.

    `problems` are what is wrong with the file since it was loaded: each names its line, and the default value
    is in force instead. `not_stored` says why the last choice holds only until Keyrack ends. `outside` are the places
    that decide the settings of these names.
    """

    def __init__(self, folder: Path, outside: Mapping[str, Outside] = MappingProxyType({})) -> None:
        self.changed: Signal[[str]] = Signal()
        self.problems: tuple[SettingsFailure, ...] = ()
        self.not_stored: SettingsFailure | None = None
        self._folder = folder
        self._outside = outside
        self._file = SettingsFile(folder)
        self._values: dict[str, Any] = {}

    @property
    def path(self) -> Path:
        """The file."""
        return self._file.path

    def load(self) -> None:
        """Load the file, and once what Keyrack 0.1.0 had stored. A damaged file is left as it is."""
        take_over(self._folder)
        found = self._file.read()
        self._values, self.problems = dict(found.values), found.problems
        self._values |= {name: place.read() for name, place in self._outside.items()}

    def value(self, setting: Setting[T]) -> T:
        """What is in force."""
        found: T = self._values.get(setting.name, setting.default)
        return found

    def chosen(self, setting: Setting[T]) -> T | None:
        """What the person chose, None where the default value is in force."""
        found: T | None = self._values.get(setting.name)
        return found

    def choose(self, setting: Setting[T], value: T) -> SettingsFailure | None:
        """Put another value in force and store it. Returns why it holds only until Keyrack ends, None if stored.

        Raises SettingsFailure for a value that the setting does not allow or the desktop refuses, and has then changed
        nothing.
        """
        if not setting.allows(value):
            raise SettingsFailure("setting_refused", key=setting.name, allowed=setting.allowed())
        return self._become(setting, value)

    def reset(self, setting: Setting[T]) -> SettingsFailure | None:
        """Put the default value in force. Returns why it holds only until Keyrack ends, None if stored.

        Raises SettingsFailure, as `choose` does where the desktop refuses it, and has then changed nothing.
        """
        return self._become(setting, None)

    def _become(self, setting: Setting[T], value: T | None) -> SettingsFailure | None:
        before = self.value(setting)
        if (place := self._outside.get(setting.name)) is not None:
            try:
                place.write(bool(setting.default if value is None else value))
            except OSError as error:
                reason = plain(error.strerror or type(error).__name__)
                raise SettingsFailure("setting_not_outside", reason=reason) from None
        self._values.pop(setting.name, None)
        if value is not None:
            self._values[setting.name] = value
        why = self.not_stored = self._file.write(setting, value)
        if why is None:
            self.problems = tuple(each for each in self.problems if each.params.get("key") != setting.name)
        if self.value(setting) != before:
            self.changed.emit(setting.name)
        return why
