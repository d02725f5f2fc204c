"""Puts tokens, links and addresses on the clipboard."""

import shlex
from typing import TYPE_CHECKING, Literal

from PySide6.QtGui import QGuiApplication

from keyrack.core.accounts.hosts import region_of
from keyrack.core.accounts.state import key_of, token_of
from keyrack.primitives.secret import Secret
from keyrack.ui.integration.clipboard import CLEAR_AFTER, Clipboard

if TYPE_CHECKING:
    from keyrack.core.accounts.account import Account
    from keyrack.core.rack import Rack

CopyForm = Literal["token", "header", "curl", "secret"]
LINK_SECONDS = 60
_NOTICES = {"token": "token_copied", "header": "header_copied", "curl": "curl_copied"}
_NOTICES_OF_KEYS = {"token": "public_key_copied", "secret": "key_secret_copied"}


class Copying:
    """What is copied, in which form and for how long."""

    def __init__(self, rack: "Rack", clipboard: Clipboard) -> None:
        self._rack = rack
        self._clipboard = clipboard
        rack.lock.changed.connect(self._clear_if_locked)

    async def token(self, account: "Account", form: CopyForm) -> str:
        """Copy a token that still lives long enough; returns a warning or "". Raises Failure.

        Of an API key the token is its public part, and "secret" what signs with it. Nothing is copied while
        locked, and nothing that was asked for before (S91).
        """
        if form == "secret":
            token = self._rack.tokens.give_key(account).secret
        else:
            token = (await self._rack.tokens.give(account, None)).secret
        self._clipboard.copy(self._formed(account, token, form), self._seconds(account), account.id)
        account.note(_NOTICES_OF_KEYS[form] if _has_key(account) else _NOTICES[form])
        return self._clipboard.warning()

    def link(self, account: "Account") -> bool:
        """Copy a new one-time start address of a sign-in; whether one was waiting (S36)."""
        link = "" if self._rack.lock.locked else self._rack.sign_ins.copy_link(account)
        if link:
            self._clipboard.copy(Secret(link), LINK_SECONDS, f"{account.id}:link")
        return bool(link)

    def text(self, text: str) -> None:
        """Copy what is no secret, such as the address to register."""
        QGuiApplication.clipboard().setText(text)

    def _clear_if_locked(self) -> None:
        if self._rack.lock.locked:
            self._clipboard.clear()

    def _formed(self, account: "Account", token: Secret, form: CopyForm) -> Secret:
        if form in ("token", "secret"):
            return token
        header = f"Authorization: Bearer {token.reveal()}"
        if form == "header":
            return Secret(header)
        provider = self._rack.provider_of(account.settings)
        api = region_of(provider, account.settings.region, account.settings.hosts).api
        posted, path = [], ""
        if provider.balances:
            path = provider.balances[0].path
            posted = ["-X", "POST"] if provider.balances[0].method == "POST" else []
        elif provider.storage:
            path = provider.storage[0].path
        return Secret(shlex.join(["curl", *posted, "-H", header, api + path]))

    def _seconds(self, account: "Account") -> float:
        """30 s, or the token's remaining life if that is shorter."""
        token = token_of(account.state)
        if token is None or token.expires is None:
            return CLEAR_AFTER
        return max(1.0, min(float(CLEAR_AFTER), token.expires - self._rack.clock.elapsed()))


def _has_key(account: "Account") -> bool:
    return key_of(account.state) is not None
