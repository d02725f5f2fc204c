"""What a person can do with an account's API key: paste its public part, copy its secret, delete it at the provider."""

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import replace

from keyrack.core.accounts.account import Account
from keyrack.core.accounts.state import LoggedOut, Reason
from keyrack.core.api_keys.key_context import ApiKeyContext
from keyrack.core.api_keys.key_failures import DeleteByHand, KeyAsleep, NoGrant
from keyrack.core.failures import NotSignedIn
from keyrack.core.vault.record import Record
from keyrack.primitives.failure import Failure
from keyrack.primitives.secret import Secret
from keyrack.providers.whitebit.fast_key import GrantEnded, KeyDesk, KeyGone, NotOurKey

Quiet = Callable[[Account], AbstractAsyncContextManager[None]]


class ApiKeyActions:
    """The verbs of accounts whose credential is a key; `quiet` keeps everything else away from an account."""

    def __init__(self, context: ApiKeyContext, quiet: Quiet) -> None:
        self._context = context
        self._quiet = quiet

    def secret(self, account: Account) -> Secret:
        """The secret that signs this account's requests; raises NotSignedIn without one."""
        key = self._context.records.api_key(account.id)
        if key is None:
            raise NotSignedIn(f"{account.settings.name} has no key.", "There is no secret to copy.", "Sign in first.")
        return key.secret

    async def delete(self, account: Account) -> str:
        """Delete the key at WhiteBIT and forget it here; the sentence says what happened. Raises Failure."""
        async with self._quiet(account):
            said = await self._deleted(account)
            await self._context.records.update(account.id, _without_key)
            self._context.records.unsaved_keys.remove(account.id)
            account.become(LoggedOut(Reason.SIGNED_OUT), expected=account.state)
            account.show_balances(None)
        account.note(said)
        return said

    async def _deleted(self, account: Account) -> str:
        grant = self._context.kept.grant(account.id)
        if grant is None or grant.access is None:
            raise NoGrant
        desk = self._desk(account)
        try:
            info = await desk.info(grant.access)
            if not info.exists:
                return "WhiteBIT has no such key any more."
            if not info.enabled:
                raise KeyAsleep
            await desk.delete(grant.access, info.id)
        except (NotOurKey, KeyGone) as why:
            return await self._gone(desk, grant.access, why)
        except GrantEnded:
            await self._context.kept.drop_grant(account.id)
            raise NoGrant from None
        return "The key was deleted at WhiteBIT, which also tells you by mail."

    async def _gone(self, desk: KeyDesk, token: Secret, why: Failure) -> str:
        """After a 403 or 404: the table of section 4 is read once more, and nothing is tried again."""
        if (await desk.info(token)).exists:
            raise DeleteByHand(detail=why.detail)
        return "WhiteBIT has no such key any more."

    def _desk(self, account: Account) -> KeyDesk:
        site = self._context.sites.of(account)
        return KeyDesk(site.stream_target.http, site.provider, site.region)


def _without_key(old: Record) -> Record:
    return replace(
        old,
        generation=old.generation + 1,
        signed_in=False,
        api_key=None,
        api_secret=None,
        api_key_id="",
        api_key_issued_wall=None,
        fetching="",
        delivered=None,
        scopes=(),
    )
