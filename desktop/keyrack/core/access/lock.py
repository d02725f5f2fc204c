"""The lock: what may be shown, copied and released while the person is away (S91)."""

import asyncio
import logging
from dataclasses import replace
from pathlib import Path
from typing import Literal

from keyrack.core.access.passphrase import matches, verifier_of
from keyrack.core.failures import DraftProblem
from keyrack.core.system.private_file import remove_private, write_private
from keyrack.core.vault.record_store import RecordStore
from keyrack.core.vault.vault_errors import Corrupt, Missing, NewerSchema, NoService, VaultFailure
from keyrack.primitives.clock import Clock
from keyrack.primitives.failure import Failure
from keyrack.primitives.secret import Secret
from keyrack.primitives.signal import Signal

_log = logging.getLogger(__name__)

ITEM = "lock"
MARKER = "locked-by-hand"
SHORTEST = 4
LONGEST = 1024
FREE_ATTEMPTS = 3
FIRST_PAUSE = 5.0
LONGEST_PAUSE = 300.0

Kind = Literal["refused", "locked"]


class LockRefused(Failure):
    """The lock refuses an action. `kind` is the error's code in the interface of the local socket."""

    kind: Kind = "refused"


class StillLocked(LockRefused):
    """The action is not possible while Keyrack is locked."""

    code = "keyrack_locked"
    kind = "locked"


