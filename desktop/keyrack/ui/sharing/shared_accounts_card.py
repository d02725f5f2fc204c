"""The accounts of this host, each shared or its own."""

from collections.abc import Callable, Coroutine
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from keyrack.ui.actions.listening import listen
from keyrack.ui.sharing.group_work import GroupWork, named
from keyrack.ui.theme.metrics import GAP_L, GAP_S, GRID
from keyrack.ui.widgets.buttons import DangerButton, PlainButton
from keyrack.ui.widgets.controls import Text, set_text
from keyrack.ui.widgets.flow_layout import ButtonLines, TurningRow, button_row

if TYPE_CHECKING:
    from keyrack.core.accounts.account import Account
    from keyrack.ui.actions.actions import Actions

_TURNS_BELOW = 420


class SharedAccountLine(QWidget):
    """Name and state of an account, and what can be done. Taking it from the other hosts is asked about."""

    def __init__(self, account: "Account", card: "SharedAccountsCard") -> None:
        super().__init__()
        self.account = account
        self._card = card
        self._asking = False
        self.name = Text(role="bold", wrap=True)
        self.state = Text(role="second", wrap=True)
        id = account.id
        self.share = named(f"share:{id}", PlainButton(self.tr("Share")), partial(card.share, account))
        self.take = named(f"take:{id}", PlainButton(self.tr("Renew on this host")), partial(card.take, account))
        self.own = named(f"unshare:{id}", PlainButton(self.tr("Stop sharing…")), self._ask)
        self.yes = named(f"unshare_yes:{id}", DangerButton(self.tr("Keep it here alone")), self._confirmed)
        self.no = named(f"unshare_no:{id}", PlainButton(self.tr("Cancel")), self._cancelled)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GAP_S)
        row = TurningRow(_TURNS_BELOW)
        row.setSpacing(GAP_L)
        words = QVBoxLayout()
        words.setSpacing(GRID)
        words.addWidget(self.name)
        words.addWidget(self.state)
        row.addLayout(words, 1)
        row.addWidget(ButtonLines(self.share, self.take, self.own))
        column.addLayout(row)
        column.addLayout(button_row(self.yes, self.no))
        self.refresh()

    def _buttons(self) -> tuple[PlainButton, ...]:
        return self.share, self.take, self.own, self.yes, self.no

    def refresh(self) -> None:
        """Show the account as it is now."""
        account, shared = self.account, bool(self.account.settings.group)
        self._asking = self._asking and shared
        set_text(self.name, account.settings.name)
        set_text(self.state, self._words())
        keyed = self._card.is_keyed(account)
        self.share.setVisible(not shared and not keyed)
        self.take.setVisible(shared and account.renewed_elsewhere and not self._asking)
        self.own.setVisible(shared and not self._asking)
        self.yes.setVisible(self._asking)
        self.no.setVisible(self._asking)
        for button in self._buttons():
            button.setAccessibleName(f"{button.text()}: {account.settings.name}")
            button.setAccessibleDescription(self.state.text())

    def _words(self) -> str:
        account = self.account
        if self._asking:
            return self.tr("It leaves all other hosts, and their programs get no token of it any more.")
        if not account.settings.group:
            keyed = self._card.is_keyed(account)
            return (
                self.tr("It signs with an API key, which is not shared.") if keyed else self.tr("On this host alone.")
            )
        renewer = account.renewer
        if renewer is None or not renewer.host:
            return self.tr("Shared. No host renews it now.")
        if renewer.here:
            return self.tr("Shared. Renewed by this host.")
        return self.tr("Shared. Renewed by “{host}”.").format(host=renewer.host)

    def _ask(self) -> None:
        self._asking = True
        self.refresh()
        self.no.setFocus(Qt.FocusReason.OtherFocusReason)

    def _cancelled(self) -> None:
        self._asking = False
        self.refresh()
        self.own.setFocus(Qt.FocusReason.OtherFocusReason)

    def _confirmed(self) -> None:
        self._cancelled()
        self._card.unshare(self.account)


class SharedAccountsCard(GroupWork):
    """A line for each account. Lines stay while the accounts are the same, so that the focus does."""

    def __init__(self, actions: "Actions") -> None:
        super().__init__(actions, self.tr("Accounts of this host"), "shared_accounts")
        self._lines: dict[str, SharedAccountLine] = {}
        self._rows = QVBoxLayout()
        self._rows.setSpacing(GAP_L)
        about = self.tr(
            "A shared account is on every host of the group, and one of them renews it. Which programs may have its "
            "token is each host's own choice."
        )
        self.body.addWidget(Text(about, "second", wrap=True))
        self.body.addWidget(self.result)
        self.body.addLayout(self._rows)
        accounts = actions.rack.accounts
        listen(self, accounts.changed, self._rebuild)
        listen(self, accounts.touched, self._touched)
        self._rebuild()

    def is_keyed(self, account: "Account") -> bool:
        """Whether it signs with an API key."""
        return self._actions.rack.parts.sites.of(account).keys is not None

    def share(self, account: "Account") -> None:
        """Share it with every host."""
        name = account.settings.name
        said = self.tr("“{name}” is shared with every host of the group.").format(name=name)
        self._do(partial(self.hosts.share, account), self.tr("Sharing “{name}”…").format(name=name), said)

    def unshare(self, account: "Account") -> None:
        """Make it this host's own."""
        name = account.settings.name
        said = self.tr("“{name}” is this host's own now.").format(name=name)
        self._do(partial(self.hosts.unshare, account), self.tr("Taking “{name}” back…").format(name=name), said)

    def take(self, account: "Account") -> None:
        """Have this host renew it."""
        name = account.settings.name
        said = self.tr("This host renews “{name}” now.").format(name=name)
        self._do(partial(self.hosts.take, account), self.tr("Taking “{name}” over…").format(name=name), said)

    def _do(self, work: Callable[[], Coroutine[Any, Any, None]], doing: str, said: str) -> None:
        async def done() -> str:
            await self._actions.rack.background.finish(work())
            return said

        self.begin(done, doing)

    def _rebuild(self) -> None:
        """Follow the list of accounts."""
        accounts = list(self._actions.rack.accounts)
        for id in self._lines.keys() - {account.id for account in accounts}:
            line = self._lines.pop(id)
            self._rows.removeWidget(line)
            line.hide()
            line.deleteLater()
        for at, account in enumerate(accounts):
            line = self._lines.get(account.id) or SharedAccountLine(account, self)
            self._lines[account.id] = line
            self._rows.insertWidget(at, line)
            line.refresh()

    def _touched(self, account: "Account | None") -> None:
        for id, line in self._lines.items():
            if account is None or account.id == id:
                line.refresh()
