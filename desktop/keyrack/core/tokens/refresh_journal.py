"""Notes on disk that a renewal is under way, so that the next start knows of a crash in the middle of it (S73)."""

import json
import time
from collections.abc import Callable
from pathlib import Path

from keyrack.core.system.private_file import checked_id, overwrite_private

UNKNOWN_GENERATION = 0
SCHEMA = 1
_FOLDER = "intents"
# A note is filled up with spaces to this length, so that the next one covers it.
_LENGTH = 160


class RefreshJournal:
    """One small durable file for each account in the state folder. Nothing in it is secret.

    A note stays after its generation was stored. It then names no generation that is missing, and the next renewal
    overwrites it in place, which costs the disk one write.
    """

    def __init__(self, state: Path, wall: Callable[[], float] = time.time) -> None:
        self._folder = state / _FOLDER
        self._wall = wall
        self._known: dict[str, int | None] = {}  # what the files hold, as far as this process read or wrote them

    def write(self, account: str, generation: int) -> None:
        """Note, before the request is sent, that `generation` is being made.

        Raises OSError when the note cannot be stored.
        """
        note = {"schema": SCHEMA, "account": account, "generation": generation, "time": self._wall()}
        self._known.pop(account, None)
        overwrite_private(self._path(account), json.dumps(note).encode().ljust(_LENGTH))
        self._known[account] = generation

    def clear(self, account: str) -> None:
        """Remove the note, because no request was sent, or it was certainly refused, or the sign-in ended.

        The removal is not durable. After a power failure the note may be there again.
        """
        self._known.pop(account, None)
        self._path(account).unlink(missing_ok=True)
        self._known[account] = None

    def read(self, account: str) -> int | None:
        """The generation that was being made. None without a note, 0 for one that cannot be read, or is newer."""
        if account not in self._known:
            self._known[account] = self._read_file(account)
        return self._known[account]

    def _read_file(self, account: str) -> int | None:
        try:
            note = json.loads(self._path(account).read_bytes())
            generation = note["generation"] if note.get("schema", SCHEMA) == SCHEMA else UNKNOWN_GENERATION
        except FileNotFoundError:
            return None
        except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
            return UNKNOWN_GENERATION
        return generation if type(generation) is int and generation > 0 else UNKNOWN_GENERATION

    def _path(self, account: str) -> Path:
        return self._folder / f"{checked_id(account)}.json"
