"""The steps from a sign-in to a key that signs: wait for the key, fetch its one-time secret, prove the pair."""

import asyncio
import logging
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial

from keyrack.core.accounts.account import Account
from keyrack.core.accounts.credential import Key
from keyrack.core.accounts.state import Authorizing, Step
from keyrack.core.api_keys.grant_in_use import GrantInUse
from keyrack.core.api_keys.key_context import ApiKeyContext
from keyrack.core.api_keys.key_failures import KeyAsleep, KeyPasteOver, NoKeyMade, NotAKey, SecretLost
from keyrack.core.api_keys.key_params import key_params
from keyrack.core.api_keys.key_wait import WAIT_TOTAL, KeyWait
from keyrack.core.failures import WrongAccount
from keyrack.core.vault.vault_errors import VaultFailure
from keyrack.net.network_errors import NetworkFailure
from keyrack.oauth.oauth_errors import Transient
from keyrack.oauth.token import Token
from keyrack.primitives.failure import Failure
from keyrack.primitives.secret import Secret
from keyrack.primitives.sleep import happens_before, sleep_until
from keyrack.providers.api.key_provider import KeyInfo, KeyProvider
from keyrack.providers.api.key_refusals import (
    GrantEnded,
    KeyBusy,
    KeyDisabled,
    KeyGone,
    KeyUnknown,
    NotOurKey,
    SecretTaken,
)
from keyrack.providers.api_key import ApiKey

_log = logging.getLogger(__name__)

BUSY_WAITS = (5.0, 10.0, 20.0, 40.0, 60.0)
BUSY_TOTAL = 240.0
MOST_LOST = 2
PASTE_SECONDS = 600.0


