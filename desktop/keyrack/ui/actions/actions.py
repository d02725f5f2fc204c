"""What a press does: each button's verb, started once, its failure told to the window."""

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QObject, QUrl, Signal
from PySide6.QtGui import QDesktopServices

from keyrack.primitives.failure import Failure
from keyrack.primitives.secret import Secret
from keyrack.ui.actions.button_tasks import ButtonTasks
from keyrack.ui.actions.copying import CopyForm, Copying
from keyrack.ui.integration.clipboard import Clipboard

if TYPE_CHECKING:
    from keyrack.core.accounts.account import Account
    from keyrack.core.rack import Rack

translate = QCoreApplication.translate


def open_page(address: str) -> None:
    """Open a provider's page in the browser; anything but http(s) is refused."""
    url = QUrl(address)
    if url.scheme() in ("https", "http"):
        QDesktopServices.openUrl(url)


class Actions(QObject):
    """Forwards intent to the rack, one attempt per account and verb at a time.

    `told` carries an account's id, a banner kind and a sentence for what no account state can show.
    `open_page` opens a provider's page in the browser.
    """

    told = Signal(str, str, str)

    def __init__(
        self, rack: "Rack", clipboard: Clipboard, tasks: ButtonTasks, open_page: Callable[[str], object] = open_page
    ) -> None:
        super().__init__()
        self.rack = rack
        self.clipboard = clipboard
        self.tasks = tasks
        self.open_page = open_page
        self.copying = Copying(rack, clipboard)

    def sign_in(self, account: "Account", user_code: Secret | None = None) -> None:
        """Begin a sign-in; how it ends is in the account's state."""
        self.start(account, "sign_in", lambda: self.rack.sign_in(account, user_code))

    def cancel(self, account: "Account") -> None:
        """End the sign-in under way."""
        self.rack.sign_ins.cancel(account)

    def confirm(self, account: "Account", yes: bool) -> None:
        """Answer the question a sign-in asks (S33)."""
        if not self.rack.lock.locked:
            self.rack.sign_ins.confirm(account, yes)

    def open_again(self, account: "Account") -> None:
        """Open the browser once more."""
        self.start(account, "open_again", lambda: self.rack.sign_ins.open_again(account))

    def refresh(self, account: "Account") -> None:
        """Renew the token and read the balances now."""
        self.start(account, "refresh", lambda: self.rack.refresh(account))

    def refresh_all(self) -> None:
        """Renew every account, none waiting for another."""
        for account in self.rack.accounts:
            self.refresh(account)

    def retry_save(self, account: "Account") -> None:
        """Try again to store what the keyring refused."""
        self.start(account, "retry_save", lambda: self.rack.retry_save(account))

    def use_memory(self) -> None:
        """Go on without a keyring, keeping secrets for this session only (S57)."""
        if not self.rack.lock.locked:
            self.tasks.start("use_memory", self.rack.use_memory)

    def lock(self) -> None:
        """Lock by hand (S91)."""
        self.rack.lock.lock(by_hand=True)

    def sign_out(self, account: "Account") -> None:
        """Forget the tokens and keep the credentials."""
        self.clipboard.clear_for(account.id)
        self.start(account, "sign_out", lambda: self.rack.sign_out(account))

    def remove(self, account: "Account") -> None:
        """Remove the account and say what happened at the provider."""
        self.clipboard.clear_for(account.id)
        self.start(account, "remove", lambda: self._remove(account))

    def delete_key(self, account: "Account") -> None:
        """Delete an API key at its provider and say what happened there."""
        self.clipboard.clear_for(account.id)
        self.start(account, "delete_key", lambda: self._delete_key(account))

    def copy(self, account: "Account", form: CopyForm = "token") -> None:
        """Put a token that still lives long enough on the clipboard."""
        self.start(account, "copy", lambda: self._copy(account, form))

    def copy_curl(self, account: "Account") -> None:
        """Copy a shell command that asks the account's API."""
        self.start(account, "copy_curl", lambda: self._copy_curl(account))

    def start(self, account: "Account", verb: str, doing: Callable[[], Awaitable[object]]) -> bool:
        """Start a verb of an account unless it is running or Keyrack is locked (S91); whether it was started."""
        if self.rack.lock.locked:
            self.told.emit("", "off", translate("Actions", "Keyrack is locked. Unlock it first."))
            return False
        return self.tasks.start(f"{account.id}:{verb}", self._guarded, account, doing)

    def running(self, account: "Account", verb: str) -> bool:
        """Whether a verb of an account is running."""
        return self.tasks.running(f"{account.id}:{verb}")

    async def _guarded(self, account: "Account", doing: Callable[[], Awaitable[object]]) -> None:
        try:
            await doing()
        except Failure as why:
            self.told.emit(account.id, "urgent", why.sentences())

    async def _copy(self, account: "Account", form: CopyForm) -> None:
        warning = await self.copying.token(account, form)
        if warning:
            self.told.emit(account.id, "soon", warning)

    async def _copy_curl(self, account: "Account") -> None:
        self.copying.curl(account)

    async def _delete_key(self, account: "Account") -> None:
        self.told.emit(account.id, "off", await self.rack.keys.delete(account))

    async def _remove(self, account: "Account") -> None:
        after = await self.rack.remove(account)
        removed = translate("Actions", "“{name}” was removed.").format(name=account.settings.name)
        self.told.emit("", "off", f"{removed} {after}".strip())
