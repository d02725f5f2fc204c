"""Invites a host: the one-time code, who asks with it, and the person's answer."""

from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from shiboken6 import isValid

from keyrack.core.preferences.all_settings import CLIPBOARD_SECONDS
from keyrack.primitives.failure import Failure, plain
from keyrack.ui.screen_reader.announcement import announce
from keyrack.ui.sharing.group_work import GroupWork, named
from keyrack.ui.theme.theme import theme
from keyrack.ui.widgets.buttons import PlainButton, PrimaryButton
from keyrack.ui.widgets.controls import Text, set_text
from keyrack.ui.widgets.flow_layout import button_row

if TYPE_CHECKING:
    from keyrack.core.group.invitation import Invitation
    from keyrack.ui.actions.actions import Actions

OWNER = "invitation"
_LOOKING = "sharing_invitation"
_LOOK_SECONDS = 20.0
_LARGE_TEXT = 1.3


class InvitationCard(GroupWork):
    """The code is for the person: it is in no log, and ends with the page."""

    def __init__(self, actions: "Actions") -> None:
        super().__init__(actions, self.tr("Another host"), "invitation")
        self.about = Text(role="second", wrap=True)
        self.code = Text(role="title" if theme().scale < _LARGE_TEXT else "strong", wrap=True)
        self.code.setObjectName("invitation_code")
        self.invite = named("sharing_invite", PlainButton(self.tr("Invite a host")), self._invite)
        self.copy = named("sharing_copy_code", PlainButton("", "copy"), self._copy)
        self.let_in = named("sharing_let_in", PrimaryButton(self.tr("Let it in")), partial(self._decide, let_in=True))
        self.end = named("sharing_end_invitation", PlainButton(""), partial(self._decide, let_in=False))
        self.copy.setAccessibleName(self.tr("Copy the code"))
        self._code: Invitation | None = None
        for widget in (self.about, self.code, self.result):
            self.body.addWidget(widget)
        self.body.addLayout(button_row(self.invite, self.copy, self.let_in, self.end))
        actions.clipboard.changed.connect(self._show_copied)
        self.show_step(None)

    def show_step(self, invitation: "Invitation | None") -> None:
        """Show how far an invitation is, None for that there is none."""
        self._code = invitation
        step = invitation.step if invitation is not None else "ended"
        guest = plain(invitation.guest) if invitation is not None else ""
        waiting, asked = step == "waiting", step == "asked"
        code = invitation.code.text.reveal() if invitation is not None and waiting else ""
        set_text(self.code, code.replace("-", "-\u200b"))  # a line may end there also before a digit (UAX 14)
        self.code.setVisible(waiting)
        self.copy.setVisible(waiting)
        self.let_in.setVisible(asked)
        self.end.setVisible(waiting or asked)
        self.end.setText(self.tr("Do not let it in") if asked else self.tr("End the invitation"))
        self.invite.setVisible(not (waiting or asked))
        about = {
            "waiting": self.tr(
                "Enter this code on the other host within ten minutes, on this same page there or in "
                "`keyrack share join`. Leave this page open until then."
            ),
            "asked": self.tr("“{host}” asks with this code. It gets every shared account.").format(host=guest),
            "approved": self.tr("“{host}” gets the key of the group now.").format(host=guest),
        }.get(step, self.tr("A one-time code lets one other host in. You are asked before it is."))
        set_text(self.about, about)
        self._show_copied()
        if not waiting:
            self._actions.clipboard.clear_for(OWNER)

    def _invite(self) -> None:
        self.begin(self._invited, self.tr("Asking the etcd…"))

    async def _invited(self) -> str:
        invitation = await self._actions.rack.background.finish(self.hosts.entrances.invite())
        if isValid(self):
            self.show_step(invitation)
            self.copy.setFocus(Qt.FocusReason.OtherFocusReason)
            self._look()
        return ""

    def _look(self) -> None:
        self._actions.tasks.cancel(_LOOKING)
        self._actions.tasks.start(_LOOKING, self._follow)

    async def _follow(self) -> None:
        """Show each step until the invitation has ended."""
        step = "waiting"
        try:
            while step in ("waiting", "asked", "approved"):
                invitation = await self.hosts.entrances.look(step, _LOOK_SECONDS)
                if not isValid(self):
                    return
                if invitation.step != step:
                    step = invitation.step
                    self._arrived(invitation)
        except Failure as why:
            if isValid(self):
                self.show_step(None)
                self.refuse(why)

    def _arrived(self, invitation: "Invitation") -> None:
        self.show_step(invitation)
        if invitation.step == "asked":
            announce(self, self.about.text(), urgent=True)
            self.end.setFocus(Qt.FocusReason.OtherFocusReason)
        elif invitation.step == "joined":
            self.say("fresh", self.tr("“{host}” is in the group now.").format(host=plain(invitation.guest)))
            self.worked.emit()
        elif invitation.step == "ended":
            self.say("", self.tr("The invitation has ended. Nobody was let in."))

    def _decide(self, *, let_in: bool) -> None:
        self.begin(partial(self._decided, let_in=let_in), self.tr("Asking the etcd…"))

    async def _decided(self, *, let_in: bool) -> str:
        invitation = await self._actions.rack.background.finish(self.hosts.entrances.decide(let_in=let_in))
        if isValid(self):
            self.show_step(invitation)
            self.invite.setFocus(Qt.FocusReason.OtherFocusReason)
        return "" if let_in else self.tr("The invitation has ended. Nobody was let in.")

    def _copy(self) -> None:
        if self._code is not None:
            seconds = float(self._actions.rack.preferences.value(CLIPBOARD_SECONDS))
            self._actions.clipboard.copy(self._code.code.text, seconds, OWNER)
            warning = self._actions.clipboard.warning()
            if warning:
                self.say("soon", warning)

    def _show_copied(self) -> None:
        copied = self._actions.clipboard.owner == OWNER
        self.copy.setText(self._actions.clipboard.button_text() if copied else self.tr("Copy the code"))

    def leave(self) -> None:
        """End the invitation: nobody is there any more who lets a host in."""
        self._actions.tasks.cancel(_LOOKING)
        given, self._code = self._code, None
        if given is not None:
            self._actions.clipboard.clear_for(OWNER)
            self._actions.tasks.start("sharing_withdraw", self._withdraw)

    async def _withdraw(self) -> None:
        with suppress(Failure):  # it ends by itself in ten minutes
            await self._actions.rack.background.finish(self.hosts.entrances.withdraw())