class KeySignIn:
    """The key of one sign-in. `storing` is true while a secret may be on its way. It must not be cancelled then.

    The order of the steps is that of WhiteBIT (WhiteBIT Fast API key Q1, Q2, Q4, Q19).
    """

    def __init__(
        self, context: ApiKeyContext, keys: KeyProvider, account: Account, show: Callable[[Authorizing], None]
    ) -> None:
        self.storing = False
        self._context = context
        self._account = account
        self._show = show
        self._keys = keys
        self._params = key_params(context.sites.of(account))
        self._grant: GrantInUse | None = None
        self._wait: KeyWait | None = None
        self._pasted: asyncio.Future[Secret] | None = None

    @property
    def grant(self) -> Token | None:
        """The newest token that makes keys, which this sign-in may have renewed. None where it used none."""
        return self._grant.token if self._grant is not None else None

    async def without_browser(self) -> Key | None:
        """The key, where a stored token can get it without a browser. None if the person has to make one.

        The token lives, or is renewed first (WhiteBIT Fast API key Q1). Raises Failure.
        """
        token = self._context.key_records.grant(self._account.id)
        stored = self._context.records.api_key(self._account.id)
        if token is None:
            waits = stored is not None and stored.key is None
            return await self._complete(stored, self._candidates(stored)) if stored is not None and waits else None
        self._grant = GrantInUse(self._context, self._account, token)
        try:
            info = await self._grant.ask(self._keys.info)
        except GrantEnded:
            await self._drop_grant()
            return None
        if not info.exists:
            _log_odd(info)
            return None
        if not info.enabled:
            raise KeyAsleep(params=self._params)
        return await self._key_for(self._grant, info)

    async def after_browser(self, token: Token, delivered: Secret | None, waiting: Callable[[], None]) -> Key:
        """The key that the person makes. `delivered` is its public part, where the callback brought it.

        `waiting` is called when the key is not there yet, because the person goes on at the provider.
        """
        await self._context.key_records.keep_grant(self._account.id, token, delivered)
        grant = self._grant = GrantInUse(self._context, self._account, token)
        self._step("key", WAIT_TOTAL)
        self._wait = KeyWait(self._context.clock, grant, self._keys)
        try:
            info = await self._wait.run(waiting)
        except GrantEnded:
            await self._drop_grant()
            raise
        finally:
            self._wait = None
        if not info.exists:
            _log_odd(info)
            raise NoKeyMade(params=self._params)
        if not info.enabled:
            raise KeyAsleep(params=self._params)
        return await self._key_for(grant, info)

    @property
    def waits_for_key(self) -> bool:
        """Whether the person is to make the key at the provider."""
        return self._wait is not None

    def look_again(self) -> None:
        """Ask for the key at once, because the person says that it is made."""
        if self._wait is not None:
            self._wait.look_again()

    async def _drop_grant(self) -> None:
        self._grant = None
        await self._context.key_records.drop_grant(self._account.id)

    async def _key_for(self, grant: GrantInUse, info: KeyInfo) -> Key:
        stored = self._context.records.api_key(self._account.id)
        if stored is not None and stored.id != info.id:
            await self._check_person(stored)
        fetched: ApiKey | None = None
        if stored is None or stored.id != info.id:
            stored = fetched = await self._fetch_secret(grant, info.id)
        return await self._complete(stored, self._candidates(stored, fetched, info), info.rights)

    def _candidates(self, stored: ApiKey, *more: ApiKey | KeyInfo | None) -> list[Secret]:
        delivered = self._context.key_records.delivered(self._account.id)
        return _public_keys(stored, delivered, more, id_counts=self._keys.id_is_public_key)

    async def _check_person(self, stored: ApiKey) -> None:
        """Raise WrongAccount if the stored key works. A person has one key, so the new one is not theirs (S34)."""
        try:
            await self._context.signed_calls.prove(self._account, self._keys, stored)
        except (KeyUnknown, KeyDisabled):
            return
        await self._drop_grant()
        raise WrongAccount

    async def _fetch_secret(self, grant: GrantInUse, id: str) -> ApiKey:
        """The one-time secret, stored before anything else is done with it."""
        asked_before = self._context.key_records.fetching(self._account.id) == id
        await self._context.key_records.note_fetching(self._account.id, id)
        began, busy, lost = self._context.clock.elapsed(), 0, 0
        while True:
            try:
                return await self._fetch_and_store(grant, id)
            except SecretTaken as why:
                raise SecretLost(detail=why.detail, params=self._params) if lost or asked_before else why from None
            except (KeyGone, NotOurKey) as why:
                info = await grant.ask(self._keys.info)  # what a 403 or 404 means. Nothing is tried again.
                asleep = info.exists and not info.enabled
                raise KeyAsleep(params=self._params) if asleep else why from None
            except KeyBusy:
                wait = BUSY_WAITS[min(busy, len(BUSY_WAITS) - 1)]
                busy += 1
                if self._context.clock.elapsed() + wait > began + BUSY_TOTAL:
                    raise
            except (Transient, NetworkFailure):
                lost += 1
                wait = BUSY_WAITS[0]
                if lost >= MOST_LOST:
                    raise
            self._step("key_secret", wait)
            await sleep_until(self._context.clock.elapsed() + wait, self._context.clock.elapsed)

    async def _fetch_and_store(self, grant: GrantInUse, id: str) -> ApiKey:
        self.storing = True
        try:
            key = await grant.ask(partial(self._keys.secret, id=id))
            await self._store(key)
            return key
        finally:
            self.storing = False

    async def _store(self, key: ApiKey) -> None:
        """Store the key and read it back. One that the keyring refuses stays in memory and is shown (S74)."""
        try:
            await self._context.records.save_api_key(self._account.id, key, prompt=True)
        except VaultFailure as why:
            self._account.note("key_not_stored", why=why)

    async def _complete(self, key: ApiKey, candidates: Sequence[Secret], rights: tuple[str, ...] = ()) -> Key:
        """The pair with the first public part that a harmless call proves, from the person where none fits."""
        problem: Failure | None = None
        left = list(candidates)
        while True:
            asked = not left
            public = await self._ask_for_public_key(problem) if asked else left.pop(0)
            key = replace(key, key=public)
            self._step("exchanging", None)
            try:
                await self._context.signed_calls.prove(self._account, self._keys, key)
            except KeyUnknown as why:
                problem = why if asked else None
                continue
            except Failure as why:
                # The pair may be good. A broken connection does not prove otherwise.
                self._account.note("key_not_tried", why=why)
            break
        await self._store(key)
        record = self._context.records.cached(self._account.id)
        now = self._context.clock.elapsed()
        known = rights or (record.scopes if record is not None else ())
        return Key(public, now, now, self._keys.idle_seconds, known, self.grant)

    @property
    def waits_for_paste(self) -> bool:
        """Whether the person is to paste the public key."""
        return self._pasted is not None and not self._pasted.done()

    async def _ask_for_public_key(self, problem: Failure | None) -> Secret:
        """The public key as the person pastes it."""
        clock, self._pasted = self._context.clock, asyncio.get_running_loop().create_future()
        ends = clock.elapsed() + PASTE_SECONDS
        self._show(Authorizing(clock.elapsed(), ends, "public_key", why=problem))
        pasted = self._pasted
        if not await happens_before(ends, clock.elapsed, lambda: asyncio.wait({pasted})):
            raise KeyPasteOver(params=self._params)
        return pasted.result()

    def paste(self, text: str) -> None:
        """Take the public key that the person copied. Raises NotAKey."""
        key = self._keys.public_key(text)
        if key is None:
            raise NotAKey(params=self._params)
        if self._pasted is not None and not self._pasted.done():
            self._pasted.set_result(key)

    def _step(self, step: Step, seconds: float | None) -> None:
        now = self._context.clock.elapsed()
        self._show(Authorizing(now, None if seconds is None else now + seconds, step))


def _public_keys(
    stored: ApiKey, delivered: Secret | None, more: Sequence[ApiKey | KeyInfo | None], *, id_counts: bool
) -> list[Secret]:
    """What may be the public part: one that worked before, the key's id, then the older ways (Q2)."""
    proved = None if stored in more else stored.key
    by_id = Secret(stored.id) if id_counts and stored.id else None
    found = [proved, by_id, delivered, *(each.key for each in more if each is not None)]
    return [key for at, key in enumerate(found) if key is not None and key not in found[:at]]


def _log_odd(info: KeyInfo) -> None:
    if info.enabled and not info.exists:
        _log.warning("a provider says that a key is enabled which does not exist; taken for no key")
