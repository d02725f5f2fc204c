"""The steps from a sign-in to a key that signs: wait for the key, fetch its one-time secret, prove the pair."""

import asyncio
import logging
from collections.abc import Callable
from dataclasses import replace

from keyrack.core.accounts.account import Account
from keyrack.core.accounts.credential import Key
from keyrack.core.accounts.state import Authorizing, Step
from keyrack.core.api_keys.key_context import ApiKeyContext
from keyrack.core.api_keys.key_failures import KeyAsleep, KeyPasteOver, NoKeyMade, NotAKey, SecretLost
from keyrack.core.api_keys.key_params import key_params
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

POLL_SECONDS = 1.5
POLL_TOTAL = 28.0
BUSY_WAITS = (5.0, 10.0, 20.0, 40.0, 60.0)
BUSY_TOTAL = 240.0
MOST_LOST = 2
PASTE_SECONDS = 600.0


class KeySignIn:
    """The key of one sign-in. `storing` is true while a secret may be on its way. It must not be cancelled then.

    The order of the steps is that of WhiteBIT (WhiteBIT Fast API key Q1, Q2, Q4).
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
        self._pasted: asyncio.Future[Secret] | None = None

    async def without_browser(self) -> Key | None:
        """The key, where a stored token can get it without a browser. None if the person has to make one.

        The token lives for four hours (WhiteBIT Fast API key Q1). Raises Failure.
        """
        grant, stored = (
            self._context.key_records.grant(self._account.id),
            self._context.records.api_key(self._account.id),
        )
        if grant is None or grant.access is None:
            waits = stored is not None and stored.key is None
            return await self._complete(stored, None, ()) if stored is not None and waits else None
        try:
            info = await self._keys.info(grant.access)
        except GrantEnded:
            await self._context.key_records.drop_grant(self._account.id)
            return None
        if not info.exists:
            _log_odd(info)
            return None
        if not info.enabled:
            raise KeyAsleep(params=self._params)
        return await self._key_for(grant, info)

    async def after_browser(self, grant: Token, delivered: Secret | None) -> Key:
        """The key that the person just made. `delivered` is its public part, where the callback brought it."""
        await self._context.key_records.keep_grant(self._account.id, grant, delivered)
        self._step("key", POLL_TOTAL)
        return await self._key_for(grant, await self._wait_for_key(grant))

    async def _wait_for_key(self, grant: Token) -> KeyInfo:
        """Request the key's state for less than 30 s until the key is there, then raise what is wrong."""
        ends = self._context.clock.elapsed() + POLL_TOTAL
        while self._context.clock.elapsed() < ends:
            try:
                info = await self._keys.info(_access(grant))
            except (Transient, NetworkFailure):
                info = None  # nothing is lost yet, so the next request follows
            if info is not None and info.exists and info.enabled:
                return info
            await self._sleep(POLL_SECONDS)
        info = await self._keys.info(_access(grant))
        if info.exists and info.enabled:
            return info
        _log_odd(info)
        raise KeyAsleep(params=self._params) if info.exists else NoKeyMade(params=self._params)

    async def _key_for(self, grant: Token, info: KeyInfo) -> Key:
        stored = self._context.records.api_key(self._account.id)
        if stored is not None and stored.id != info.id:
            await self._check_person(stored)
        if stored is None or stored.id != info.id:
            stored = await self._fetch_secret(grant, info.id)
        known = stored.key or self._context.key_records.delivered(self._account.id) or info.key
        return await self._complete(replace(stored, key=known), grant, info.rights)

    async def _check_person(self, stored: ApiKey) -> None:
        """Raise WrongAccount if the stored key works. A person has one key, so the new one is not theirs (S34)."""
        try:
            await self._context.signed_calls.prove(self._account, self._keys, stored)
        except (KeyUnknown, KeyDisabled):
            return
        await self._context.key_records.drop_grant(self._account.id)
        raise WrongAccount

    async def _fetch_secret(self, grant: Token, id: str) -> ApiKey:
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
                raise await self._explain(grant, why) from None
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
            self._step("key", wait)
            await self._sleep(wait)

    async def _fetch_and_store(self, grant: Token, id: str) -> ApiKey:
        self.storing = True
        try:
            key = await self._keys.secret(_access(grant), id)
            await self._store(key)
            return key
        finally:
            self.storing = False

    async def _store(self, key: ApiKey) -> None:
        """Store the key and read it back.

        A key that the keyring refuses stays in memory and is shown as unsaved (S74).
        """
        try:
            await self._context.records.save_api_key(self._account.id, key, prompt=True)
        except VaultFailure as why:
            self._account.note("key_not_stored", why=why)

    async def _explain(self, grant: Token, why: Failure) -> Failure:
        """What a 403 or 404 means, by one more request for the key's state. Nothing is tried again."""
        info = await self._keys.info(_access(grant))
        return KeyAsleep(params=self._params) if info.exists and not info.enabled else why

    async def _complete(self, key: ApiKey, grant: Token | None, rights: tuple[str, ...]) -> Key:
        """The pair with its public part, from the person where nothing brought it, proved by a harmless call."""
        problem: Failure | None = None
        while True:
            public = key.key or await self._ask_for_public_key(problem)
            key = replace(key, key=public)
            self._step("exchanging", None)
            try:
                await self._context.signed_calls.prove(self._account, self._keys, key)
            except KeyUnknown as why:
                problem, key = why, replace(key, key=None)
                continue
            except Failure as why:
                # The pair may be good. A refused network address or a broken connection does not prove otherwise.
                self._account.note("key_not_tried", why=why)
            break
        await self._store(key)
        record = self._context.records.cached(self._account.id)
        now = self._context.clock.elapsed()
        known = rights or (record.scopes if record is not None else ())
        return Key(public, now, now, self._keys.idle_seconds, known, grant)

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

    async def _sleep(self, seconds: float) -> None:
        """Wait by the clock that counts suspend."""
        elapsed = self._context.clock.elapsed
        await sleep_until(elapsed() + seconds, elapsed)


def _access(grant: Token) -> Secret:
    return grant.access or Secret("")


def _log_odd(info: KeyInfo) -> None:
    if info.enabled and not info.exists:
        _log.warning("a provider says that a key is enabled which does not exist; taken for no key")
