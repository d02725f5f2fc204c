"""Puts the person's choices in force in the window: at the start, and at each change, whoever makes it."""

import math
from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QObject, Signal

from keyrack.core.preferences.all_settings import (
    IDLE_LOCK_MINUTES,
    LANGUAGE,
    TELL_OF_ACCOUNTS,
    TELL_OF_CLIPBOARD,
    TELL_OF_PROGRAMS,
    TELL_OF_UPDATES,
    TEXT_SIZE,
    THEME,
)
from keyrack.ui.actions.listening import listen
from keyrack.ui.integration.window_language import window_language
from keyrack.ui.theme.theme import theme

if TYPE_CHECKING:
    from keyrack.core.preferences.preferences import Preferences
    from keyrack.core.preferences.setting import Setting
    from keyrack.ui.integration.snooze import Snooze
    from keyrack.ui.theme.palette import Scheme

_NOTICES = (TELL_OF_ACCOUNTS.name, TELL_OF_PROGRAMS.name, TELL_OF_CLIPBOARD.name, TELL_OF_UPDATES.name)


class EffectiveChoices(QObject):
    """Gives the theme what was chosen. What asks for a choice itself is told when to ask anew.

    After `window_outdated` the window has to be made anew, because another size of text or another language was chosen.
    These are in force from `use_for_window` on, or the window that is there would follow by half.
    """

    notices_changed = Signal()
    idle_changed = Signal()
    window_outdated = Signal()

    def __init__(self, preferences: "Preferences", snooze: "Snooze", parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._preferences = preferences
        self._snooze = snooze
        snooze.changed.connect(self.notices_changed)
        listen(self, preferences.changed, self._changed)
        if preferences.value(THEME) != THEME.default:
            self._use_theme()
        theme().enlarge(preferences.value(TEXT_SIZE))

    def quiet_for(self, kind: "Setting[bool]") -> float:
        """How long notices of a kind are kept back, in seconds: for ever where the person wants none."""
        return self._snooze.seconds_left if self._preferences.value(kind) else math.inf

    def idle_seconds(self) -> float:
        """How long the window may lie unused before Keyrack locks, 0 for ever."""
        return 60.0 * self._preferences.value(IDLE_LOCK_MINUTES)

    def use_for_window(self) -> None:
        """Give all that is made from now on the size of text and the language that were chosen."""
        theme().enlarge(self._preferences.value(TEXT_SIZE))
        window_language().follow(self._preferences.value(LANGUAGE))

    def _changed(self, name: str) -> None:
        if name == THEME.name:
            self._use_theme()
        elif name in (TEXT_SIZE.name, LANGUAGE.name):
            self.window_outdated.emit()
        elif name == IDLE_LOCK_MINUTES.name:
            self.idle_changed.emit()
        elif name in _NOTICES:
            self.notices_changed.emit()

    def _use_theme(self) -> None:
        chosen = self._preferences.value(THEME)
        theme().use(None if chosen == THEME.default else cast("Scheme", chosen))
