"""Notifies through the tray when a program's question cannot be seen in the window."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QApplication, QWidget
from shiboken6 import isValid

from keyrack.language.translation import plural
from keyrack.ui.integration.notifications import Notifications, listed

if TYPE_CHECKING:
    from keyrack.core.access.prompts import Answer, Question
    from keyrack.core.rack import Rack

_GATHER_MS = 1000
_LONGEST = 100
_VISIBILITY_EVENTS = frozenset({
    QEvent.Type.Show,
    QEvent.Type.Hide,
    QEvent.Type.WindowStateChange,
    QEvent.Type.WindowActivate,
    QEvent.Type.WindowDeactivate,
})  # fmt: skip


class QuestionNotifications(QObject):
    """Attaches the window as the place where questions are answered, until `close`.

    `notify` shows a title and a text when a question arrives while the window is hidden or behind others. Several
    questions make one notification. The same program and account are shown once in 15 minutes unless allowed meanwhile.
    """

    def __init__(
        self,
        rack: "Rack",
        window: QWidget,
        notify: Callable[[str, str], object],
        gather_ms: int = _GATHER_MS,
        quiet_for: Callable[[], float] = lambda: 0.0,
    ) -> None:
        super().__init__()
        self._rack = rack
        self._window = window
        self._notify = notify
        # A program waits for its answer, so its question is told at once.
        self.notifications = Notifications(
            self._show, rack.clock, gather_ms, self._words, quiet_for=quiet_for, gather_more=0.0
        )
        asking = rack.access.asking
        self._disconnects = (
            asking.add_respondent(),
            asking.changed.connect(self.update),
            rack.lock.changed.connect(self.update),
        )
        window.installEventFilter(self)
        self.update()

    def update(self) -> None:
        """Report the questions that wait and cannot be seen."""
        hidden = self._rack.lock.locked or self._in_sight()
        pending = () if hidden else self._rack.access.asking.pending
        self.notifications.report({_key(question): self._name(question) for question in pending})

    def answered(self, question: "Question", answer: "Answer") -> None:
        """A program that was allowed once is shown again the next time. A refused one that tries again is not."""
        if answer == "once":
            self.notifications.forget(_key(question))

    def close(self) -> None:
        """Detach the window: nothing is answered here any more."""
        for disconnect in self._disconnects:
            disconnect()
        self.notifications.report({})

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow whether the window can be seen."""
        if event.type() in _VISIBILITY_EVENTS and isValid(self._window):
            self.update()
        return super().eventFilter(watched, event)

    def _in_sight(self) -> bool:
        window = self._window
        return window.isVisible() and not window.isMinimized() and window.isActiveWindow()

    def _show(self, title: str, text: str) -> None:
        self._notify(title, text)
        QApplication.alert(self._window)

    def _name(self, question: "Question") -> str:
        name = question.account.settings.name
        return self.tr("{program} for {account}").format(program=_short(question.program.words), account=name)

    def _words(self, names: list[str]) -> tuple[str, str]:
        text = self.tr("{programs}. Open Keyrack to answer.").format(programs=listed(names))
        if len(names) == 1:
            return self.tr("A program wants a token"), text
        return plural("{n} question about tokens", "{n} questions about tokens", len(names)), text


def _key(question: "Question") -> str:
    return f"{question.account.id}\n{question.program.executable}\n{question.program.script}"


def _short(words: str) -> str:
    half = _LONGEST // 2
    return words if len(words) <= _LONGEST else f"{words[: half - 1]}…{words[-half:]}"
