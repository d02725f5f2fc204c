"""Remembers the last list that was believed, so that no older one is believed after it.

It is one private file. Everything that is compared stands in the list itself, which is kept as it was signed.
The window, an agent and a command may look at the same time, so each compares with what stands there when it writes.
"""

import hashlib
import logging
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import msgspec

from keyrack.core.system.private_file import private_folder, put_aside, write_private
from keyrack.core.updates.release_list import ReleaseList, list_of
from keyrack.core.updates.release_signature import ReleaseKey, key_of
from keyrack.core.updates.update_failures import ListRefused, UpdateFailure

if sys.platform != "win32":
    import fcntl

NAME = "updates.json"
SCHEMA = 1

_log = logging.getLogger(__name__)


class SeenList(msgspec.Struct, frozen=True, kw_only=True):
    """What the file holds.

    `row` are all keys that this row of lists had so far, those that were trusted from the beginning among them. `key`
    is the one that signed last, and `following` the one that it named to come after it. `looked` is the wall time of
    the last look with an answer that was believed, `tried` that of the last one at all, and `refused` with `params` why
    it failed. `told` is the version that a notice named.
    """

    schema: int = SCHEMA
    row: tuple[str, ...] = ()
    key: str = ""
    following: str = ""
    text: str = ""
    looked: float = 0.0
    tried: float = 0.0
    refused: str = ""
    params: dict[str, str] = {}
    told: str = ""

    @property
    def list(self) -> ReleaseList | None:
        """The list, None before the first one."""
        return list_of(self.text.encode()) if self.text else None

    def trusted(self, root: ReleaseKey) -> tuple[ReleaseKey, ...]:
        """Who may sign the next list: the last signer and the one that it named, or who is trusted from now on."""
        return (
            tuple(key_of(text) for text in (self.key, self.following) if text) if self.goes_on_from(root) else (root,)
        )

    def goes_on_from(self, root: ReleaseKey) -> bool:
        """Whether this is of the same row of lists. Any key of it may be the product's or the settings' now."""
        return root.text in (*self.row, self.following)

    def row_with(self, root: ReleaseKey, key: ReleaseKey) -> tuple[str, ...]:
        """The keys of the row once `key` has signed, for one to whom `root` is named now."""
        return tuple(dict.fromkeys((*(self.row if self.goes_on_from(root) else ()), root.text, key.text)))

    def check(self, found: ReleaseList, text: bytes) -> None:
        """Raise ListRefused for a list that is older than this one, or another one of the same number."""
        last = self.list
        if last is None:
            return
        if found.number < last.number or found.made < last.made:
            raise ListRefused("update_older", made=_day(found), last=_day(last))
        if found.number == last.number and _digest(text) != _digest(self.text.encode()):
            raise ListRefused("update_two_lists", number=str(found.number))


@dataclass(frozen=True, slots=True)
class SeenLists:
    """The file in the state folder. It is read and written in threads."""

    state: Path

    @property
    def path(self) -> Path:
        """The file."""
        return self.state / NAME

    def read(self) -> SeenList:
        """What was remembered. A damaged file is put aside. Raises UpdateFailure for one of a newer Keyrack."""
        try:
            found = msgspec.json.decode(self.path.read_bytes(), type=SeenList)
            if found.schema <= SCHEMA:
                for text in (*found.row, *(text for text in (found.key, found.following) if text)):
                    key_of(text)
                _ = found.list
                return found
        except FileNotFoundError:
            return SeenList()
        except OSError as problem:
            raise UpdateFailure("update_note_unread", reason=problem.strerror or type(problem).__name__) from None
        except (msgspec.DecodeError, UpdateFailure, RecursionError, ValueError):
            return self._without()
        raise UpdateFailure("update_note_newer", file=NAME)

    def change(self, change: Callable[[SeenList], SeenList]) -> SeenList:
        """Remember durably what comes of what stands there now, and return it. Raises UpdateFailure.

        What `change` raises leaves the file as it is.
        """
        with self._alone():
            changed = change(self.read())
            self._write(changed)
            return changed

    def _write(self, seen: SeenList) -> None:
        try:
            # A part of a failure's sentence may be a Phrase, which the encoder does not take as a text.
            write_private(self.path, msgspec.json.encode(seen, enc_hook=str))
        except OSError as problem:
            reason = problem.strerror or type(problem).__name__
            raise UpdateFailure("update_not_noted", reason=reason) from None

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Hold back other processes, where the file system has locks: without them the moment is short all the same."""
        descriptor = -1
        if sys.platform != "win32":
            with suppress(OSError):
                descriptor = os.open(private_folder(self.state), os.O_RDONLY | os.O_DIRECTORY)
                fcntl.flock(descriptor, fcntl.LOCK_EX)
        try:
            yield
        finally:
            if descriptor >= 0:
                os.close(descriptor)

    def _without(self) -> SeenList:
        try:
            aside = put_aside(self.path)
        except OSError as problem:
            raise UpdateFailure("update_note_unread", reason=problem.strerror or type(problem).__name__) from None
        _log.warning("the note of the last release list could not be read, and is now %s", aside.name)
        return SeenList()


def _digest(text: bytes) -> bytes:
    return hashlib.sha256(text).digest()


def _day(found: ReleaseList) -> str:
    return found.made.date().isoformat()
