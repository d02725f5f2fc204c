"""The growing numbers of signed requests, and when a key was last used. Nothing here is secret."""

import json
import logging
import threading
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from keyrack.core.system.private_file import checked_id, remove_private, write_private

_log = logging.getLogger(__name__)
SCHEMA = 1
_FOLDER = "keys"
_LARGEST = 2**53


@dataclass(frozen=True, slots=True)
class _StoredNonce:
    nonce: int = 0
    used: float | None = None


class Nonces:
    """One small durable file for each account in the state folder, so that the numbers grow over restarts.

    Providers demand that (WhiteBIT Fast API key Q10). A newer version's file is left as it is: the clock makes numbers
    that grow in any case (S68).
    """

    def __init__(self, state: Path, wall: Callable[[], float] = time.time) -> None:
        self._folder = state / _FOLDER
        self._wall = wall
        self._known: dict[str, _StoredNonce] = {}
        self._removed: set[str] = set()
        self._newer: set[str] = set()
        self._writing = threading.Lock()  # both writers run in threads, because the disk is slow

    def next(self, account: str, ahead: int = 0) -> int:
        """A number above every earlier one, in milliseconds since 1970 where that is enough.

        It is stored before it is returned.

        `ahead` milliseconds are added for a call that was refused for its number (WhiteBIT Fast API key Q6).
        """
        with self._writing:
            note = self._read(account)
            nonce = max(note.nonce + 1, int(self._wall() * 1000)) + ahead
            self._write(account, replace(note, nonce=nonce))
            return nonce

    def record_use(self, account: str) -> None:
        """Note that a signed call succeeded now."""
        with self._writing:
            self._write(account, replace(self._read(account), used=self._wall()))

    def last_use(self, account: str) -> float | None:
        """When a signed call last succeeded, in wall seconds. None if there was none."""
        return self._read(account).used

    def forget(self, account: str) -> None:
        """Delete the file of a removed account. A call that still ends in its thread writes no file any more."""
        with self._writing:
            self._removed.add(account)
            self._known.pop(account, None)
            try:
                remove_private(self._path(account))
            except OSError as problem:
                _log.warning("the note of a key could not be removed: %s", problem.strerror)

    def _read(self, account: str) -> _StoredNonce:
        if account not in self._known:
            self._known[account], newer = _read(self._path(account))
            if newer:
                self._newer.add(account)
        return self._known[account]

    def _write(self, account: str, note: _StoredNonce) -> None:
        if account in self._removed:
            return
        self._known[account] = note
        if account in self._newer:
            return
        try:
            write_private(self._path(account), json.dumps({"schema": SCHEMA, **asdict(note)}).encode())
        except OSError as problem:
            # A full disk must not stop the balances. The clock makes numbers that grow in any case.
            _log.warning("the note of a key could not be written: %s", problem.strerror)

    def _path(self, account: str) -> Path:
        return self._folder / f"{checked_id(account)}.json"


def _read(path: Path) -> tuple[_StoredNonce, bool]:
    """What is stored, and whether a newer version stored it."""
    newer = False
    try:
        found = json.loads(path.read_bytes())
        newer = found.get("schema", SCHEMA) != SCHEMA
        nonce, used = found["nonce"], found["used"]
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return _StoredNonce(), newer
    whole = nonce if type(nonce) is int and 0 < nonce < _LARGEST else 0
    at = float(used) if isinstance(used, int | float) and not isinstance(used, bool) else None
    return _StoredNonce(whole, at), newer
