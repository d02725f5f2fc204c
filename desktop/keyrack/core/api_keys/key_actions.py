"""What the person can do with an account's API key: delete it at the provider."""

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import replace
from functools import partial

from keyrack.core.accounts.account import Account
from keyrack.core.accounts.activity import Notice
from keyrack.core.accounts.state import Active, LoggedOut, Reason, Unsaved, key_of
from keyrack.core.api_keys.grant_in_use import GrantInUse
from keyrack.core.api_keys.key_context import ApiKeyContext
from keyrack.core.api_keys.key_failures import DeleteByHand, KeyAsleep, NoGrant
from keyrack.core.api_keys.key_params import key_params
from keyrack.core.vault.record import Record
from keyrack.oauth.token import Token
from keyrack.providers.api.key_provider import KeyProvider
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
        site, token = self._context.sites.of(account), self._newest_grant(account)
        params = key_params(site)
        if site.keys is None or token is None:
            raise NoGrant(params=params)
        grant = GrantInUse(self._context, account, token)
        newest: GrantInUse | None = grant
        try:
            return await self._delete_with(site.keys, grant, params)
        except GrantEnded:
            newest = None
            await self._context.key_records.drop_grant(account.id)
            raise NoGrant(params=params) from None
        finally:
            _show_grant(account, newest)

    def _newest_grant(self, account: Account) -> Token | None:
        """The token of the signed-in account, which is newer than the stored one by its access token."""
        key = key_of(account.state)
        return key.grant if key is not None and key.grant is not None else self._context.key_records.grant(account.id)

    async def _delete_with(self, keys: KeyProvider, grant: GrantInUse, params: dict[str, str]) -> Notice:
        try:
            info = await grant.ask(keys.info)
            if not info.exists:
                return Notice("key_deleted_before", params)
            if not info.enabled:
                raise KeyAsleep(params=params)
            await grant.ask(partial(keys.delete, id=info.id))
        except (NotOurKey, KeyGone) as why:
            # One more request for the state of the key, and nothing is tried again.
            if (await grant.ask(keys.info)).exists:
                raise DeleteByHand(detail=why.detail, params=params) from None
            return Notice("key_deleted_before", params)
        return Notice("key_deleted", params)


def _show_grant(account: Account, grant: GrantInUse | None) -> None:
    """Keep the token that was renewed, or none, so that the next renewal does not use the old one again."""
    state, key, token = account.state, key_of(account.state), grant.token if grant is not None else None
    if isinstance(state, Active) and key is not None and key.grant is not token:
        problem = grant.problem if grant is not None else None
        renewal = state.renewal if problem is None else Unsaved(problem)
        account.become(Active(replace(key, grant=token), renewal), expected=state)


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
