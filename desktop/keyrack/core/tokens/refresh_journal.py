"""Notes on disk that a renewal is under way, so that the next start knows of a crash in the middle of it (S73)."""

import json
import time
from collections.abc import Callable
from pathlib import Path

from keyrack.core.system.private_file import checked_id, write_private

UNKNOWN_GENERATION = 0
_FOLDER = "intents"


class RefreshJournal:
    """One small durable file for each account in the state folder. Nothing in it is secret."""

    def __init__(self, state: Path, wall: Callable[[], float] = time.time) -> None:
        self._folder = state / _FOLDER
        self._wall = wall

    def write(self, account: str, generation: int) -> None:
        """Note, before the request is sent, that `generation` is being made.

        Raises OSError when the note cannot be stored.
        """
        note = {"account": account, "generation": generation, "time": self._wall()}
        write_private(self._path(account), json.dumps(note).encode())

    def clear(self, account: str) -> None:
        """Remove the note, because the new generation is stored or no request was sent.

        The removal is not durable. A note that is there again after a power failure names a generation that is stored.
        """
        self._path(account).unlink(missing_ok=True)

    def read(self, account: str) -> int | None:
        """The generation that was being made. None without a note, 0 for a note that cannot be read."""
        try:
            note = json.loads(self._path(account).read_bytes())
            generation = note["generation"]
        except FileNotFoundError:
            return None
        except (OSError, ValueError, KeyError, TypeError, RecursionError):
            return UNKNOWN_GENERATION
        return generation if type(generation) is int and generation > 0 else UNKNOWN_GENERATION

    def _path(self, account: str) -> Path:
        return self._folder / f"{checked_id(account)}.json"
