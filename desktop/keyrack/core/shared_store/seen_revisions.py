"""Remembers in the state folder what this host has read from the shared store, so that nothing goes back unseen.

The file has a line with its version, then one line for each record that was read: the key's number, the revision that
the record follows, and its address. The greatest line of an address is in force. The file is written anew when most of
it is history. Each line is handed to the system at once, and the disk has them when the file is written anew or closed:
what a power failure takes from its end can be read once more, and no more than that.
"""

import logging
import os
from io import FileIO
from pathlib import Path

from keyrack.core.shared_store.seal_failures import WentBack
from keyrack.core.system.private_file import open_private, put_aside, write_private
from keyrack.primitives.failure import Failure, plain

VERSION = 1
_FIRST_LINE = b"keyrack seen revisions "
_FEWEST_OLD_LINES = 1_000
_LARGEST = 64 * 1024 * 1024
_log = logging.getLogger(__name__)

Mark = tuple[int, int]


class SeenRevisions:
    """The newest record that was read at each address, as the key's number and the revision that it follows.

    A changed key begins anew: its number goes before every revision. Raises Failure for a file of a newer version or
    one that the system does not let Keyrack read. A damaged file is kept under another name, and its whole lines count.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file: FileIO | None = None
        self._marks, self._lines = self._load()

    def check(self, address: str, key_number: int, revision: int) -> None:
        """Remember that a record was read. Raises WentBack for one that is older than another at this address."""
        seen = self._marks.get(address, (0, 0))
        if (key_number, revision) < seen:
            raise WentBack(address=plain(address), revision=str(revision), seen=str(seen[1]))
        self.note(address, key_number, revision)

    def note(self, address: str, key_number: int, revision: int) -> None:
        """Remember a revision where it is newer than what is known of this address."""
        mark = (key_number, revision)
        if mark > self._marks.get(address, (0, 0)):
            self._marks[address] = mark
            self._append(_line(address, mark))

    def has_seen(self, address: str) -> bool:
        """Whether a record was ever read at an address."""
        return address in self._marks

    def newest(self, address: str, key_number: int) -> int:
        """The newest revision that was noted there while the key had this number, 0 where there is none."""
        number, revision = self._marks.get(address, (0, 0))
        return revision if number == key_number else 0

    def close(self) -> None:
        """Have everything on the disk, and close the file."""
        if self._file is not None:
            with self._file as file:
                os.fsync(file.fileno())
            self._file = None

    def _append(self, line: bytes) -> None:
        try:
            if self._file is None or self._lines > 2 * len(self._marks) + _FEWEST_OLD_LINES:
                self._write_anew()
            else:
                self._file.write(line)
                self._lines += 1
        except OSError as why:
            # What is in memory still counts. A full disk may not keep a host from its tokens.
            _log.warning("what was read from the shared store could not be noted: %s", type(why).__name__)
            self._let_go()

    def _write_anew(self) -> None:
        lines = [_first_line(), *(_line(address, mark) for address, mark in sorted(self._marks.items()))]
        self._let_go()
        write_private(self._path, b"".join(lines))
        self._file = FileIO(open_private(self._path, os.O_WRONLY | os.O_APPEND), "a")
        self._lines = len(self._marks)

    def _let_go(self) -> None:
        if self._file is not None:
            self._file.close()
            self._file = None

    def _load(self) -> tuple[dict[str, Mark], int]:
        try:
            with self._path.open("rb") as file:
                data = file.read(_LARGEST)
        except FileNotFoundError:
            return {}, 0
        except OSError as why:
            raise Failure("share_seen_unreadable", reason=plain(why.strerror or type(why).__name__)) from why
        first, *lines = data.split(b"\n")
        version = first.removeprefix(_FIRST_LINE)
        if first.startswith(_FIRST_LINE) and version.isdigit() and int(version[:9]) > VERSION:
            raise Failure("share_seen_newer", path=plain(str(self._path)))
        # A last line without an end was being written when the power failed.
        parsed = [_parsed(line) for line in lines[:-1]]
        if first + b"\n" != _first_line() or None in parsed:
            _log.warning("the note of what was read from the shared store is damaged")
            put_aside(self._path)
        marks: dict[str, Mark] = {}
        for found in parsed:
            if found is not None:
                marks[found[0]] = max(found[1], marks.get(found[0], (0, 0)))
        return marks, len(parsed)


def _first_line() -> bytes:
    return _FIRST_LINE + str(VERSION).encode() + b"\n"


def _line(address: str, mark: Mark) -> bytes:
    return f"{mark[0]} {mark[1]} {address}\n".encode()


def _parsed(line: bytes) -> tuple[str, Mark] | None:
    number, revision, address = [*line.split(b" ", 2), b"", b""][:3]
    if not (number.isdigit() and revision.isdigit() and address and address.isascii()) or len(line) > 4_000:
        return None
    return address.decode(), (int(number), int(revision))
