"""The records of all accounts: loaded from the vault once, kept in memory, and stored before memory changes."""

import asyncio
from collections import defaultdict
from collections.abc import Callable, Collection
from dataclasses import replace

from keyrack.core.accounts.account import Account, Settings
from keyrack.core.accounts.collection import Accounts
from keyrack.core.accounts.credential import Credential, renewed_part
from keyrack.core.vault.record import Record
from keyrack.core.vault.record_token import record_of, token_of
from keyrack.core.vault.shared_records import AwaitedRecords, SharedRecords
from keyrack.core.vault.unsaved_keys import UnsavedKeys
from keyrack.core.vault.vault import Vault
from keyrack.core.vault.vault_errors import Corrupt, Missing
from keyrack.oauth.registered_client import OAuthClient
from keyrack.oauth.token import Token
from keyrack.primitives.clock import Clock
from keyrack.primitives.secret import Secret
from keyrack.providers.api_key import ApiKey

EMPTY = Record(generation=0)


class RecordStore:
    """Saves and loads records by the account's id. A write is stored and read back before memory changes (S72).

    Writes to one record run one after another, so that each starts from the record that the last one stored.
    Every method that calls the vault raises VaultFailure. `prompt` is True when the person pressed a button and may
    be asked to unlock the keyring.
    """

    def __init__(self, vault: Vault, clock: Clock) -> None:
        self.vault = vault
        self.shared: SharedRecords = AwaitedRecords(Accounts())
        self._clock = clock
        self._cache: dict[str, Record] = {}
        self._identities: dict[str, str] = {}
        self.unsaved_keys = UnsavedKeys(clock)
        self._locks: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)

    async def load(self, id: str, *, prompt: bool = False) -> Record:
        """The account's record, from memory if it was loaded or stored before. Raises Missing when there is none."""
        if id not in self._cache:
            shared = self.shared.holds(id)
            self._cache[id] = await (self.shared.load(id) if shared else self.vault.load(id, prompt=prompt))
        return self._cache[id]

    async def load_together(self, ids: Collection[str], *, prompt: bool = False) -> None:
        """Load what can be read in one request into memory. Any other record is loaded by itself, with its failure."""
        own = [id for id in ids if id not in self._cache and not self.shared.holds(id)]
        found = await self.vault.load_together(own, prompt=prompt)
        self._cache = found | self._cache

    def cached(self, id: str) -> Record | None:
        """The account's record as it was last loaded or stored. It does not call the vault."""
        return self._cache.get(id)

    def client(self, account: Account) -> OAuthClient:
        """The account's OAuth client with its secret."""
        settings, record = account.settings, self._cache.get(account.id)
        return OAuthClient(settings.client_id, record.client_secret if record else None, settings.redirect_uri)

    def generation(self, id: str) -> int:
        """The generation of the account's record, 0 without a record."""
        return self._cache[id].generation if id in self._cache else 0

    def token(self, id: str, *, renews_again: bool) -> Token:
        """The token of the account's record, which must be in memory. See `token_of`."""
        token = token_of(self._cache[id], self._clock, renews_again=renews_again)
        return self.shared.with_access(id, token) if self.shared.holds(id) else token

    def api_key(self, id: str) -> ApiKey | None:
        """The key that signs the account's requests. An unsaved key goes before the stored one."""
        record, unsaved = self._cache.get(id), self.unsaved_keys.find(id)
        if unsaved is not None or record is None or record.api_secret is None:
            return unsaved
        return ApiKey(record.api_secret, record.api_key, record.api_key_id)

    async def save_client_secret(self, id: str, client_secret: Secret | None, *, prompt: bool = False) -> None:
        """Store another client secret and keep the rest of the record."""
        async with self._locks[id]:
            old = await self._load_or_empty(id, prompt=prompt)
            await self._write(id, replace(old, client_secret=client_secret), prompt=prompt)

    async def save_credential(
        self, id: str, credential: Credential, identity: str = "", *, prompt: bool = False, renewal: bool = False
    ) -> None:
        """Store what renews this token, or the token itself where nothing renews it (S65). Of a key: its rights.

        A `renewal` follows the record in memory, and anything else the newest one of all hosts. After a failure the
        record in memory is unchanged. The identity is kept for the next attempt.
        """
        if identity:
            self._identities[id] = identity
        async with self._locks[id]:
            old = await self._load_or_empty(id, newest=not renewal)
            with_key = self.unsaved_keys.added_to(old, id)
            new = record_of(credential, with_key, self._identities.get(id) or old.identity, self._clock)
            if new != old or self.shared.holds(id):
                new = replace(new, generation=old.generation + 1)
                await self._write(id, new, token=renewed_part(credential), prompt=prompt)

    async def save_api_key(self, id: str, key: ApiKey, *, prompt: bool = False) -> None:
        """Store a key. After a failure it stays among the unsaved keys for the next attempt."""
        self.unsaved_keys.add(id, key)
        await self.update(id, lambda old: self.unsaved_keys.added_to(old, id), prompt=prompt)

    async def update(
        self, id: str, change: Callable[[Record], Record], *, settings: Settings | None = None, prompt: bool = False
    ) -> None:
        """Store the record that `change` returns, if it differs from the one before.

        Of a shared account, `settings` are stored for all hosts with it.
        """
        async with self._locks[id]:
            old = await self._load_or_empty(id, prompt=prompt)
            new = change(old)
            if new != old or (settings is not None and self.shared.holds(id)):
                await self._write(id, new, settings=settings, prompt=prompt)

    async def delete_tokens(self, id: str, ended: str = "") -> None:
        """Delete every token and key. The client secret stays, and the identity of the account (S34)."""
        async with self._locks[id]:
            old = await self._load_or_empty(id)
            kept = Record(client_secret=old.client_secret, generation=old.generation + 1, identity=old.identity)
            await self._write(id, replace(kept, ended=ended))
            self.unsaved_keys.remove(id)

    async def delete(self, id: str) -> None:
        """Delete the record."""
        async with self._locks[id]:
            if self.shared.holds(id):
                await self.shared.remove(id)
            await self.vault.delete(id)
            self._cache.pop(id, None)
            self._identities.pop(id, None)
            self.unsaved_keys.remove(id)

    async def discard(self, id: str) -> None:
        """Delete what a first save that failed may have left, whenever the keyring does it."""
        async with self._locks[id]:
            await self.vault.discard(id)
            self._cache.pop(id, None)

    async def _load_or_empty(self, id: str, *, prompt: bool = False, newest: bool = True) -> Record:
        """The record to change. Only Missing and Corrupt make it empty, no other failure does (S61)."""
        try:
            if newest and self.shared.holds(id):
                return await self.shared.load(id)  # memory may not have what another host stored a moment ago
            return await self.load(id, prompt=prompt)
        except (Missing, Corrupt):
            return EMPTY

    def adopt(self, id: str, record: Record) -> None:
        """Take over a record that another host stored."""
        self._cache[id] = record

    async def _write(
        self,
        id: str,
        record: Record,
        *,
        token: Token | None = None,
        settings: Settings | None = None,
        prompt: bool = False,
    ) -> None:
        if self.shared.holds(id):
            await self.shared.put(id, record, token, settings)
        await self.vault.save(id, record, prompt=prompt)
        self._cache[id] = record
        self.unsaved_keys.remove_if_stored(id, record)

    def use_vault(self, vault: Vault) -> None:
        """Use another vault from now on."""
        self.vault = vault

    async def close(self) -> None:
        """Close the vault."""
        await self.vault.close()
