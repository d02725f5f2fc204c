"""What a record holds of an API key beside the key itself: the token that made it, and a secret being fetched."""

from dataclasses import replace

from keyrack.core.accounts.credential import Key
from keyrack.core.api_keys.nonces import Nonces
from keyrack.core.vault.record import Record
from keyrack.core.vault.record_store import RecordStore
from keyrack.core.vault.record_token import past_moment, token_of, with_token
from keyrack.oauth.token import Token
from keyrack.primitives.clock import Clock
from keyrack.primitives.secret import Secret


class KeyRecords:
    """The records of accounts whose credential is a key. Every write is stored and read back first (S72)."""

    def __init__(self, records: RecordStore, nonces: Nonces, clock: Clock) -> None:
        self._records = records
        self._nonces = nonces
        self._clock = clock

    def fetching(self, id: str) -> str:
        """The id of the key whose one-time secret was being requested when the record was written, else ""."""
        record = self._records.cached(id)
        return record.fetching if record is not None else ""

    async def note_fetching(self, id: str, key_id: str) -> None:
        """Store, before the request, which key's one-time secret is requested (WhiteBIT Fast API key Q4)."""
        await self._records.update(id, lambda old: replace(old, fetching=key_id), prompt=True)

    async def keep_grant(self, id: str, token: Token, delivered: Secret | None) -> None:
        """Store a token that only makes and deletes keys, and the public part that came with it."""
        await self._records.update(
            id, lambda old: replace(self._with_grant(old, token), delivered=delivered), prompt=True
        )

    async def store_renewed(self, id: str, token: Token) -> None:
        """Store the token that follows such a token. The generation grows, as the journal of renewals wants (S73)."""
        await self._records.update(id, lambda old: self._with_grant(old, token), prompt=True)

    def _with_grant(self, old: Record, token: Token | None) -> Record:
        return replace(with_token(old, token, self._clock), generation=old.generation + 1)

    def delivered(self, id: str) -> Secret | None:
        """The public part of a key that came with the sign-in, before the key's secret is stored."""
        record = self._records.cached(id)
        return record.delivered if record is not None else None

    async def drop_grant(self, id: str) -> None:
        """Forget a token that the provider no longer accepts, or that is another person's."""
        await self._records.update(id, lambda old: replace(self._with_grant(old, None), delivered=None))

    def grant(self, id: str) -> Token | None:
        """The token that makes and deletes keys, while it lives or can be renewed (WhiteBIT Fast API key Q1)."""
        record = self._records.cached(id)
        if record is None or (record.access is None and record.refresh is None):
            return None
        token = token_of(record, self._clock, renews_again=False)
        ends = token.refresh_expires if token.renewable else token.expires
        return token if ends is None or ends > self._clock.elapsed() else None

    def key(self, id: str, idle: float | None) -> Key | None:
        """The account's key. None without a whole one. `idle` seconds end an unused one."""
        record, key = self._records.cached(id), self._records.api_key(id)
        if record is None or key is None or key.key is None:
            return None
        now, made = self._clock.elapsed(), record.api_key_issued_wall
        issued = now if made is None else past_moment(made, self._clock)
        used = self._nonces.last_use(id)
        last = issued if used is None else max(issued, past_moment(used, self._clock))
        return Key(key.key, issued, last, idle, record.scopes, self.grant(id))
