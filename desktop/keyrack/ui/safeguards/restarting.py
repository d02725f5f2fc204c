"""Restarts Keyrack after an update, once the new one has shown that it begins and nothing would be lost."""

import asyncio
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from keyrack.core.system.restart import command, trouble
from keyrack.ui.actions.keyed_tasks import KeyedTasks
from keyrack.ui.actions.listening import listen
from keyrack.ui.safeguards.quit_question import AskingWindow

if TYPE_CHECKING:
    from keyrack.core.rack import Rack
    from keyrack.ui.safeguards.restart_bar import RestartBar

_KEY = "restart"


class Restarting(QObject):
    """`asked` is true once this process is to end its work and to become the new one.

    `end` ends Keyrack, `told` shows a sentence, and `again` is the command that starts Keyrack again.
    """

    def __init__(
        self, window: AskingWindow, rack: "Rack", tasks: KeyedTasks, end: Callable[[], object],
        told: Callable[[str, str, str], object], again: Callable[[], Sequence[str]] = command,
    ) -> None:  # fmt: skip
        super().__init__()
        self.asked = False
        self._window = window
        self._rack = rack
        self._tasks = tasks
        self._end = end
        self._told = told
        self._again = again

    def offer(self, bar: "RestartBar") -> None:
        """Follow a bar of the window, which may go, or come, while the new program is tried."""

        def show_busy(_key: str = "") -> None:
            bar.show_busy(busy=self._tasks.running(_KEY))

        bar.pressed.connect(lambda: self._tasks.start(_KEY, self._begin))
        listen(bar, self._tasks.changed, show_busy)
        show_busy()

    async def _begin(self) -> None:
        """Try the new one. Then restart, or ask first where that would cost something."""
        why = await asyncio.to_thread(trouble, self._again())
        if why:
            text = self.tr("The new version does not start here, so this one goes on: {reason}")
            self._told("", "urgent", text.format(reason=why))
            return
        if not self._cost():
            self._restart()
            return
        words, keep = self.tr("Restart anyway"), self.tr("Keep running")
        self._window.ask(self._cost, words, self._restart, (keep, lambda: None))

    def _restart(self) -> None:
        self.asked = True
        self._end()

    def _cost(self) -> str:
        """What a restart would cost now, "" for nothing."""
        if self._rack.keyring.session_only:
            return self.tr("Secrets are kept for this session only. After a restart they and your sign-ins are gone.")
        names = ", ".join(account.settings.name for account in self._rack.unsaved())
        if not names:
            return ""
        text = self.tr("Not in the keyring yet: the newest token of {}. After a restart you must sign in again.")
        return text.format(names)
