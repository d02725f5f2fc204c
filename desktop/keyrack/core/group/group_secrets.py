"""The group's keys and the store's password, in one record of the keyring (S56, S66)."""

import contextlib
from dataclasses import dataclass, replace

from keyrack.core.shared_store.group_key import GroupKey
from keyrack.core.vault.record import Record
from keyrack.core.vault.record_store import RecordStore
from keyrack.core.vault.vault_errors import Corrupt, Missing
from keyrack.primitives.secret import Secret

ITEM = "sharing"


@dataclass(frozen=True, slots=True)
class GroupSecrets:
    """The keys, of which the one with the greatest number seals, and the password of the store's user, or None.

    There are two keys only while one takes the place of the other.
    """

    keys: tuple[GroupKey, ...]
    password: Secret | None = None

    @property
    def newest(self) -> GroupKey:
        """The key that seals."""
        return max(self.keys, key=lambda key: key.number)


class GroupSecretStore:
    """Loads and stores them. Every method raises VaultFailure."""

    def __init__(self, records: RecordStore) -> None:
        self._records = records

    async def load(self, *, prompt: bool = False) -> GroupSecrets:
        """What is kept. Raises Missing where there is none, and Corrupt for what is none."""
        record = await self._records.load(ITEM, prompt=prompt)
        if record.group_keys is None:
            raise Missing
        return GroupSecrets(_parsed(record.group_keys), record.store_password)

    async def keep(self, secrets: GroupSecrets) -> None:
        """Store them in the place of what was kept before."""
        text = Secret(" ".join(f"{key.number}:{key.secret.reveal()}" for key in secrets.keys))

        def changed(old: Record) -> Record:
            return replace(old, group_keys=text, store_password=secrets.password)

        # The keyring may have to be unlocked first.
        with contextlib.suppress(Missing, Corrupt):
            await self._records.load(ITEM, prompt=True)
        await self._records.update(ITEM, changed, prompt=True)

    async def forget(self) -> None:
        """Delete them. It is no error when there is none."""
        await self._records.delete(ITEM)


def _parsed(text: Secret) -> tuple[GroupKey, ...]:
    try:
        pairs = [part.split(":") for part in text.reveal().split(" ")]
        keys = tuple(GroupKey(int(number), Secret(digits)) for number, digits in pairs)
    except ValueError:
        raise Corrupt from None
    if len({key.number for key in keys}) != len(keys):
        raise Corrupt
    return keys
