"""Each account's record as the vault holds it, read once and kept in memory."""

from dataclasses import replace

from keyrack.core.account import Account
from keyrack.core.clock import Clock
from keyrack.core.record import Record
from keyrack.core.vault import Vault
from keyrack.net.secret import Secret
from keyrack.oauth.client import OAuthClient
from keyrack.oauth.token import Token

NONE = Record(generation=0)


class Records:
    """The records of all accounts; every write is stored and read back before memory changes (S72)."""

    def __init__(self, vault: Vault, clock: Clock) -> None:
        self._vault = vault
        self._clock = clock
        self._known: dict[str, Record] = {}

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

    async def write(self, id: str, record: Record) -> None:
        """Store a record; raises VaultFailure and then leaves memory as it was."""
        await self._vault.save(id, record)
        self._known[id] = record

    async def set_secret(self, id: str, client_secret: Secret | None) -> None:
        """Store another client secret beside what the record holds."""
        old = self._known.get(id, NONE)
        await self.write(id, replace(old, client_secret=client_secret, generation=old.generation + 1))

    async def keep(self, id: str, token: Token, identity: str = "") -> None:
        """Store what makes this token again, or the token itself where nothing can (S65)."""
        old = self._known.get(id, NONE)
        new = self._recorded(old, token, identity or old.identity)
        if new != old:
            await self.write(id, replace(new, generation=old.generation + 1))

    def _recorded(self, old: Record, token: Token, identity: str) -> Record:
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
            issued=self._clock.elapsed() if record.issued_wall is None else self._clock.elapsed_at(record.issued_wall),
            lifetime=record.lifetime,
            refresh=record.refresh,
            refresh_lifetime=record.refresh_lifetime,
            refresh_issued=None if issued is None else self._clock.elapsed_at(issued),
            scopes=record.scopes,
            renewable=renews_again or (record.refresh is not None and record.access is None),
        )

    async def sign_out(self, id: str) -> None:
        """Forget every token and keep the client secret."""
        old = self._known.get(id, NONE)
        kept = Record(client_secret=old.client_secret, generation=old.generation + 1, identity=old.identity)
        await self.write(id, kept)

    async def forget(self, id: str) -> None:
        """Delete the record."""
        await self._vault.delete(id)
        self._known.pop(id, None)

    def switch(self, vault: Vault) -> None:
        """Use another store from now on."""
        self._vault = vault

    async def close(self) -> None:
        """Close the vault."""
        await self._vault.close()
