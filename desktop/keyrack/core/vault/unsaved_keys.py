"""API keys that are in memory until the keyring has stored them."""

from dataclasses import replace

from keyrack.core.vault.record import Record
from keyrack.primitives.clock import Clock
from keyrack.providers.api_key import ApiKey


class UnsavedKeys:
    """At most one key for each account. A secret that is shown only once stays here until it is stored (S74)."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._keys: dict[str, ApiKey] = {}

    def find(self, id: str) -> ApiKey | None:
        """The account's key, if it is not stored yet."""
        return self._keys.get(id)

    def add(self, id: str, key: ApiKey) -> None:
        """Keep a key until it is stored. It replaces an earlier one."""
        self._keys[id] = key

    def remove(self, id: str) -> None:
        """Drop the key, because it was deleted at the provider or its account was removed."""
        self._keys.pop(id, None)

    def remove_if_stored(self, id: str, record: Record) -> None:
        """Drop the key if `record`, which the vault holds now, has it."""
        key = self._keys.get(id)
        if key is not None and (key.secret, key.key) == (record.api_secret, record.api_key):
            del self._keys[id]

    def added_to(self, record: Record, id: str) -> Record:
        """The record with the account's unsaved key in it. It is the same record where there is no such key."""
        key = self._keys.get(id)
        if key is None:
            return record
        made = record.api_key_issued_wall if key.id == record.api_key_id else None
        return replace(
            record,
            generation=record.generation + 1,
            api_key=key.key,
            api_secret=key.secret,
            api_key_id=key.id,
            api_key_issued_wall=self._clock.wall() if made is None else made,
            fetching="",
            delivered=record.delivered if key.key is None else None,
        )
