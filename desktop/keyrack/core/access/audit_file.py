"""The file with one line for each release of a token, oldest first."""

import logging
import os
import time
from pathlib import Path

from keyrack.core.system.private_file import open_private, private_folder

NAME = "releases.jsonl"
LONGEST = 1_000_000
OLDER = 3
_CHECK_SECONDS = 1.0
_WARNING_SECONDS = 60.0
_log = logging.getLogger(__name__)


class AuditFile:
    """Appends whole lines, each with one write.

    At 1 MB the file is renamed to `releases.jsonl.1`. Three older files are kept.
    A full disk loses lines, which is logged at most once a minute, but it never stops a release.
    """

    def __init__(self, state: Path, longest: int = LONGEST, check_seconds: float = _CHECK_SECONDS) -> None:
        self._path = state / NAME
        self._longest = longest
        self._check_seconds = check_seconds
        self._file = -1
        self._size = 0
        self._torn = False
        self._checked_at = self._warned_at = float("-inf")

    def append(self, line: bytes) -> None:
        """Write the line and its end before this returns."""
        try:
            self._prepare(len(line) + 1)
            whole = b"\n" * self._torn + line + b"\n"
            written = os.write(self._file, whole)
            self._size += written
            self._torn = written < len(whole)
            if self._torn:
                self._warn("the disk is full")
        except OSError as error:
            self._warn(error.strerror or type(error).__name__)
            self.close()

    def close(self) -> None:
        """Close the file. The next line opens it again."""
        if self._file >= 0:
            os.close(self._file)
        self._file = -1

    def _prepare(self, more: int) -> None:
        """Open the file of this name, with room for `more` bytes."""
        if self._file >= 0 and time.monotonic() - self._checked_at > self._check_seconds and not self._is_there():
            self.close()
        if self._file < 0:
            self._open()
        if self._size and self._size + more > self._longest:
            self.close()
            self._rotate()
            self._open()

    def _is_there(self) -> bool:
        """Whether the path still names the open file. The person may have moved it."""
        self._checked_at = time.monotonic()
        try:
            return os.path.samestat(os.fstat(self._file), self._path.lstat())
        except FileNotFoundError:
            return False

    def _open(self) -> None:
        private_folder(self._path.parent)
        self._file = open_private(self._path, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
        self._size = os.fstat(self._file).st_size
        self._checked_at = time.monotonic()

    def _rotate(self) -> None:
        for number in range(OLDER, 0, -1):
            source = self._older(number - 1) if number > 1 else self._path
            if source.exists():
                source.replace(self._older(number))

    def _older(self, number: int) -> Path:
        return self._path.with_name(f"{NAME}.{number}")

    def _warn(self, why: str) -> None:
        if time.monotonic() - self._warned_at > _WARNING_SECONDS:
            self._warned_at = time.monotonic()
            _log.warning("a release could not be recorded: %s", why)