class Lock:
    """Whether Keyrack is locked, by hand or automatically.

    The passphrase's verifier is an item of its own in the keyring. A lock by hand refuses every token. Where a
    passphrase is set it continues after a restart, by an empty file, the marker. An automatic lock does not affect
    programs that are allowed. `load_failure` is set while it is unknown whether a passphrase is set. `unmarked` is true
    where the marker could not be written, so that a restart would end the lock.
    """

    def __init__(self, records: RecordStore, clock: Clock, state: Path) -> None:
        self.changed: Signal[[]] = Signal()
        self.load_failure: VaultFailure | None = VaultFailure("keyring_not_read")
        self._records = records
        self._clock = clock
        self.marker = state / MARKER
        self.unmarked = False
        self._verifier: Secret | None = None
        self.wrong_attempts = 0
        self._wait_until = 0.0
        self.checking = asyncio.Lock()
        self.locked = self.by_hand = self._locked_before_restart = self.marker.exists()

    @property
    def has_passphrase(self) -> bool:
        """Whether unlocking needs a passphrase, as far as the keyring could be read."""
        return self._verifier is not None

    async def load(self, *, prompt: bool = False) -> None:
        """Load whether a passphrase is set. A lock of an earlier run ends if the passphrase was removed meanwhile."""
        try:
            self._verifier, self.load_failure = (await self._records.load(ITEM, prompt=prompt)).verifier, None
        except Missing:
            self._verifier = self.load_failure = None
            if self._locked_before_restart:
                self.locked = self.by_hand = self._locked_before_restart = False
        except VaultFailure as why:
            # Where there never was a keyring there is no passphrase; one that is away tells nothing about its own.
            away = not isinstance(why, NoService) or self.has_passphrase or self._locked_before_restart
            self.load_failure = why if away else None
        self._update_marker()
        self.changed.emit()

    def lock(self, *, by_hand: bool) -> None:
        """Lock. A lock by hand is not changed to an automatic one."""
        self.locked = True
        self.by_hand = self.by_hand or by_hand
        self._locked_before_restart = self._locked_before_restart and not by_hand
        self._update_marker()
        self.changed.emit()

    def unlock_by_press(self) -> None:
        """Unlock when the person pressed the window's button. Raises LockRefused where that is not enough."""
        if self.load_failure is not None:
            raise _unreadable(self.load_failure)
        if self.has_passphrase:
            raise LockRefused("passphrase_needed")
        self._unlock()

    async def unlock(self, passphrase: Secret) -> None:
        """Unlock with the passphrase. Raises LockRefused for a wrong one, and in the pause after too many of them."""
        async with self.checking:
            if self.locked:
                await self._check(passphrase)
                self._unlock()

    async def confirm(self, passphrase: Secret) -> None:
        """Return if this is the passphrase, and change nothing. Raises LockRefused."""
        async with self.checking:
            await self._check(passphrase)

    async def set_passphrase(self, old: Secret | None, new: Secret | None, *, prompt: bool = False) -> None:
        """Set, change or (None) remove the passphrase. The old one is needed where one is set.

        `prompt` is True when the person may be asked to unlock the keyring.
        Raises LockRefused, DraftProblem or VaultFailure and then changes nothing.
        """
        async with self.checking:
            self.refuse_if_locked()
            if new is not None and not SHORTEST <= len(new) <= LONGEST:
                raise _wrong_length()
            if self.load_failure is not None:
                await self.load(prompt=prompt)
            if self.load_failure is not None or self.has_passphrase:
                await self._check(old if old is not None else Secret(""))
            await self._store(new, prompt=prompt)
            self._update_marker()
        self.changed.emit()

    def refuse_if_locked(self, *, by_hand: bool = False) -> None:
        """Raise LockRefused while locked, with `by_hand` only while locked by hand."""
        if self.locked and (self.by_hand or not by_hand):
            raise StillLocked

    async def _store(self, new: Secret | None, *, prompt: bool) -> None:
        if new is None:
            await self._records.delete(ITEM)
            self._verifier = None
            return
        verifier = await asyncio.to_thread(verifier_of, new)
        await self._records.update(ITEM, lambda old: replace(old, verifier=verifier), prompt=prompt)
        self._verifier = verifier

    async def _check(self, passphrase: Secret) -> None:
        """Return if this is the passphrase, else raise LockRefused. Attempts are checked one at a time."""
        if self.load_failure is not None:
            await self.load()
        if self.load_failure is not None:
            raise _unreadable(self.load_failure)
        if self._verifier is None:
            raise LockRefused("passphrase_not_set")
        self._refuse_in_pause()
        if not await asyncio.to_thread(matches, passphrase, self._verifier):
            raise self._wrong_one()
        self.wrong_attempts = 0

    def _refuse_in_pause(self) -> None:
        left = self._wait_until - self._clock.elapsed()
        if left > 0:
            raise LockRefused("passphrase_paused", tries=str(self.wrong_attempts), seconds=str(max(1, round(left))))

    def _wrong_one(self) -> LockRefused:
        self.wrong_attempts += 1
        if self.wrong_attempts >= FREE_ATTEMPTS:
            pause = min(FIRST_PAUSE * 2 ** min(self.wrong_attempts - FREE_ATTEMPTS, 16), LONGEST_PAUSE)
            self._wait_until = self._clock.elapsed() + pause
        return LockRefused("passphrase_wrong")

    def _unlock(self) -> None:
        self.locked = self.by_hand = self._locked_before_restart = False
        self._update_marker()
        self.changed.emit()

    def _update_marker(self) -> None:
        """Create or remove the marker, which a restart looks for. A full disk does not prevent locking."""
        self.unmarked = False
        try:
            if self.by_hand and (self.has_passphrase or self.load_failure is not None):
                write_private(self.marker, b"")
            else:
                remove_private(self.marker)
        except OSError as why:
            self.unmarked = self.by_hand
            _log.warning("the marker of the lock could not be changed: %s", why.strerror)


def _wrong_length() -> DraftProblem:
    return DraftProblem("new", "passphrase_length", shortest=str(SHORTEST), longest=str(LONGEST))


def _unreadable(why: VaultFailure) -> LockRefused:
    if isinstance(why, Corrupt | NewerSchema):
        return LockRefused("passphrase_record_unreadable")
    code = "passphrase_unread_no_keyring" if isinstance(why, NoService) else "passphrase_unread"
    return LockRefused(code, why=why.phrases.happened)
