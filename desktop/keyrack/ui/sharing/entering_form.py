"""The way into a group: by the code of one of its hosts, or by making it."""

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QButtonGroup, QWidget
from shiboken6 import isValid

from keyrack.core.group.joining_code import JoiningCode, read_code
from keyrack.core.group.membership import Door
from keyrack.primitives.failure import Failure, plain
from keyrack.primitives.secret import Secret
from keyrack.ui.sharing.group_work import GroupWork, named
from keyrack.ui.sharing.store_fields import StoreFields
from keyrack.ui.theme.metrics import GAP_S
from keyrack.ui.widgets.buttons import PlainButton, PrimaryButton, RadioButton
from keyrack.ui.widgets.controls import Text
from keyrack.ui.widgets.fields import EnterKey, SecretField
from keyrack.ui.widgets.flow_layout import button_row

if TYPE_CHECKING:
    from keyrack.ui.actions.actions import Actions

# A person who gives up waits as long.
_LOOK_SECONDS = 1.0
_OF_CODE = frozenset({"share_code_not_one", "share_code_slip", "share_invitation_none"})


class EnteringForm(GroupWork):
    """Where the store is, and the code. With `again` a host of the group gets its key, and the code is enough.

    `entered` carries what is said once this host is in the group.
    """

    entered = Signal(str)

    def __init__(self, actions: "Actions", *, again: bool = False) -> None:
        title = self.tr("Get the group's key") if again else self.tr("This host belongs to no group")
        super().__init__(actions, title, "entering")
        self._again = again
        self._given_up = False
        self.by_code = RadioButton(self.tr("Join a group, with a code from one of its hosts"))
        self.by_making = RadioButton(self.tr("Make a new group, with this host alone in it"))
        self.fields = StoreFields(actions.rack.vault_name)
        hint = self.tr("“Invite a host” shows it there, and so does `keyrack share invite`.")
        self.code = SecretField(self.tr("Code from the other host"), hint)
        self.code.edit.setObjectName("sharing_code")
        self.go = named("sharing_enter", PrimaryButton(""), self._enter)
        self.stop = named("sharing_give_up", PlainButton(self.tr("Give up")), self._give_up)
        self.stop.hide()
        self._arrange()
        self._show_way()

    def _arrange(self) -> None:
        about = self.tr(
            "Hosts of one group share accounts through an etcd of yours: one of them renews, and all give out the "
            "tokens. The etcd sees no secret."
        )
        if not self._again:
            self.body.addWidget(Text(about, "second", wrap=True))
        ways = QButtonGroup(self)
        for name, way in (("join", self.by_code), ("make", self.by_making)):
            way.setObjectName(f"sharing:{name}")
            way.clicked.connect(self._show_way)
            ways.addButton(way)
        self.by_code.setChecked(True)
        only_for_a_door = (self.by_code, self.by_making, self.fields)
        for widget in (*only_for_a_door, self.code, self.result):
            self.body.addWidget(widget)
        for widget in only_for_a_door:
            widget.setVisible(not self._again)
        self.body.addSpacing(GAP_S)
        self.body.addLayout(button_row(self.go, self.stop))
        EnterKey(self, self._enter)

    def first_focus(self) -> QWidget:
        """What is chosen, or the code where that alone is missing."""
        return self.code.edit if self._again else self.by_code if self.by_code.isChecked() else self.by_making

    def clear(self) -> None:
        """Drop what was typed."""
        for field in (self.code, self.fields.password):
            field.edit.setText("")

    def _show_way(self) -> None:
        joins = self.by_code.isChecked()
        self.code.setVisible(joins)
        self.go.setText(self.tr("Join the group") if joins else self.tr("Make the group"))

    def _enter(self) -> None:
        self.fields.clear_problems()
        self.code.show_problem("")
        try:
            door = None if self._again else self.fields.door()
            if door is not None and self.by_making.isChecked():
                self.begin(partial(self._make, door), self.tr("Asking the etcd…"))
            else:
                code = read_code(self.code.secret() or Secret(""))
                self.begin(partial(self._join, door, code), self.tr("Asking the etcd…"))
        except Failure as why:
            self.refuse(why)

    async def _make(self, door: Door) -> str:
        made = await self._actions.rack.background.finish(self.hosts.membership.create(door))
        return self._tell_of(made.group, made.host)

    async def _join(self, door: Door | None, code: JoiningCode) -> str:
        """Ask, and wait until the other host's person has decided or this one gives up."""
        entrances, finish = self.hosts.entrances, self._actions.rack.background.finish
        self._given_up = False
        joining = await finish(entrances.join(door, code))
        if isValid(self):
            said = self.tr("“{host}” invites. This goes on by itself once its person lets this host in.")
            self.say("", said.format(host=plain(joining.inviting)))
            self.stop.show()
        try:
            while not await finish(entrances.wait_for_answer(_LOOK_SECONDS)):
                if self._given_up:
                    await finish(entrances.give_up())
                    return self.tr("This host has joined no group.")
        finally:
            if isValid(self):
                self.stop.hide()
        joined = self.hosts.membership.file.read()
        return self._tell_of(joined.group, joined.host)

    def _tell_of(self, group: str, host: str) -> str:
        said = self.tr("This host is in the group “{group}” now, as “{host}”.").format(group=group, host=host)
        if isValid(self):
            self.clear()
            self.entered.emit(said)
        return said

    def _give_up(self) -> None:
        self._given_up = True

    def leave(self) -> None:
        """End the try that runs, and drop what was typed."""
        self._given_up = True
        self.clear()

    def refuse(self, why: Failure) -> None:
        """Say what failed, below the field that it is about where there is one."""
        self.say("", "")
        if why.code in _OF_CODE and not self.code.isHidden():
            self.code.show_problem(why.sentences())
            self.code.edit.setFocus()
        elif why.code != "share_wrong_value" or not self.fields.show_problem(why.params["key"], why.sentences()):
            super().refuse(why)
