"""Makes an account's signed calls: one at a time, each with a number that is noted before it is sent."""

import asyncio
from collections import defaultdict
from dataclasses import replace
from functools import partial
from typing import Any

from keyrack.core.accounts.account import Account
from keyrack.core.accounts.state import Active, Running, Unsaved, key_of
from keyrack.core.api_keys.nonces import Nonces
from keyrack.core.failures import NotSignedIn
from keyrack.core.vault.record_store import RecordStore
from keyrack.primitives.clock import Clock
from keyrack.primitives.secret import Secret
from keyrack.providers.api.key_provider import KeyProvider
from keyrack.providers.api.key_refusals import NonceRefused
from keyrack.providers.api_key import ApiKey
from keyrack.providers.holding import Reading

AHEAD_MS = 1000


class SignedCalls:
    """Balances and stream tickets by an API key. A call that works counts as use of the key."""

    def __init__(self, records: RecordStore, nonces: Nonces, clock: Clock) -> None:
        self._records = records
        self._nonces = nonces
        self._clock = clock
        # Providers want the numbers in order, so two calls of one key never overtake each other
        # (WhiteBIT Fast API key Q10).
        self._locks: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)

    async def holdings(self, account: Account, keys: KeyProvider) -> Reading:
        """Every asset that is not zero, and the names of the wallets that the key may not read. Raises Failure."""
        return await keys.holdings(partial(self._call, account, keys, self._key_of(account)))

    async def prove(self, account: Account, keys: KeyProvider, key: ApiKey) -> None:
        """Make one harmless call. Raises KeyUnknown for a pair that does not fit, or another Failure."""
        await keys.prove(partial(self._call, account, keys, key))

    async def stream_ticket(self, account: Account, keys: KeyProvider) -> Secret:
        """What authorizes one connection of the push stream, to be used at once. Raises Failure."""
        return await keys.stream_ticket(partial(self._call, account, keys, self._key_of(account)))

    def _key_of(self, account: Account) -> ApiKey:
        key = self._records.api_key(account.id)
        if key is None or key.key is None:
            raise NotSignedIn("no_key", account=account.settings.name)
        return key

    async def _call(self, account: Account, keys: KeyProvider, key: ApiKey, path: str) -> Any:
        async with self._locks[account.id]:
            try:
                value = await self._send(account, keys, key, path, 0)
            except NonceRefused:
                # Once more with a number further ahead. This is no rate limit (WhiteBIT Fast API key Q6).
                value = await self._send(account, keys, key, path, AHEAD_MS)
            await asyncio.to_thread(self._nonces.record_use, account.id)
        self._show_use(account)
        return value

    async def _send(self, account: Account, keys: KeyProvider, key: ApiKey, path: str, ahead: int) -> Any:
        # In a thread, because the number is made durable on disk, which would block the window.
        nonce = await asyncio.to_thread(self._nonces.next, account.id, ahead)
        return await keys.call(key, path, nonce)

    def _show_use(self, account: Account) -> None:
        state, key = account.state, key_of(account.state)
        # A renewal of the token that made the key ends on the state in which it began.
        if not isinstance(state, Active) or isinstance(state.renewal, Running | Unsaved):
            return
        if key is not None and key.idle_seconds is not None:
            account.become(replace(state, credential=replace(key, used=self._clock.elapsed())), expected=state)
