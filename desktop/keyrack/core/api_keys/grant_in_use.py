"""Uses the token that makes and deletes keys, and renews it first where it is about to end."""

from collections.abc import Awaitable, Callable
from typing import TypeVar

from keyrack.core.accounts.account import Account
from keyrack.core.api_keys.key_context import ApiKeyContext
from keyrack.core.api_keys.key_params import key_params
from keyrack.core.failures import SignInLapsed
from keyrack.core.vault.vault_errors import VaultFailure
from keyrack.net.network_errors import NetworkFailure
from keyrack.oauth.oauth_errors import InvalidGrant, Transient
from keyrack.oauth.token import Token
from keyrack.primitives.secret import Secret
from keyrack.providers.api.key_refusals import GrantEnded

LEAST_LEFT = 30.0
LEAST_SHARE = 0.5
_Answer = TypeVar("_Answer")


class GrantInUse:
    """The token of one account during a sign-in or an action, while nothing else renews it.

    `token` is the newest one. `problem` is why the keyring did not store it, None once it did. It is then in memory,
    and is stored with the next try (S74).
    """

    def __init__(self, context: ApiKeyContext, account: Account, token: Token) -> None:
        self.token = token
        self.problem: VaultFailure | None = None
        self._context = context
        self._account = account

    async def ask(self, request: Callable[[Secret], Awaitable[_Answer]]) -> _Answer:
        """Make a request about a key with a living token. After a 401 a renewed one is tried once, never in a loop.

        Raises GrantEnded when the token has ended for good, and the failures of the request.
        """
        access = await self._living()
        try:
            return await request(access)
        except GrantEnded:
            if not self.token.renewable:
                raise
            await self._renew()
            return await request(self.token.access or Secret(""))

    async def _living(self) -> Secret:
        token, now = self.token, self._context.clock.elapsed()
        left = float("inf") if token.expires is None else token.expires - now
        least = LEAST_LEFT if token.lifetime is None else min(LEAST_LEFT, LEAST_SHARE * token.lifetime)
        if token.access is None or (token.renewable and left < least):
            try:
                await self._renew()
            except (Transient, NetworkFailure):
                if token.access is None or left <= 0:
                    raise
        elif self.problem is not None:
            await self._store()
        return self.token.access or Secret("")

    async def _renew(self) -> None:
        """Renew the token and store it before it is used (S72)."""
        try:
            self.token = await self._context.renewal.next(self._account, self.token, unsaved=self.problem is not None)
        except (InvalidGrant, SignInLapsed) as why:
            raise GrantEnded(
                "key_grant_ended", detail=why.detail, params=key_params(self._context.sites.of(self._account))
            ) from None
        self._account.note("token_renewed")
        await self._store()

    async def _store(self) -> None:
        """Store the token. A keyring that refuses costs nothing yet, because the old one is used up (S74)."""
        try:
            await self._context.key_records.store_renewed(self._account.id, self.token)
        except VaultFailure as why:
            if self.problem is None:
                self._account.note("token_not_stored", why=why)
            self.problem = why
        else:
            self.problem = None
            self._context.renewal.clear_note(self._account.id)
