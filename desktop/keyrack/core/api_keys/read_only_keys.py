"""Reads balances that a token alone does not show, with a read-only key that the token is exchanged for."""

import asyncio
import contextlib
import logging
import secrets
from collections import Counter, defaultdict
from dataclasses import dataclass, field, replace

from keyrack.core.accounts.account import Account
from keyrack.core.accounts.state import access_of, token_of
from keyrack.core.api_keys.nonces import Nonces
from keyrack.core.sites.sites import Sites
from keyrack.core.vault.record import Record
from keyrack.core.vault.record_store import RecordStore
from keyrack.core.vault.vault_errors import VaultFailure
from keyrack.primitives.secret import Secret
from keyrack.providers.api.api_client import ApiClient
from keyrack.providers.api.api_failures import ApiRefused, TokenRefused
from keyrack.providers.api.key_provider import ReadOnlyKeyProvider
from keyrack.providers.api_key import ApiKey
from keyrack.providers.holding import Reading

_log = logging.getLogger(__name__)
_NAME_BYTES = 6
# Stands before the name of a key of an earlier sign-in.
_UNPROVEN = "~"


class ReadOnlyKeys:
    """One key for each account. It is made at the first request for balances and kept in the record (Kraken Q13).

    A new sign-in may be of another account of the same person. The key is used again only after the provider has
    listed it for the new token (Kraken Q23).
    """

    def __init__(self, sites: Sites, records: RecordStore, nonces: Nonces) -> None:
        self._sites = sites
        self._records = records
        self._nonces = nonces
        self._locks: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)
        self._replaced: set[str] = set()
        self._outdated: set[str] = set()
        self._sign_ins: Counter[str] = Counter()

    async def doubt_before_sign_in(self, account: Account) -> None:
        """Mark the key as unproven before a new sign-in is stored."""
        if not self._needed(account):
            return
        self._sign_ins[account.id] += 1
        self._outdated.add(account.id)
        self._replaced.discard(account.id)
        self._records.unsaved_keys.remove(account.id)
        with contextlib.suppress(VaultFailure):  # then the record holds the earlier sign-in as a whole
            await self._records.update(account.id, _doubted)
            self._outdated.discard(account.id)

    def _needed(self, account: Account) -> bool:
        return self._maker(account) is not None

    def _maker(self, account: Account) -> ReadOnlyKeyProvider | None:
        return self._sites.of(account).quirks.read_only_key

    async def holdings(self, account: Account, token: Secret) -> Reading:
        """What the account holds, by token or by key, as its provider wants. Raises Failure."""
        maker = self._maker(account)
        if maker is None:
            return await self._sites.of(account).api_of(token_of(account.state)).holdings(token)
        async with self._locks[account.id]:  # numbers have to arrive in order
            return await self._by_key(account, maker, token)

    async def _by_key(self, account: Account, maker: ReadOnlyKeyProvider, token: Secret) -> Reading:
        """Use the stored key. A key that was deleted at the provider is replaced once, and never in a loop."""
        key = None if account.id in self._outdated else await self._proven(account, maker, token)
        if key is not None:
            try:
                return await self._request(account, maker, token, key)
            except TokenRefused as why:
                if account.id in self._replaced:
                    raise _refused(why) from None
        key = await self._make(account, maker, token)
        self._replaced.add(account.id)
        try:
            found = await self._request(account, maker, token, key)
        except TokenRefused as why:
            raise _refused(why) from None
        self._replaced.discard(account.id)
        return found

    async def _proven(self, account: Account, maker: ReadOnlyKeyProvider, token: Secret) -> ApiKey | None:
        """The stored key, if it belongs to the account of this token."""
        key = self._records.api_key(account.id)
        if key is None or not key.id.startswith(_UNPROVEN):
            return key
        proven = replace(key, id=key.id.removeprefix(_UNPROVEN))
        try:
            if proven.id not in await self._sites.of(account).api.key_names(maker, token):
                return None
        except ApiRefused:  # a sign-in without the right to list keys
            return None
        if access_of(account.state) == token:  # else another sign-in is under way
            with contextlib.suppress(VaultFailure):  # it is proven once more after the next start
                await self._records.save_api_key(account.id, proven)
        return proven

    def ending(self, account: Account) -> "KeyEnding | None":
        """What is needed to delete the key at the provider after it was deleted here. None where there is none."""
        maker, key = self._maker(account), self._records.api_key(account.id)
        if maker is None or key is None or not key.id:
            return None
        return KeyEnding(self._sites.of(account).api, maker, key.id.removeprefix(_UNPROVEN))

    async def _request(self, account: Account, maker: ReadOnlyKeyProvider, token: Secret, key: ApiKey) -> Reading:
        nonce = await asyncio.to_thread(self._nonces.next, account.id)
        return await self._sites.of(account).api.holdings(token, lambda path: maker.signed(path, key, nonce))

    async def _make(self, account: Account, maker: ReadOnlyKeyProvider, token: Secret) -> ApiKey:
        sign_in = self._sign_ins[account.id]
        key = await self._sites.of(account).api.make_key(maker, token, f"Keyrack {secrets.token_hex(_NAME_BYTES)}")
        if sign_in != self._sign_ins[account.id]:
            return key  # of a sign-in that was replaced meanwhile, so it is not stored
        self._outdated.discard(account.id)
        account.note("read_only_key_made")
        try:
            await self._records.save_api_key(account.id, key)
        except VaultFailure as why:
            # It stays in memory and is stored with the next token. Without it there would be no balances at all.
            _log.warning("a key could not be stored: %s", type(why).__name__)
        return key


@dataclass(frozen=True, slots=True)
class KeyEnding:
    """A key that is to be deleted at its provider. `name` is the provider's."""

    api: ApiClient
    maker: ReadOnlyKeyProvider = field(repr=False)
    name: str = ""

    async def delete(self, token: Secret) -> None:
        """Delete the key. Raises Failure when it may still be there."""
        await self.api.delete_key(self.maker, token, self.name)


def _doubted(old: Record) -> Record:
    """The record with a key that has to be proven, without one whose name is not known."""
    if not old.api_key_id:
        return replace(old, api_key=None, api_secret=None, api_key_issued_wall=None)
    return replace(old, api_key_id=_UNPROVEN + old.api_key_id.removeprefix(_UNPROVEN))


def _refused(why: TokenRefused) -> ApiRefused:
    return ApiRefused("read_only_key_refused", detail=why.detail)
