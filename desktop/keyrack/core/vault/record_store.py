"""Each account's record as the vault holds it, read once and kept in memory."""

import asyncio
from collections import defaultdict
from collections.abc import Callable
from dataclasses import replace

from keyrack.core.accounts.account import Account
from keyrack.core.accounts.credential import Credential, Key
from keyrack.core.vault.record import Record
from keyrack.core.vault.unsaved_keys import UnsavedKeys
from keyrack.core.vault.vault import Vault
from keyrack.core.vault.vault_errors import Corrupt, Missing
from keyrack.oauth.client import OAuthClient
from keyrack.oauth.token import Token
from keyrack.primitives.clock import Clock
from keyrack.primitives.secret import Secret
from keyrack.providers.api_key import ApiKey

NONE = Record(generation=0)


class RecordStore:
    """The records of all accounts; every write is stored and read back before memory changes (S72).

    Changes of one record follow each other, so that none is made from a value that another replaces.
    """

    def __init__(self, vault: Vault, clock: Clock) -> None:
        self._vault = vault
        self._clock = clock
        self._known: dict[str, Record] = {}
        self._identities: dict[str, str] = {}
        self.unsaved_keys = UnsavedKeys(clock)
        self._changing: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)

    @property
    def vault_name(self) -> str:
        """The name of the store, for the person."""
        return self._vault.name

    async def read(self, id: str, *, prompt: bool = False) -> Record:
        """The record of an account; `prompt` when a person is there to unlock the keyring. Raises VaultFailure."""
        if id not in self._known:
            self._known[id] = await self._vault.load(id, prompt=prompt)
        return self._known[id]

    def client(self, account: Account) -> OAuthClient:
        """The account's client with its secret."""
        settings, record = account.settings, self._known.get(account.id)
        return OAuthClient(settings.client_id, record.client_secret if record else None, settings.redirect_uri)

    def generation(self, id: str) -> int:
        """The generation that is stored now; 0 for none."""
        return self._known[id].generation if id in self._known else 0

    async def set_secret(self, id: str, client_secret: Secret | None) -> None:
        """Store another client secret beside what the record holds."""
        async with self._changing[id]:
            await self._write(id, replace(await self._current(id), client_secret=client_secret))

    async def keep(self, id: str, credential: Credential, identity: str = "", *, prompt: bool = False) -> None:
        """Store what makes this token again, or the token itself where nothing can (S65); of a key what goes with it.

        Raises VaultFailure and then leaves memory as it was; the identity is remembered for the next try.
        """
        if identity:
            self._identities[id] = identity
        async with self._changing[id]:
            old = await self._current(id)
            new = self._recorded(id, old, credential, self._identities.get(id) or old.identity)
            if new != old:
                await self._write(id, replace(new, generation=old.generation + 1), prompt=prompt)

    def api_key(self, id: str) -> ApiKey | None:
        """The key that signs this account's requests, if it has one; the newest, stored or not yet."""
        record, unsaved = self._known.get(id), self.unsaved_keys.of(id)
        if unsaved is not None or record is None or record.api_secret is None:
            return unsaved
        return ApiKey(record.api_secret, record.api_key, record.api_key_id)

    async def keep_api_key(self, id: str, key: ApiKey, *, prompt: bool = False) -> None:
        """Store a key, and read it back; raises VaultFailure and keeps it in memory for the next try."""
        self.unsaved_keys.hold(id, key)
        await self.change(id, lambda old: self.unsaved_keys.into(id, old), prompt=prompt)

    def known(self, id: str) -> Record | None:
        """The record as it was last read or written, without asking the vault."""
        return self._known.get(id)

    async def change(self, id: str, changed: Callable[[Record], Record], *, prompt: bool = False) -> None:
        """Store what `changed` makes of the record, if that is something else; raises VaultFailure."""
        async with self._changing[id]:
            old = await self._current(id)
            new = changed(old)
            if new != old:
                await self._write(id, new, prompt=prompt)

    async def sign_out(self, id: str) -> None:
        """Forget every token; keep the client secret, and whose account it is (S34)."""
        async with self._changing[id]:
            old = await self._current(id)
            kept = Record(client_secret=old.client_secret, generation=old.generation + 1, identity=old.identity)
            await self._write(id, kept)
            self.unsaved_keys.drop(id)

    async def forget(self, id: str) -> None:
        """Delete the record."""
        async with self._changing[id]:
            await self._vault.delete(id)
            self._known.pop(id, None)
            self._identities.pop(id, None)
            self.unsaved_keys.drop(id)

    async def _current(self, id: str) -> Record:
        """The record to change: one that could not be read is never taken for an empty one (S61)."""
        try:
            return await self.read(id)
        except (Missing, Corrupt):
            return NONE

    async def _write(self, id: str, record: Record, *, prompt: bool = False) -> None:
        await self._vault.save(id, record, prompt=prompt)
        self._known[id] = record
        self.unsaved_keys.stored(id, record)

    def _recorded(self, id: str, old: Record, token: Credential, identity: str) -> Record:
        old = self.unsaved_keys.into(id, old)
        if isinstance(token, Key):
            return replace(old, signed_in=True, identity=identity, scopes=token.rights)
        remade = token.renewable
        issued = token.refresh_issued
        return replace(
            old,
            signed_in=True,
            identity=identity,
            scopes=token.scopes,
            refresh=token.refresh,
            refresh_issued_wall=None if issued is None else self._clock.wall_at(issued),
            refresh_lifetime=token.refresh_lifetime,
            access=None if remade else token.access,
            issued_wall=None if remade else self._clock.wall_at(token.issued),
            lifetime=token.lifetime,
        )

    def token(self, id: str, *, renews_again: bool) -> Token:
        """The token as the record tells it; without an access token where that is made again."""
        record = self._known[id]
        issued = record.refresh_issued_wall
        return Token(
            access=record.access,
            issued=self._clock.elapsed() if record.issued_wall is None else self._past(record.issued_wall),
            lifetime=record.lifetime,
            refresh=record.refresh,
            refresh_lifetime=record.refresh_lifetime,
            refresh_issued=None if issued is None else self._past(issued),
            scopes=record.scopes,
            renewable=renews_again or (record.refresh is not None and record.access is None),
        )

    def _past(self, wall: float) -> float:
        """The moment of a wall time; one that lies ahead only tells that the wall clock was moved (S80)."""
        return min(self._clock.elapsed_at(wall), self._clock.elapsed())

    def switch(self, vault: Vault) -> None:
        """Use another store from now on."""
        self._vault = vault

    async def close(self) -> None:
        """Close the vault."""
        await self._vault.close()
