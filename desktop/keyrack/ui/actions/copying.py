"""Puts tokens, links, commands and addresses on the clipboard."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Literal

from PySide6.QtGui import QGuiApplication

from keyrack.core.accounts.hosts import region_of
from keyrack.core.accounts.state import Active, Authorizing, State, key_of, token_of
from keyrack.core.preferences.all_settings import CLIPBOARD_SECONDS
from keyrack.primitives.secret import Secret
from keyrack.ui.integration.clipboard import Clipboard
from keyrack.ui.text.command_text import curl

if TYPE_CHECKING:
    from keyrack.core.accounts.account import Account
    from keyrack.core.rack import Rack

SecretForm = Literal["token", "header", "secret"]
CopyForm = SecretForm | Literal["curl"]
LINK_SECONDS = 60
_NOTICES = {"token": "token_copied", "header": "header_copied"}
_NOTICES_OF_KEYS = {"token": "public_key_copied", "secret": "key_secret_copied"}


class Copying:
    """What is copied, in which form and for how long."""

    def __init__(self, rack: "Rack", clipboard: Clipboard) -> None:
        self._rack = rack
        self._clipboard = clipboard
        self._stop_following: Callable[[], None] = lambda: None
        rack.lock.changed.connect(self._clear_if_locked)

    async def token(self, account: "Account", form: SecretForm) -> str:
        """Copy a token that lives long enough to be used. Returns a warning or "". Raises Failure.

        For an API key, "token" is its public part and "secret" is the part that signs. Nothing is copied while locked,
        and a copy that was requested before the lock is dropped (S91).
        """
        if form == "secret":
            token = self._rack.tokens.give_key(account).secret
        else:
            token = (await self._rack.tokens.give(account, None)).secret
        copied = Secret(f"Authorization: Bearer {token.reveal()}") if form == "header" else token
        self._clipboard.copy(copied, self._seconds(account), account.id)
        self._follow(account, account.id, Active)
        account.note(_NOTICES_OF_KEYS[form] if _has_key(account) else _NOTICES[form])
        return self._clipboard.warning()

    def link(self, account: "Account") -> bool:
        """Copy a new one-time start address of a sign-in (S36). Returns whether a sign-in was waiting."""
        link = "" if self._rack.lock.locked else self._rack.sign_ins.copy_link(account)
        if link:
            owner = f"{account.id}:link"
            self._clipboard.copy(Secret(link), LINK_SECONDS, owner)
            self._follow(account, owner, Authorizing)
        return bool(link)

    def curl(self, account: "Account") -> None:
        """Copy a shell command that asks the account's API. It holds no secret, so it stays on the clipboard.

        Raises Failure while locked, as every other copy does.
        """
        self._rack.lock.refuse_if_locked()
        settings, provider = account.settings, self._rack.provider_of(account.settings)
        path, post = "", False
        if provider.balances:
            path, post = provider.balances[0].path, provider.balances[0].method == "POST"
        elif provider.storage:
            path = provider.storage[0].path
        url = region_of(provider, settings.region, settings.hosts).api + path
        self.text(curl(settings.name, url, post=post, sandbox=self._rack.sandbox))
        account.note("curl_copied")

    def text(self, text: str) -> None:
        """Copy a text that holds no secret, such as the address to register."""
        QGuiApplication.clipboard().setText(text)

    def _follow(self, account: "Account", owner: str, lives_in: type[State]) -> None:
        """Clear what was copied as soon as the account leaves that state or is removed, whatever ends it (S96)."""
        self._stop_following()

        def look() -> None:
            if not isinstance(account.state, lives_in) or self._rack.accounts.find(account.id) is not account:
                self._stop_following()
                self._clipboard.clear_for(owner)

        self._stop_following = account.changed.connect(look)
        look()

    def _clear_if_locked(self) -> None:
        if self._rack.lock.locked:
            self._clipboard.clear()

    def _seconds(self, account: "Account") -> float:
        """As long as the person chose, or the token's remaining life if that is shorter."""
        token, chosen = token_of(account.state), float(self._rack.preferences.value(CLIPBOARD_SECONDS))
        if token is None or token.expires is None:
            return chosen
        return max(1.0, min(chosen, token.expires - self._rack.clock.elapsed()))


def _has_key(account: "Account") -> bool:
    return key_of(account.state) is not None
