"""Makes the preferences over the folders of this computer."""

from pathlib import Path

from keyrack.core.preferences.all_settings import START_AT_LOGIN
from keyrack.core.preferences.preferences import Outside, Preferences
from keyrack.core.preferences.settings_file import SettingsFailure
from keyrack.core.system.login_start import LoginStart
from keyrack.core.system.paths import Paths


class _NeverInSandbox:
    """The sandbox starts by hand only."""

    def read(self) -> bool:
        """It does not start by itself."""
        return False

    def write(self, value: bool) -> None:
        """Refuse it."""
        if value:
            raise SettingsFailure("setting_of_no_sandbox", key=START_AT_LOGIN.name)


def make_preferences(paths: Paths, *, sandbox: bool) -> Preferences:
    """The preferences, not yet loaded. Whether Keyrack starts at the sign-in is decided by the desktop's own file."""
    configuration: Path = paths.config.parent
    place: Outside = _NeverInSandbox() if sandbox else LoginStart(configuration)
    return Preferences(paths.config, {START_AT_LOGIN.name: place})
