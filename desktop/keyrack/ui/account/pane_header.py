"""The head of an account's pane: its name, one main button for its state, and a menu for the rest."""

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtWidgets import QHBoxLayout, QMenu, QVBoxLayout, QWidget

from keyrack.core.accounts.masking import mask
from keyrack.core.accounts.state import Active
from keyrack.providers.schema import ENTERED_FLOWS
from keyrack.ui.account.copy_token_button import CopyTokenButton
from keyrack.ui.parts.entry_menu import menu_place
from keyrack.ui.text.amount_text import clock_time
from keyrack.ui.theme.icons import icon
from keyrack.ui.theme.metrics import GAP_M, GAP_S
from keyrack.ui.theme.theme import theme
from keyrack.ui.widgets.buttons import IconButton, PlainButton, PrimaryButton
from keyrack.ui.widgets.controls import ActionButton, ElidedText, Monogram, set_text
from keyrack.ui.widgets.flow_layout import TurningRow

if TYPE_CHECKING:
    from keyrack.core.accounts.account import Account
    from keyrack.ui.actions.actions import Actions
    from keyrack.ui.text.state_text import AccountView

_WITH_TOKEN = frozenset({"ready", "refreshing", "retrying"})
_NAME_WIDTH = 96
# What the monogram and the two lines beside it need.
_WHO = 144


