"""API keys that are in memory until the keyring has taken them."""

from dataclasses import replace

from keyrack.core.vault.record import Record
from keyrack.primitives.clock import Clock
from keyrack.providers.api_key import ApiKey


class UnsavedKeys:
    """One key an account at most; a one-time secret is never let go before it is stored (S74)."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._keys: dict[str, ApiKey] = {}

    def of(self, id: str) -> ApiKey | None:
        """The account's key, if it is not stored yet."""
        return self._keys.get(id)

    def hold(self, id: str, key: ApiKey) -> None:
        """Keep a key until it is stored."""
        self._keys[id] = key

    def drop(self, id: str) -> None:
        """Forget it: it is gone at the provider, or its account is."""
        self._keys.pop(id, None)

    def into(self, id: str, old: Record) -> Record:
        """The record with the account's key in it."""
        key = self._keys.get(id)
        if key is None:
            return old
        made = old.api_key_issued_wall if key.id == old.api_key_id else None
        return replace(
            old,
            generation=old.generation + 1,
            api_key=key.key,
            api_secret=key.secret,
            api_key_id=key.id,
            api_key_issued_wall=self._clock.wall() if made is None else made,
            fetching="",
            delivered=old.delivered if key.key is None else None,
        )

    def stored(self, id: str, record: Record) -> None:
        """The vault holds this record now."""
        key = self._keys.get(id)
        if key is not None and (key.secret, key.key) == (record.api_secret, record.api_key):
            del self._keys[id]
