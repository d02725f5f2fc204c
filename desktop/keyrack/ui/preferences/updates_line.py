"""The line of the page that looks for a newer Keyrack now, and says what the last look found."""

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from shiboken6 import isValid

from keyrack.core.updates.installation import installation
from keyrack.core.updates.release_source import is_known
from keyrack.core.updates.update_words import how_words, newer_words
from keyrack.primitives.failure import Failure
from keyrack.ui.actions.listening import listen
from keyrack.ui.preferences.action_line import ActionLine
from keyrack.ui.screen_reader.announcement import announce
from keyrack.ui.text.amount_text import clock_time, iso_day
from keyrack.ui.widgets.controls import set_text
from keyrack.ui.widgets.fields import CopyField

if TYPE_CHECKING:
    from keyrack.core.updates.update_check import Found
    from keyrack.ui.actions.actions import Actions

_LOOKING = "updates_look"


class UpdatesLine(ActionLine):
    """Each look is told with its time, and one that failed is told as that. The command has a field of its own."""

    def __init__(self, actions: "Actions") -> None:
        super().__init__("look_for_updates_now", self.tr("Whether there is a newer Keyrack."), self.tr("Look now"), " ")
        self._actions = actions
        self._updates = actions.rack.updates
        self._looking = False
        self._showing = f"updates_shown:{id(self)}"  # a page that is made anew does not wait for the one before it
        self.below.setObjectName("updates_result")
        self.below.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.command = CopyField(self.tr("Command"), actions.copying.text)
        self.command.name.hide()  # the sentence above it says what it is
        self.command.edit.setObjectName("updates_command")
        self.command.edit.setReadOnly(True)
        self.command.button.setObjectName("updates_command_copy")
        self.words.addWidget(self.command)
        self.pressed.connect(self._begin)
        listen(self, self._updates.changed, self._show)
        self._show()

    def _show(self) -> None:
        if not self._looking:  # else the look says itself what came of it
            self._actions.tasks.start(self._showing, self._show_last)

    def _begin(self) -> None:
        self._actions.tasks.cancel(self._showing)
        if self._actions.tasks.start(_LOOKING, self._look):
            self._looking = True
            self._say(self.tr("Looking…"))

    async def _show_last(self) -> None:
        try:
            told = self._words(await self._updates.last())
        except Failure as why:
            told = why.sentences(), ""
        if isValid(self):
            self._say(*told)

    async def _look(self) -> None:
        try:
            told = self._words(await self._updates.look())
        except Failure as why:
            told = why.sentences(), ""
        finally:
            self._looking = False
        if isValid(self):
            self._say(*told)
            announce(self, "\n".join(told))

    def _say(self, text: str, command: str = "") -> None:
        set_text(self.below, text)
        self.command.edit.setText(command)
        self.command.edit.setCursorPosition(0)
        self.command.setVisible(bool(command))
        self.button.setAccessibleDescription(f"{self.sentence} {self.below.text()} {command}".rstrip())

    def _words(self, found: "Found") -> tuple[str, str]:
        """What was found, and the command that brings it in, "" for none."""
        if not (found.tried or is_known(self._actions.rack.preferences)):
            return self.tr("No release list is published yet, so there is nobody to ask."), ""
        if not found.tried:
            return self.tr("Keyrack has not looked yet."), ""
        said = []
        if found.failed is not None:
            text = self.tr("The look at {time} failed. {why}")
            said.append(text.format(time=clock_time(found.tried), why=found.failed.sentences()))
        if found.list is not None:
            said.append(newer_words(found, iso_day))
            said.append(self.tr("The list was read at {time}.").format(time=clock_time(found.looked)))
        here = installation()
        news, how = "\n".join(part for part in said if part), how_words(found, here)
        command = here.command(found.newer[0]) if how else ""
        told = how.removesuffix(command).rstrip()
        return (f"{news}\n\n{told}" if told else news), command
