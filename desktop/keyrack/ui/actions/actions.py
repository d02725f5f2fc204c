"""What a button does: each action runs once at a time, and its failure is shown in the window."""

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QObject, QUrl, Signal
from PySide6.QtGui import QDesktopServices

from keyrack.core.sign_in.unattended import needs_nobody
from keyrack.net.network_errors import TlsRefused, Unreachable
from keyrack.primitives.failure import Failure
from keyrack.primitives.secret import Secret
from keyrack.ui.actions.arranging import Arranging
from keyrack.ui.actions.copying import CopyForm, Copying
from keyrack.ui.actions.course_feed import CourseFeed
from keyrack.ui.actions.history_export import HistoryExport
from keyrack.ui.actions.keyed_tasks import KeyedTasks
from keyrack.ui.actions.selection import Selection
from keyrack.ui.actions.sign_in_round import SignInRound
from keyrack.ui.actions.together import Together
from keyrack.ui.integration.clipboard import Clipboard
from keyrack.ui.integration.snooze import Snooze

if TYPE_CHECKING:
    from keyrack.core.accounts.account import Account
    from keyrack.core.rack import Rack

translate = QCoreApplication.translate


def open_page(address: str) -> None:
    """Open a provider's page in the browser. Any scheme but http and https is refused."""
    url = QUrl(address)
    if url.scheme() in ("https", "http"):
        QDesktopServices.openUrl(url)


class Actions(QObject):
    """Forwards the person's intent to the rack, one task per account and action at a time.

    `notified` carries an account's id ("" for none), a banner kind and a sentence that no account state can show.
    `unconnected` follows it where no connection was to be had, and `connection_asked` asks for the page about that.
    `copied` carries a sentence on what was copied, which the window shows by a button alone.
    `open_page` opens a provider's page in the browser.
    """

    notified = Signal(str, str, str)
    copied = Signal(str)
    unconnected = Signal()
    connection_asked = Signal()

    def __init__(
        self, rack: "Rack", clipboard: Clipboard, tasks: KeyedTasks, open_page: Callable[[str], object] = open_page
    ) -> None:
        super().__init__()
        self.rack = rack
        self.clipboard = clipboard
        self.tasks = tasks
        self.open_page = open_page
        self.copying = Copying(rack, clipboard)
        self.snooze = Snooze(rack.clock, self)
        self.sign_in_round = SignInRound(self)
        self.selection = Selection(rack)
        self.together = Together(self)
        self.arranging = Arranging(rack, self.notified)
        self.courses = CourseFeed(rack, tasks)
        self.history_export = HistoryExport(rack, tasks, self.notified)

    def sign_in(self, account: "Account", user_code: Secret | None = None) -> None:
        """Begin a sign-in. Its result is in the account's state."""
        self.start(account, "sign_in", lambda: self.rack.sign_in(account, user_code, patient=True))

    def cancel(self, account: "Account") -> None:
        """Cancel the running sign-in."""
        self.rack.sign_ins.cancel(account)

    def confirm(self, account: "Account", yes: bool) -> None:
        """Answer the question of a sign-in (S33)."""
        if not self.rack.lock.locked:
            self.rack.sign_ins.confirm(account, yes)

    def open_again(self, account: "Account") -> None:
        """Open the browser once more."""
        self.start(account, "open_again", lambda: self.rack.sign_ins.open_again(account))

    def refresh(self, account: "Account") -> None:
        """Renew the token and read the balances now."""
        self.start(account, "refresh", lambda: self.rack.refresh(account))

    def refresh_all(self) -> None:
        """Renew every account. No account waits for another."""
        for account in self.rack.accounts:
            self.refresh(account)

    def retry_save(self, account: "Account") -> None:
        """Try again to store what the keyring refused."""
        self.start(account, "retry_save", lambda: self.rack.retry_save(account))

    def use_memory(self) -> None:
        """Continue without a keyring and keep secrets for this session only (S57)."""
        if not self.rack.lock.locked:
            self.tasks.start("use_memory", self.rack.keyring.use_memory)

    def lock(self) -> None:
        """Lock on the person's request (S91)."""
        self.rack.lock.lock(by_hand=True)

    def sign_out(self, account: "Account") -> None:
        """Delete the tokens and keep the credentials."""
        self.start(account, "sign_out", lambda: self.rack.sign_out(account))

    def remove(self, account: "Account") -> None:
        """Remove the account, unless that is undone in ten seconds, and show what happened at the provider."""
        self.start(account, "remove", lambda: self._remove(account))

    def delete_key(self, account: "Account") -> None:
        """Delete an API key at its provider and show what happened there."""
        self.start(account, "delete_key", lambda: self._delete_key(account))

    def copy(self, account: "Account", form: CopyForm = "token") -> None:
        """Copy a token that lives long enough to be used, or with "curl" a command that asks for one.

        An account that can be signed in by nobody's help is signed in first.
        """
        self.start(account, "copy", lambda: self._copy(account, form))

    def start(self, account: "Account", verb: str, operation: Callable[[], Awaitable[object]]) -> bool:
        """Start an action unless it runs already or Keyrack is locked (S91). Returns whether it started."""
        if self.rack.lock.locked:
            self.notified.emit("", "off", translate("Actions", "Keyrack is locked. Unlock it first."))
            return False
        return self.tasks.start(f"{account.id}:{verb}", self._guarded, account, operation)

    def running(self, account: "Account", verb: str) -> bool:
        """Whether an action of an account is running."""
        return self.tasks.running(f"{account.id}:{verb}")

    async def _guarded(self, account: "Account", operation: Callable[[], Awaitable[object]]) -> None:
        try:
            await operation()
        except Failure as why:
            if isinstance(why, Unreachable | TlsRefused):
                self.notified.emit(account.id, "urgent", f"{why.happened} {why.means}")
                self.unconnected.emit()  # a button says what to do
            else:
                self.notified.emit(account.id, "urgent", why.sentences())

    async def _copy(self, account: "Account", form: CopyForm) -> None:
        warning = ""
        if form == "curl":
            self.copying.curl(account)
        else:
            if needs_nobody(account):
                await self.sign_in_round.sign_in_first(account)
            warning = await self.copying.token(account, form)
        self.copied.emit(f"{account.settings.name}: {account.activity.lines()[0].notice.sentence}")
        if warning:
            self.notified.emit(account.id, "soon", warning)

    async def _delete_key(self, account: "Account") -> None:
        self.notified.emit(account.id, "off", await self.rack.keys.delete(account))

    async def _remove(self, account: "Account") -> None:
        after = await self.rack.removals.remove(account)
        if after:
            removed = translate("Actions", "“{name}” was removed.").format(name=account.settings.name)
            self.notified.emit("", "off", f"{removed} {after}")
