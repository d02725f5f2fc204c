"""The group: its hosts and what each renews, and what is done to all of it."""

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from keyrack.core.group.host_list import GroupHost, HostList
from keyrack.core.group.sharing_file import SharingSettings
from keyrack.primitives.failure import plain
from keyrack.ui.sharing.group_work import GroupWork, named
from keyrack.ui.theme.metrics import GAP_S
from keyrack.ui.widgets.buttons import DangerButton, PlainButton
from keyrack.ui.widgets.controls import Text, set_text
from keyrack.ui.widgets.flow_layout import button_row
from keyrack.ui.widgets.row_list import RowList

if TYPE_CHECKING:
    from keyrack.ui.actions.actions import Actions


class GroupCard(GroupWork):
    """Who is there, and the buttons that change the key and leave. Each asks first. `left` carries what is said."""

    left = Signal(str)

    def __init__(self, actions: "Actions") -> None:
        super().__init__(actions, self.tr("The group of this host"), "group")
        self.here = Text(role="second", wrap=True)
        self.there = RowList(self.tr("Hosts that are there now"), wide=(1,))
        self.key = named("sharing_key", PlainButton(self.tr("Change the key…")), partial(self._ask, "key"))
        self.leave_group = named("sharing_leave", PlainButton(self.tr("Leave the group…")), partial(self._ask, "leave"))
        self._shown: HostList | None = None
        self._question = QWidget()
        self._asked = Text(wrap=True)
        self._asked.setObjectName("sharing_question")
        self._answers = {
            "key": named("sharing_key_yes", DangerButton(self.tr("Change the key")), self._change_key),
            "keep": named(
                "sharing_keep", PlainButton(self.tr("Leave, and keep the accounts")), partial(self._go, keep=True)
            ),
            "drop": named("sharing_drop", DangerButton(self.tr("Leave, and drop them")), partial(self._go, keep=False)),
            "no": named("sharing_no", PlainButton(self.tr("Cancel")), self._answered),
        }
        column = QVBoxLayout(self._question)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GAP_S)
        column.addWidget(self._asked)
        column.addLayout(button_row(*self._answers.values()))
        for widget in (self.here, self.there, self.result):
            self.body.addWidget(widget)
        self.body.addLayout(button_row(self.key, self.leave_group))
        self.body.addWidget(self._question)
        self._question.hide()

    def show_settings(self, settings: SharingSettings) -> None:
        """Name the group, this host and the store."""
        set_text(self.title, self.tr("The group “{group}”").format(group=settings.group))
        said = self.tr("This host is “{host}”. The etcd is at {members}.")
        set_text(self.here, said.format(host=settings.host, members=", ".join(settings.members)))

    def show_hosts(self, found: HostList) -> None:
        """Show who is there. Rows that say the same stay, because a screen reader may be reading them."""
        if found != self._shown:
            self._shown = found
            self.there.fill([self._row(host) for host in found.hosts], "")

    def _row(self, host: GroupHost) -> tuple[Text, Text]:
        name = plain(host.name) or self.tr("A host with another key")
        shown = self.tr("{host} (this host)").format(host=name) if host.here else name
        kept = self._actions.rack.accounts.kept
        known = (kept.get(id) for id in host.renews)
        names = [account.settings.name for account in known if account is not None and account.settings.group]
        what = self.tr("renews {names}").format(names=", ".join(names)) if names else self.tr("renews nothing")
        return Text(shown, "bold", wrap=True), Text(what, "second", wrap=True)

    def _ask(self, what: str) -> None:
        text = {
            "key": self.tr(
                "Every other host is out of the group then, until it is invited again. Do so when a host was lost."
            ),
            "leave": self.tr(
                "Kept, every shared account becomes this host's own and leaves all others. Dropped, they are removed "
                "from this host, and the others go on with them."
            ),
        }[what]
        set_text(self._asked, text)
        shown = {"key": ("key", "no"), "leave": ("keep", "drop", "no")}[what]
        for name, button in self._answers.items():
            button.setVisible(name in shown)
            button.setAccessibleDescription(text)
        self._question.show()
        self._answers["no"].setFocus(Qt.FocusReason.OtherFocusReason)

    def _answered(self) -> None:
        """Take the question away, and go back to where it was asked."""
        back = self.key if self._answers["key"].isVisible() else self.leave_group
        self._question.hide()
        back.setFocus(Qt.FocusReason.OtherFocusReason)

    def escape(self) -> bool:
        """Take the question away. Returns whether there was one."""
        asked = self._question.isVisible()
        if asked:
            self._answered()
        return asked

    def _go(self, *, keep: bool) -> None:
        self._answered()
        self.begin(partial(self._leave, keep=keep), self.tr("Leaving the group…"))

    async def _leave(self, *, keep: bool) -> str:
        told = await self._actions.rack.background.finish(self.hosts.membership.leave(keep=keep))
        said = self.tr("This host is in no group any more, and has forgotten its key.")
        if not told:
            away = self.tr("The etcd did not answer. The other hosts see within seconds that this one is gone.")
            said = f"{said} {away}"
        self.left.emit(said)
        return said

    def _change_key(self) -> None:
        self._answered()
        self.begin(self._changed, self.tr("Sealing every record with another key…"))

    async def _changed(self) -> str:
        work = self.hosts.membership.change_key()
        change = await self._actions.rack.background.finish(work)
        said = self.tr("The group has another key. Invite every other host that is still yours again.")
        if change.left:
            left = self.tr("These were not sealed with it: {records}.")
            said = f"{said} {left.format(records=', '.join(map(plain, change.left)))}"
        return said
