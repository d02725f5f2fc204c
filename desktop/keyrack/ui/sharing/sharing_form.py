"""The page's form: the way into a group, or the group that this host is in."""

import contextlib
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QVBoxLayout, QWidget
from shiboken6 import isValid

from keyrack.core.group.group_failures import KeyRefused
from keyrack.core.group.host_list import list_hosts
from keyrack.core.vault.vault_errors import Corrupt, Missing
from keyrack.primitives.failure import Failure
from keyrack.ui.moving.moving_page import TallForm
from keyrack.ui.parts.callout import Callout
from keyrack.ui.safeguards.keyring_notice import KeyringNotice
from keyrack.ui.sharing.entering_form import EnteringForm
from keyrack.ui.sharing.group_card import GroupCard
from keyrack.ui.sharing.invitation_card import InvitationCard
from keyrack.ui.sharing.shared_accounts_card import SharedAccountsCard
from keyrack.ui.theme.metrics import GAP_L

if TYPE_CHECKING:
    from keyrack.ui.actions.actions import Actions

# A look reads all that the group stores.
_LOOKS_EVERY_MS = 5_000


class SharingForm(TallForm):
    """Reads the group every few seconds while it is shown. `leave` is called before it is deleted.

    Exactly one of `entering` and `group` is shown, and both where this host needs the group's key.
    """

    def __init__(self, actions: "Actions") -> None:
        super().__init__()
        self._actions = actions
        self._hosts = actions.rack.parts.several_hosts
        self._looking = f"sharing_look:{id(self)}"  # a page that is made anew does not wait for the one before it
        self._due = False
        self._timer = QTimer(self, interval=_LOOKS_EVERY_MS)
        self._timer.timeout.connect(self._begin_look)
        self.trouble = Callout(name="sharing_trouble")
        self.entering: EnteringForm | None = None
        self.group = GroupCard(actions)
        self.invitation = InvitationCard(actions)
        self.accounts = SharedAccountsCard(actions)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(GAP_L)
        for widget in (KeyringNotice(actions), self.trouble, self.group, self.invitation, self.accounts):
            self._column.addWidget(widget)
        for card in (self.group, self.invitation, self.accounts):
            card.worked.connect(self._begin_look)
        self.group.left.connect(self._left)
        self._show_whether_in_group()
        self._timer.start()
        self._begin_look()

    def first_focus(self) -> QWidget:
        """The way into a group, or the invitation of another host."""
        return self.entering.first_focus() if self.entering is not None else self.invitation.invite

    def escape(self) -> bool:
        """Take a question away. Returns whether there was one."""
        return self.group.escape()

    def leave(self) -> None:
        """Stop looking. An invitation and a try to join end."""
        self._timer.stop()
        self._actions.tasks.cancel(self._looking)
        self.invitation.leave()
        if self.entering is not None:
            self.entering.leave()

    def _begin_look(self) -> None:
        """Look now, or once more where a look is under way that may have read what was there before."""
        self._due = not self._actions.tasks.start(self._looking, self._look_until_newest)

    async def _look_until_newest(self) -> None:
        await self._look()
        while self._due and isValid(self):
            self._due = False
            await self._look()

    async def _look(self) -> None:
        if not self._hosts.in_group:
            return
        why: Failure | None = None
        try:
            group = await self._hosts.membership.check()
            found = await list_hosts(group)
        except Failure as failed:
            why = failed
        if not isValid(self) or not self._hosts.in_group:
            return
        if why is None:
            self.trouble.say("")
            self.group.show_hosts(found)
        elif isinstance(why, Missing | Corrupt):
            self.trouble.say(self.tr("The keyring has not got the group's key, so this host can read nothing of it."))
        else:
            self.trouble.say(why.happened, f"{why.means} {why.todo}".strip())
        self._offer_key(offered=isinstance(why, KeyRefused | Missing | Corrupt))

    def _show_whether_in_group(self) -> None:
        inside = self._hosts.in_group
        for card in (self.group, self.invitation, self.accounts):
            card.setVisible(inside)
        if inside:
            with contextlib.suppress(Failure):  # the look says it
                self.group.show_settings(self._hosts.membership.file.read())
        else:
            self.trouble.say("")
            self._enter(again=False)

    def _offer_key(self, *, offered: bool) -> None:
        """Offer what brings the group's key by a code. What is half typed there stays."""
        if offered and self.entering is None:
            self._enter(again=True)
        elif not offered and self.entering is not None:
            self._without_entering()

    def _enter(self, *, again: bool) -> None:
        self._without_entering()
        form = self.entering = EnteringForm(self._actions, again=again)
        form.entered.connect(self._entered)
        self._column.insertWidget(2, form)

    def _without_entering(self) -> None:
        form, self.entering = self.entering, None
        if form is not None:
            self._column.removeWidget(form)
            form.hide()
            form.deleteLater()

    def _entered(self, said: str) -> None:
        self._without_entering()
        self._show_whether_in_group()
        self.group.say("fresh", said)
        self._begin_look()
        self.invitation.invite.setFocus(Qt.FocusReason.OtherFocusReason)

    def _left(self, said: str) -> None:
        self.invitation.leave()
        self._show_whether_in_group()
        if self.entering is not None:
            self.entering.say("fresh", said)
            self.entering.first_focus().setFocus(Qt.FocusReason.OtherFocusReason)
