"""Notes on disk that sign-ins are being handed over in a file, so that no kill leaves them in two places (S69).

What a start does with a note that it finds:

    the file was written whole              the sign-in ends here, as the person wished
    the file was not written                the sign-in goes on here
    the file is not there, or out of reach  the sign-in goes on here, and the person is told to delete the file

The file was certainly not written where what was begun still lies beside it, or where other bytes are in its place. A
file that is merely not there may have been written and carried away, or lie on a disk that is not mounted now.
"""

import contextlib
import hashlib
import logging
import os
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

import msgspec

from keyrack.core.system.private_file import left_over, remove_private, write_private

FOLDER = "handing-over"
SCHEMA = 1

Fate = Literal["handed_over", "hand_over_not_written", "hand_over_unknown"]

_log = logging.getLogger(__name__)


class _Written(msgspec.Struct, frozen=True):
    """`digest` is the SHA-256 of the file. `generations` are those of the records that are in it, by account."""

    file: str
    digest: str
    generations: dict[str, int]
    written: bool = False
    schema: int = SCHEMA


class _Head(msgspec.Struct):
    schema: int = SCHEMA


@dataclass(slots=True)
class HandOver:
    """One file that sign-ins go into. `fate` is what became of it, as far as a start has looked."""

    path: Path
    note: _Written
    open: set[str] = field(default_factory=set)
    fate: Fate | None = None

    @property
    def file(self) -> Path:
        """The file."""
        return Path(self.note.file)


class HandOverNotes:
    """One small durable file for each hand-over that is under way. Nothing in it is secret. It is used in threads."""

    def __init__(self, state: Path) -> None:
        self._folder = state / FOLDER
        self._found: list[HandOver] | None = None

    def begin(self, file: Path, data: bytes, generations: Mapping[str, int]) -> HandOver:
        """Note that these bytes are about to be written. Raises OSError, and then there is no note."""
        self._old()
        digest = hashlib.sha256(data).hexdigest()
        made = HandOver(
            self._folder / f"{digest[:32]}.json", _Written(str(file), digest, dict(generations)), set(generations)
        )
        write_private(made.path, msgspec.json.encode(made.note))
        return made

    def written(self, begun: HandOver) -> None:
        """Note that the file is there, so that it counts even where it is carried away before the next start."""
        begun.note = msgspec.structs.replace(begun.note, written=True)
        try:
            write_private(begun.path, msgspec.json.encode(begun.note))
        except OSError as problem:  # the file itself still tells
            _log.warning("the note of a hand-over could not be written: %s", problem.strerror)

    def clear(self, begun: HandOver) -> None:
        """Remove a note, because every sign-in has ended here, or the file was refused."""
        try:
            remove_private(begun.path)
        except OSError as problem:
            _log.warning("the note of a hand-over could not be removed: %s", problem.strerror)

    @property
    def any_unfinished(self) -> bool:
        """Whether an earlier run left one behind. The first question reads a folder."""
        return bool(self._old())

    def concerning(self, account: str) -> HandOver | None:
        """The hand-over that an earlier run left unfinished for this account, with its fate."""
        found = next((each for each in self._old() if account in each.open), None)
        if found is not None and found.fate is None:
            found.fate = _fate(found.note)
        return found

    def settle(self, account: str, known: Collection[str]) -> None:
        """Forget an account's hand-over. The note goes with the last of the accounts that are still `known`."""
        for each in [each for each in self._old() if account in each.open]:
            each.open = (each.open - {account}) & set(known)
            if not each.open:
                self.clear(each)
                self._old().remove(each)

    def _old(self) -> list[HandOver]:
        if self._found is None:
            for begun in self._folder.glob(".*.new"):
                with contextlib.suppress(OSError):
                    begun.unlink()
            self._found = [found for path in sorted(self._folder.glob("*.json")) if (found := _read(path))]
        return self._found


def _read(path: Path) -> HandOver | None:
    try:
        data = path.read_bytes()
        if msgspec.json.decode(data, type=_Head).schema > SCHEMA:
            _log.warning("a newer version wrote a note of a hand-over, which is left for it")
            return None
        note = msgspec.json.decode(data, type=_Written)
    except (OSError, msgspec.DecodeError, RecursionError) as problem:
        _log.warning("a note of a hand-over could not be read: %s", type(problem).__name__)
        return None
    return HandOver(path, note, set(note.generations))


def _fate(note: _Written) -> Fate:
    file = Path(note.file)
    begun = left_over(file)
    if note.written:
        return "handed_over"
    try:
        if hashlib.sha256(file.read_bytes()).hexdigest() == note.digest:
            return "handed_over"
    except FileNotFoundError:
        if not os.path.lexists(begun):
            return "hand_over_unknown"
    except OSError:
        return "hand_over_unknown"
    with contextlib.suppress(OSError):
        begun.unlink(missing_ok=True)
    return "hand_over_not_written"
