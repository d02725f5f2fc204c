"""Finds a setting by its name, and makes a value of what a person typed."""

from typing import Any

from keyrack.core.preferences.all_settings import BY_NAME, AnySetting
from keyrack.core.preferences.settings_file import SettingsFailure
from keyrack.language.translation import Phrase
from keyrack.primitives.failure import plain

_SHOWN = 60


def find(name: str, *, to_change: bool = True) -> AnySetting:
    """The setting. Raises SettingsFailure for an unknown one, and to change it for one that is changed elsewhere."""
    setting = BY_NAME.get(name)
    if setting is None:
        raise SettingsFailure("setting_unknown", key=plain(name, _SHOWN))
    if to_change and setting.only_by:
        raise SettingsFailure("setting_elsewhere", key=name, way=Phrase(setting.only_by))
    return setting


def typed(setting: AnySetting, text: str) -> Any:
    """The value. Raises SettingsFailure where the setting does not allow it."""
    value = setting.of_text(text)
    if value is None:
        raise SettingsFailure("setting_refused", key=setting.name, allowed=setting.allowed())
    return value
