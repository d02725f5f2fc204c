"""What a press does: each button's verb, started once, its failure told to the window."""

import shlex
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Literal

from PySide6.QtCore import QCoreApplication, QObject, Signal

from keyrack.core.state import Active
from keyrack.net.failure import Failure
from keyrack.net.secret import Secret
from keyrack.ui.clipboard import CLEAR_AFTER, Clipboard
from keyrack.ui.tasks import Tasks

if TYPE_CHECKING:
    from keyrack.core.account import Account
    from keyrack.core.rack import Rack

translate = QCoreApplication.translate
CopyForm = Literal["token", "header", "curl"]
LINK_SECONDS = 60


class Verbs(QObject):
    """Forwards intent to the rack, one attempt per account and verb at a time.

    `told` carries an account's id, a banner kind and a sentence for what no account state can show.
    """

    told = Signal(str, str, str)

    def __init__(self, rack: "Rack", clipboard: Clipboard, tasks: Tasks) -> None:
        super().__init__()
        self.rack = rack
        self.clipboard = clipboard
        self.tasks = tasks

    def sign_in(self, account: "Account", user_code: Secret | None = None) -> None:
        """Begin a sign-in; how it ends is in the account's state."""
        self.start(account, "sign_in", lambda: self.rack.sign_in(account, user_code))

    def cancel(self, account: "Account") -> None:
        """End the sign-in under way."""
        self.rack.login.cancel(account)

    def confirm(self, account: "Account", yes: bool) -> None:
        """Answer the question a sign-in asks (S33)."""
        self.rack.login.confirm(account, yes)

    def open_again(self, account: "Account") -> None:
        """Open the browser once more."""
        self.start(account, "open_again", lambda: self.rack.login.open_again(account))

    def copy_link(self, account: "Account") -> bool:
        """Copy a new one-time start address; whether a sign-in was waiting (S36)."""
        link = self.rack.login.copy_link(account)
        if link:
            self.clipboard.copy(Secret(link), LINK_SECONDS, f"{account.id}:link")
        return bool(link)

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
        self.tasks.start("use_memory", self.rack.use_memory)

    def sign_out(self, account: "Account") -> None:
        """Forget the tokens and keep the credentials."""
        self.clipboard.clear_for(account.id)
        self.start(account, "sign_out", lambda: self.rack.sign_out(account))

    def remove(self, account: "Account") -> None:
        """Remove the account and say what happened at the provider."""
        self.clipboard.clear_for(account.id)
        self.start(account, "remove", lambda: self._remove(account))

    def copy(self, account: "Account", form: CopyForm = "token") -> None:
        """Put a token that still lives long enough on the clipboard."""
        self.start(account, "copy", lambda: self._copy(account, form))

    def start(self, account: "Account", verb: str, doing: Callable[[], Awaitable[object]]) -> bool:
        """Start a verb of an account unless it is running; whether it was started."""
        return self.tasks.start(f"{account.id}:{verb}", self._guarded, account, doing)

    def running(self, account: "Account", verb: str) -> bool:
        """Whether a verb of an account is running."""
        return self.tasks.running(f"{account.id}:{verb}")

    async def _guarded(self, account: "Account", doing: Callable[[], Awaitable[object]]) -> None:
        try:
            await doing()
        except Failure as why:
            self.told.emit(account.id, "urgent", why.sentences())

    async def _remove(self, account: "Account") -> None:
        after = await self.rack.remove(account)
        removed = translate("Verbs", "“{name}” was removed.").format(name=account.settings.name)
        self.told.emit("", "off", f"{removed} {after}")

    async def _copy(self, account: "Account", form: CopyForm) -> None:
        token = await self.rack.hand_out.fresh(account)
        text = token if form == "token" else self._formed(account, token, form)
        self.clipboard.copy(text, self._seconds(account), account.id)
        account.note(_copied(form))
        if self.clipboard.warning():
            self.told.emit(account.id, "soon", self.clipboard.warning())

    def _formed(self, account: "Account", token: Secret, form: CopyForm) -> Secret:
        header = f"Authorization: Bearer {token.reveal()}"
        if form == "header":
            return Secret(header)
        provider = self.rack.provider_of(account.settings)
        api = provider.regions[account.settings.region].api
        call = next(iter(provider.balances or provider.storage), None)
        posted = ["-X", "POST"] if getattr(call, "method", "GET") == "POST" else []
        command = ["curl", *posted, "-H", header, api + (call.path if call else "")]
        return Secret(shlex.join(command))

    def _seconds(self, account: "Account") -> float:
        """How long it may lie there: 30 s, or the token's remaining life if that is shorter."""
        state = account.state
        if not isinstance(state, Active) or state.token.expires is None:
            return CLEAR_AFTER
        return max(1.0, min(float(CLEAR_AFTER), state.token.expires - self.rack.clock.elapsed()))


def _copied(form: CopyForm) -> str:
    return {
        "token": translate("Verbs", "Token copied to the clipboard."),
        "header": translate("Verbs", "Token copied as a header."),
        "curl": translate("Verbs", "Token copied as a curl command."),
    }[form]
