"""What the person can do with an account's API key: delete it at the provider."""

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import replace

from keyrack.core.accounts.account import Account
from keyrack.core.accounts.activity import Notice
from keyrack.core.accounts.state import LoggedOut, Reason
from keyrack.core.api_keys.key_context import ApiKeyContext
from keyrack.core.api_keys.key_failures import DeleteByHand, KeyAsleep, NoGrant
from keyrack.core.api_keys.key_params import key_params
from keyrack.core.vault.record import Record
from keyrack.providers.api.key_refusals import GrantEnded, KeyGone, NotOurKey

Pause = Callable[[Account], AbstractAsyncContextManager[None]]


class ApiKeyActions:
    """The verbs of accounts whose credential is a key. `pause` keeps every other task away from an account."""

    def __init__(self, context: ApiKeyContext, pause: Pause) -> None:
        self._context = context
        self._pause = pause

    async def delete(self, account: Account) -> str:
        """Delete the key at the provider and here. Returns a sentence on what happened. Raises Failure."""
        async with self._pause(account):
            outcome = await self._delete_at_provider(account)
            await self._context.records.update(account.id, _without_key)
            self._context.records.unsaved_keys.remove(account.id)
            account.become(LoggedOut(Reason.SIGNED_OUT), expected=account.state)
            account.show_balances(None)
        account.add(outcome)
        return outcome.sentence

    async def _delete_at_provider(self, account: Account) -> Notice:
        site, grant = self._context.sites.of(account), self._context.key_records.grant(account.id)
        params = key_params(site)
        if site.keys is None or grant is None or grant.access is None:
            raise NoGrant(params=params)
        try:
            info = await site.keys.info(grant.access)
            if not info.exists:
                return Notice("key_deleted_before", params)
            if not info.enabled:
                raise KeyAsleep(params=params)
            await site.keys.delete(grant.access, info.id)
        except (NotOurKey, KeyGone) as why:
            # One more request for the state of the key, and nothing is tried again.
            if (await site.keys.info(grant.access)).exists:
                raise DeleteByHand(detail=why.detail, params=params) from None
            return Notice("key_deleted_before", params)
        except GrantEnded:
            await self._context.key_records.drop_grant(account.id)
            raise NoGrant(params=params) from None
        return Notice("key_deleted", params)


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
