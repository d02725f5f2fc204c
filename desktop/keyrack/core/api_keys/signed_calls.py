"""Makes an account's signed calls: one at a time, each with a number that was noted before it is sent."""

import asyncio
from collections import defaultdict
from dataclasses import replace
from typing import Any

from keyrack.core.accounts.account import Account
from keyrack.core.accounts.state import Active
from keyrack.core.api_keys.nonces import Nonces
from keyrack.core.failures import NotSignedIn
from keyrack.core.sites.sites import Sites
from keyrack.core.vault.record_store import RecordStore
from keyrack.oauth.endpoints.error_response import unavailable
from keyrack.oauth.strict_json import read_json, text_at
from keyrack.primitives.clock import Clock
from keyrack.primitives.secret import Secret
from keyrack.providers.api_key import ApiKey
from keyrack.providers.holding import Holding
from keyrack.providers.whitebit.refusals import NonceRefused, signed_refusal
from keyrack.providers.whitebit.signing import signed
from keyrack.providers.whitebit.whitebit_balances import PROOF, STREAM_TOKEN, Wallets, strange

AHEAD_MS = 1000


class SignedCalls:
    """Balances and stream tokens by an API key; a call that works counts as use of the key (WhiteBIT Q8)."""

    def __init__(self, sites: Sites, records: RecordStore, nonces: Nonces, clock: Clock) -> None:
        self._sites = sites
        self._records = records
        self._nonces = nonces
        self._clock = clock
        # WhiteBIT wants the numbers in order, so that two calls of one key never overtake each other (Q10).
        self._turns: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)

    async def holdings(self, account: Account) -> tuple[tuple[Holding, ...], str]:
        """Every asset that is not zero, and the wallets that the key may not read; raises Failure."""
        key = self._key_of(account)
        wallets = Wallets(self._sites.of(account).provider)
        await wallets.read(lambda path: self._ask(account, key, path))
        return wallets.holdings, wallets.unreadable

    async def prove(self, account: Account, key: ApiKey) -> None:
        """Make one harmless call; raises KeyUnknown for a pair that does not fit, or what else is wrong."""
        await self._ask(account, key, PROOF)

    async def stream_token(self, account: Account) -> Secret:
        """K2: a token for the stream, to be used at once."""
        found = text_at(await self._ask(account, self._key_of(account), STREAM_TOKEN), "websocket_token")
        if not found:
            raise strange()
        return Secret(found)

    def _key_of(self, account: Account) -> ApiKey:
        key = self._records.api_key(account.id)
        if key is None or key.key is None:
            raise NotSignedIn(f"{account.settings.name} has no key.", "Nothing was asked.", "Sign in first.")
        return key

    async def _ask(self, account: Account, key: ApiKey, path: str) -> Any:
        async with self._turns[account.id]:
            try:
                value = await self._send(account, key, path, 0)
            except NonceRefused:
                value = await self._send(account, key, path, AHEAD_MS)  # once, and never a rate limit (Q6)
            await asyncio.to_thread(self._nonces.used, account.id)
        self._used(account)
        return value

    async def _send(self, account: Account, key: ApiKey, path: str, ahead: int) -> Any:
        site = self._sites.of(account)
        # The note is made durable on disk, which may take a moment that the window would feel.
        nonce = await asyncio.to_thread(self._nonces.next, account.id, ahead)
        answer = await site.stream_target.http.send(signed(site.region, key, path, nonce))
        failure = unavailable(site.provider.name, answer.status, answer.headers)
        if failure is not None:
            raise failure
        value = read_json(answer.body, site.provider.name)
        failure = signed_refusal(answer.status, value)
        if failure is not None:
            raise failure
        return value

    def _used(self, account: Account) -> None:
        state = account.state
        if isinstance(state, Active) and state.token.kind == "key" and state.token.refresh_lifetime is not None:
            used = replace(state.token, refresh_issued=self._clock.elapsed())
            account.become(replace(state, token=used), expected=state)
