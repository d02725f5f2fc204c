"""Looks whether the keyring would keep a secret, before the person has typed one."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import NoReturn

from keyrack.core.vault.memory_vault import MemoryVault
from keyrack.core.vault.record_store import RecordStore
from keyrack.core.vault.vault_errors import Corrupt, Missing, NewerSchema, VaultFailure
from keyrack.primitives.signal import Signal

# Every Keyrack asks for the lock's item, and no keyring has another one for it.
_ITEM = "lock"


class KeyringCheck:
    """What is known of the keyring. `changed` announces that this changed.

    `why` is what keeps it from being used, None while nothing is known to. `session_only` is true once the person
    chose to keep secrets for this session alone. `restore` reads the accounts that wait for the keyring.
    """

    def __init__(self, records: RecordStore, restore: Callable[[], Awaitable[object]]) -> None:
        self.changed: Signal[[]] = Signal()
        self.why: VaultFailure | None = None
        self.session_only = False
        self._records = records
        self._restore = restore
        self._woken = asyncio.Event()

    def wake(self) -> None:
        """Look again soon, without a question of the keyring. The caller waits for nothing."""
        self._woken.set()

    async def run(self) -> NoReturn:
        """Look whenever it is woken, until cancelled."""
        while True:
            await self._woken.wait()
            self._woken.clear()
            await self.look()

    async def look(self, *, prompt: bool = False) -> None:
        """Look now. With `prompt` the keyring may ask the person to unlock it or to set it up (deadline 120 s)."""
        try:
            await self._records.vault.load(_ITEM, prompt=prompt)
        except (Missing, Corrupt, NewerSchema):
            self._found(None)
        except VaultFailure as why:
            self._found(why)
        else:
            self._found(None)

    async def try_again(self) -> None:
        """Look as the person asked for it, and read what waited for the keyring."""
        await self.look(prompt=True)
        if self.why is None:
            await self._restore()

    async def use_memory(self) -> None:
        """Store secrets in memory for this session only, because there is no keyring (S57)."""
        self._records.use_vault(MemoryVault())
        self.session_only = True
        self.why = None
        self.changed.emit()
        await self._restore()

    def _found(self, why: VaultFailure | None) -> None:
        self.why = why
        self.changed.emit()
