"""The window as the one who answers: questions wait for it, and the tray tells of those that nobody can see."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QApplication, QWidget
from shiboken6 import isValid

from keyrack.ui.integration.notifications import Notifications, listed

if TYPE_CHECKING:
    from keyrack.core.access.prompts import Answer, Question
    from keyrack.core.rack import Rack

_GATHER_MS = 1000
_LONGEST = 100
_LOOKED_AT = frozenset({
    QEvent.Type.Show,
    QEvent.Type.Hide,
    QEvent.Type.WindowStateChange,
    QEvent.Type.WindowActivate,
    QEvent.Type.WindowDeactivate,
})  # fmt: skip


class QuestionNotifications(QObject):
    """From now until `close` the rack's questions are asked in `window`.

    `tell` shows a notice (title, text): when a question comes while the window is hidden or behind others, several
    in one, and of the same program and account once in 15 minutes unless it was allowed meanwhile.
    """

    def __init__(
        self, rack: "Rack", window: QWidget, tell: Callable[[str, str], object], gather_ms: int = _GATHER_MS
    ) -> None:
        super().__init__()
        self._rack = rack
        self._window = window
        self._tell = tell
        self._notifications = Notifications(self._speak, rack.clock, gather_ms, self._words)
        asking = rack.access.asking
        self._ends = (asking.add_respondent(), asking.changed.connect(self.look), rack.lock.changed.connect(self.look))
        window.installEventFilter(self)
        self.look()

    def look(self) -> None:
        """Tell of what waits and cannot be seen."""
        hidden = self._rack.lock.locked or self._seen()
        pending = () if hidden else self._rack.access.asking.pending
        self._notifications.report({_key(question): self._name(question) for question in pending})

    def answered(self, question: "Question", answer: "Answer") -> None:
        """What was allowed once is new the next time; what was refused and tries again is not."""
        if answer == "once":
            self._notifications.forget(_key(question))

    def close(self) -> None:
        """Answer nothing any more."""
        for end in self._ends:
            end()
        self._notifications.report({})

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow whether the window can be seen."""
        if event.type() in _LOOKED_AT and isValid(self._window):
            self.look()
        return super().eventFilter(watched, event)

    def _seen(self) -> bool:
        window = self._window
        return window.isVisible() and not window.isMinimized() and window.isActiveWindow()

    def _speak(self, title: str, text: str) -> None:
        self._tell(title, text)
        QApplication.alert(self._window)

    def _name(self, question: "Question") -> str:
        name = question.account.settings.name
        return self.tr("{program} for {account}").format(program=_short(question.program.words), account=name)

    def _words(self, names: list[str]) -> tuple[str, str]:
        text = self.tr("{programs}. Open Keyrack to answer.").format(programs=listed(names))
        if len(names) == 1:
            return self.tr("A program wants a token"), text
        return self.tr("{count} questions about tokens").format(count=len(names)), text


def _key(question: "Question") -> str:
    return f"{question.account.id}\n{question.program.executable}\n{question.program.script}"


def _short(words: str) -> str:
    half = _LONGEST // 2
    return words if len(words) <= _LONGEST else f"{words[: half - 1]}…{words[-half:]}"
