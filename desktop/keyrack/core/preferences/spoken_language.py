"""Has this process speak the language that the person chose, without a window.

The window has Qt's own texts to change as well.
"""

import os
from collections.abc import Callable
from pathlib import Path

from keyrack.core.preferences.all_settings import LANGUAGE
from keyrack.core.preferences.preferences import Preferences
from keyrack.core.preferences.settings_file import SettingsFile
from keyrack.language.languages import chosen, of_environment
from keyrack.language.translation import use


def speak_as_stored(folder: Path) -> None:
    """Speak what the settings file in this folder says, else what the environment asks for."""
    stored = SettingsFile(folder).read().values.get(LANGUAGE.name, LANGUAGE.default)
    use(chosen(str(stored), of_environment(os.environ)))


def follow_language(preferences: Preferences) -> Callable[[], None]:
    """Speak what the person chose, and from each choice on another. The returned function ends that."""

    def speak() -> None:
        use(chosen(preferences.value(LANGUAGE), of_environment(os.environ)))

    def changed(name: str) -> None:
        if name == LANGUAGE.name:
            speak()

    speak()
    return preferences.changed.connect(changed)