class PaneHeader(QWidget):
    """Monogram, name, exchange, region and identity, one of four main buttons, and the menu.

    The main button is Sign in, Cancel, Copy token or Try again. `form_requested` carries "rename", "edit", "scripts",
    "delete_key" or "remove". `sign_in_pressed` is handled by the pane, because the panel may need a code first.
    """

    form_requested = Signal(str)
    sign_in_pressed = Signal()

    def __init__(self, account: "Account", actions: "Actions", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._account = account
        self._actions = actions
        self._view: AccountView | None = None
        self._main_button_hidden = False
        self._provider = actions.rack.provider_of(account.settings)
        self.name = ElidedText(role="strong")
        self.about = ElidedText(role="second")
        self.shared = ElidedText(role="caption")
        self.shared.setObjectName("shared")
        self.sign_in = ActionButton(self.tr("Sign in"), "sign-in")
        self._button(self.sign_in, "sign_in")
        self.copy_token = CopyTokenButton(self._copy_words(), actions.clipboard)
        self._button(self.copy_token, "copy_token")
        self.retry = self._button(PrimaryButton(self.tr("Try again"), "refresh"), "retry")
        self.cancel = self._button(PlainButton(self.tr("Cancel"), "close"), "cancel")
        self.refresh_now = IconButton("refresh", self.tr("Refresh now (F5)"))
        self.refresh_now.setObjectName("menu_refresh")
        self.refresh_now.clicked.connect(lambda: actions.refresh(self._account))
        self.more = IconButton("more", self.tr("More"))
        self.more.setObjectName("more")
        self.menu = QMenu(self)
        self.more.setMenu(self.menu)
        for button in (self.refresh_now, self.more):
            button.setProperty("role", "plain")
        self.menu.aboutToShow.connect(self.fill_menu)
        self.sign_in.clicked.connect(self.sign_in_pressed)
        self.copy_token.clicked.connect(lambda: actions.copy(self._account))
        self.retry.clicked.connect(self._retry)
        self.cancel.clicked.connect(lambda: actions.cancel(self._account))
        actions.clipboard.changed.connect(self._show_copied)
        self._arrange()

    def _button(self, button: PlainButton, name: str) -> PlainButton:
        button.setObjectName(name)
        button.hide()
        return button

    def _arrange(self) -> None:
        rows = self._rows = TurningRow(_WHO, self, of_first=True)
        rows.setSpacing(GAP_S)
        who = QHBoxLayout()
        who.setSpacing(GAP_M)
        who.addWidget(Monogram(self._provider.monogram, of=self._provider.id))
        names = QVBoxLayout()
        names.setSpacing(0)
        for label in (self.name, self.about, self.shared):
            label.setMinimumWidth(theme().px(_NAME_WIDTH))
            names.addWidget(label)
        who.addLayout(names, 1)
        rows.addLayout(who, 1)
        buttons = QHBoxLayout()
        buttons.setSpacing(GAP_S)
        for button in (self.sign_in, self.copy_token, self.retry, self.cancel, self.refresh_now, self.more):
            buttons.addWidget(button, 0, Qt.AlignmentFlag.AlignVCenter)
        buttons.addStretch(0)
        rows.addLayout(buttons)

    def take(self, account: "Account") -> None:
        """Have the buttons act on another account of the same provider and way to sign in."""
        self._account = account
        self.menu.hide()
        self.menu.clear()

    def refresh(self, view: "AccountView") -> None:
        """Show another state."""
        self._view = view
        settings, provider = self._account.settings, self._provider
        set_text(self.name, settings.name)
        identity = settings.identity or self._masked_client(settings.client_id)
        parts = [provider.name, provider.site(settings.region), identity]
        set_text(self.about, "  ·  ".join(part for part in parts if part))
        self._show_sharing(view)
        can_sign_in = view.name == "needs_login" and not view.status.left_alone
        signed_out = can_sign_in and not self._main_button_hidden
        self.sign_in.setVisible(signed_out)
        self.sign_in.fill(not view.refused)
        self.copy_token.setVisible(view.name in _WITH_TOKEN and not self._main_button_hidden)
        self.retry.setVisible(view.name in ("unsaved", "keyring_unavailable") and not self._main_button_hidden)
        self.refresh_now.setVisible(isinstance(self._account.state, Active))
        self.cancel.setVisible(view.name == "signing_in")
        self._show_copied()
        self.tick(view)

    def _masked_client(self, client_id: str) -> str:
        """Enough of it to tell it from another, and not on a picture of the window. "" where that would be nothing."""
        masked = mask(client_id)
        return self.tr("client id {id}").format(id=masked) if masked.strip("…") else ""

    def _show_sharing(self, view: "AccountView") -> None:
        """Say which host renews an account that several share."""
        shared = view.status.shared
        self.shared.setVisible(shared is not None)
        if shared is None:
            return
        if not shared.host:
            words = self.tr("Shared. No host renews it now.")
        elif shared.since is None:
            words = self.tr("Shared. Renewed by “{host}”.").format(host=shared.host)
        else:
            words = self.tr("Shared. Renewed by “{host}” since {when}.")
            words = words.format(host=shared.host, when=clock_time(shared.since))
        set_text(self.shared, words)

    def tick(self, view: "AccountView") -> None:
        """Offer the token while there is one."""
        self.copy_token.setEnabled(view.has_token)
        self.copy_token.setToolTip("" if view.has_token else self.tr("There is no token now."))

    def first_focus(self) -> QWidget | None:
        """The filled button, None where the state has none here."""
        if not self.sign_in.isHidden() and not self.sign_in.filled:
            return None
        buttons = (self.sign_in, self.copy_token, self.retry)
        return next((button for button in buttons if not button.isHidden()), None)

    def hide_main_button(self, hidden: bool) -> None:
        """Hide the filled button while a form shows a filled button of its own."""
        self._main_button_hidden = hidden
        if self._view is not None:
            self.refresh(self._view)

    @property
    def _keyed(self) -> bool:
        return self._provider.flows[self._account.settings.flow].credential == "key"

    def _copy_words(self) -> str:
        return self.tr("Copy public key") if self._keyed else self.tr("Copy token")

    def _show_copied(self) -> None:
        """Also keep room for what the button says after a press of it, which must not move the page."""
        button = self.copy_token
        button.show_copied(copied=self._actions.clipboard.owner == self._account.id)
        self._rows.need(_WHO if button.isHidden() else _WHO + button.room_to_keep() / theme().scale)

    def _retry(self) -> None:
        if self._view is not None and self._view.name == "unsaved":
            self._actions.retry_save(self._account)
        else:
            self._actions.refresh(self._account)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """The menu of the account, wherever its head is pressed."""
        self.menu.popup(menu_place(self, event))

    def fill_menu(self) -> None:
        """Add the actions that are possible now. Called each time the menu opens."""
        account, actions = self._account, self._actions
        signed_in = isinstance(account.state, Active)
        again = signed_in and account.settings.flow not in ENTERED_FLOWS
        self.menu.clear()
        self._entry("refresh", self.tr("Refresh now"), lambda: actions.refresh(account), signed_in, "F5")
        if self._keyed:
            self._entry("lock", self.tr("Copy the key's secret"), lambda: actions.copy(account, "secret"), signed_in)
        else:
            self._entry("header", self.tr("Copy as header"), lambda: actions.copy(account, "header"), signed_in)
            self._entry("terminal", self.tr("Copy curl command"), lambda: actions.copy(account, "curl"))
        self.menu.addSeparator()
        self._entry("edit", self.tr("Rename"), lambda: self.form_requested.emit("rename"))
        self._entry("key", self.tr("Edit credentials"), lambda: self.form_requested.emit("edit"))
        if not self._keyed:
            # A key signs and is never sent, so no program gets it.
            self._entry("code", self.tr("Scripts"), lambda: self.form_requested.emit("scripts"))
        self.menu.addSeparator()
        if account.settings.group:
            # Whoever maintains the other host wants it free of this account.
            hosts = actions.rack.parts.several_hosts
            take = partial(actions.start, account, "take_over", partial(hosts.take, account))
            self._entry("link", self.tr("Renew on this host"), take, account.renewed_elsewhere)
        self._entry("sign-in", self.tr("Sign in again"), self.sign_in_pressed.emit, again)
        if self._keyed:
            # A key that is forgotten without being deleted stands in the way of the next one.
            text = self.tr("Delete the key at {company}…").format(company=self._provider.company_name)
            self._entry("close", text, lambda: self.form_requested.emit("delete_key"))
        else:
            self._entry("sign-out", self.tr("Sign out"), lambda: actions.sign_out(account), signed_in)
        self._entry("trash", self.tr("Remove…"), lambda: self.form_requested.emit("remove"))

    def _entry(self, picture: str, text: str, do: Callable[[], object], possible: bool = True, keys: str = "") -> None:
        action = self.menu.addAction(icon(picture, "second"), f"{text}\t{keys}" if keys else text)
        action.setObjectName(f"menu_{picture}")
        action.setEnabled(possible)
        action.triggered.connect(do)
