"""A card whose buttons ask the store of the group, and say what came of it."""

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from shiboken6 import isValid

from keyrack.primitives.failure import Failure
from keyrack.ui.screen_reader.announcement import announce
from keyrack.ui.theme.metrics import GAP_M
from keyrack.ui.widgets.buttons import PlainButton
from keyrack.ui.widgets.controls import Card, Text, Tone, set_text

if TYPE_CHECKING:
    from keyrack.ui.actions.actions import Actions

# One thing at a time is done to the group.
WORK = "sharing_work"
Work = Callable[[], Awaitable[str]]


class GroupWork(Card):
    """A card with a title. `result` says what is done and what came of it, and stands where the card adds it.

    `worked` is emitted after each thing that was done or failed.
    """

    worked = Signal()

    def __init__(self, actions: "Actions", title: str, name: str) -> None:
        super().__init__()
        self._actions = actions
        self.hosts = actions.rack.parts.several_hosts
        self.title = Text(title, "strong", wrap=True)
        self.result = Text(role="second", wrap=True)
        self.result.setObjectName(f"{name}_result")
        self.result.hide()
        self.body.setSpacing(GAP_M)
        self.body.addWidget(self.title)

    def begin(self, work: Work, doing: str) -> None:
        """Do something, unless something else is under way. `work` returns what is said of it at the end."""
        if self._actions.tasks.start(WORK, self._guarded, work):
            self.say("", doing)
        else:
            self.say("", self.tr("Something else is under way. Press again when it has ended."))

    async def _guarded(self, work: Work) -> None:
        try:
            self._actions.rack.lock.refuse_if_locked()
            said = await work()
        except Failure as why:
            self._actions.rack.keyring.wake()  # it may be what failed
            if isValid(self):
                self.refuse(why)
                announce(self, why.sentences(), urgent=True)
        else:
            if isValid(self):
                self.say("fresh", said)
                announce(self, said)
        if isValid(self):
            self.worked.emit()

    def refuse(self, why: Failure) -> None:
        """Say what failed."""
        self.say("urgent", why.sentences())

    def say(self, tone: Tone, text: str) -> None:
        """A sentence in the card, "" for none."""
        self.result.set_tone(tone)
        set_text(self.result, text)
        self.result.setVisible(bool(text))


def named(name: str, button: PlainButton, pressed: Callable[[], object]) -> PlainButton:
    """The button with an object name, and what it does."""
    button.setObjectName(name)
    button.clicked.connect(lambda _checked: pressed())
    return button
