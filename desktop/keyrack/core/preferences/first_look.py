"""What the first paint needs of the settings."""

from dataclasses import dataclass
from pathlib import Path

from keyrack.core.preferences.all_settings import LANGUAGE, START_HIDDEN, TEXT_SIZE, THEME
from keyrack.core.preferences.settings_file import SettingsFile


@dataclass(frozen=True, slots=True)
class FirstLook:
    """The chosen theme, text size in percent and language, and whether a start at sign-in shows no window."""

    theme: str = THEME.default
    text_size: int = TEXT_SIZE.default
    hidden_at_login: bool = START_HIDDEN.default
    language: str = LANGUAGE.default


def first_look(folder: Path) -> FirstLook:
    """The look that was chosen. What is wrong in the file is said later, when the window has contents."""
    values = SettingsFile(folder).read().values
    chosen = (values.get(setting.name, setting.default) for setting in (THEME, TEXT_SIZE, START_HIDDEN, LANGUAGE))
    return FirstLook(*chosen)
