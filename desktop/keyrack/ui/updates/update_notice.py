"""Tells once in the window that there is a newer Keyrack: quietly, and when the person can read it."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QWidget

from keyrack.core.preferences.all_settings import LOOK_FOR_UPDATES, TELL_OF_UPDATES
from keyrack.core.updates.update_failures import UpdateFailure
from keyrack.core.updates.update_words import newer_words
from keyrack.ui.actions.listening import listen
from keyrack.ui.text.amount_text import iso_day

if TYPE_CHECKING:
    from keyrack.core.updates.update_check import Found
    from keyrack.ui.actions.actions import Actions
    from keyrack.ui.preferences.effective_choices import EffectiveChoices

_KEY = "update_notice"


class UpdateNotice(QObject):
    """Waits while the window is hidden or locked, or while notices are kept back."""

    def __init__(self, window: QWidget, actions: "Actions", choices: "EffectiveChoices") -> None:
        super().__init__(window)
        self._window, self._actions = window, actions
        self._updates, self._lock = actions.rack.updates, actions.rack.lock
        self._quiet_for = choices.quiet_for
        self._waiting: Found | None = None
        self._outdated = False
        listen(self, self._updates.changed, self.look)
        listen(self, self._lock.changed, self._tell)
        choices.notices_changed.connect(self._tell)
        self.look()

    def look(self) -> None:
        """See whether there is a version to tell of."""
        self._outdated = True  # for a reading that is under way as well
        self._actions.tasks.start(_KEY, self._read)

    async def _read(self) -> None:
        while self._outdated:
            self._outdated = False
            self._waiting = await self._updates.untold()
        self._tell()

    def _tell(self) -> None:
        found, window = self._waiting, self._window
        window.removeEventFilter(self)
        wanted = self._actions.rack.preferences.value(LOOK_FOR_UPDATES)
        if found is None or not wanted or self._lock.locked or self._quiet_for(TELL_OF_UPDATES):
            return
        if not window.isVisible() or window.isMinimized():
            window.installEventFilter(self)  # only while something waits: every event of the window comes by here
            return
        self._waiting = None
        text = self.tr("{news} The settings, at “About Keyrack”, say how to get it.")
        self._actions.notified.emit("", "accent", text.format(news=newer_words(found, iso_day)))
        self._actions.tasks.start(f"{_KEY}:told", self._note, found.newer[0].version)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The window is shown again."""
        if event.type() in (QEvent.Type.Show, QEvent.Type.WindowStateChange):
            self._tell()
        return super().eventFilter(watched, event)

    async def _note(self, version: str) -> None:
        try:
            await self._updates.told(version)
        except UpdateFailure as why:
            self._actions.notified.emit("", "soon", why.sentences())
