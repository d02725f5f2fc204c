"""The end of the log file, as records that can be narrowed down. What is read is bounded."""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from keyrack.core.system.log import FILE_NAME
from keyrack.primitives.redaction import redact

LONGEST = 400_000
MOST_RECORDS = 3_000
Least = Literal["", "WARNING", "ERROR"]

_HEAD = re.compile(
    r"^(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d),\d{3} (DEBUG|INFO|WARNING|ERROR|CRITICAL) [^\s:]+: ", re.MULTILINE
)
_FROM: dict[Least, tuple[str, ...]] = {
    "": ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"),
    "WARNING": ("WARNING", "ERROR", "CRITICAL"),
    "ERROR": ("ERROR", "CRITICAL"),
}


@dataclass(frozen=True, slots=True)
class LogRecord:
    """One record with the lines of its traceback. `level` is one of the names of `logging`."""

    level: str
    text: str


class LogTail:
    """The newest records of the log in a folder. `read` looks again, and only where the file has changed."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._path = folder / FILE_NAME
        self._seen: tuple[int, int, int] | None = None
        self.records: tuple[LogRecord, ...] = ()
        self.problem = ""

    def read(self) -> bool:
        """Read the end of the file. Returns whether there is something else now. `problem` is why it could not be."""
        try:
            found = self._path.stat()
            seen = (found.st_ino, found.st_size, found.st_mtime_ns)
            if seen == self._seen:
                return False
            with self._path.open("rb") as file:
                file.seek(max(0, found.st_size - LONGEST))
                text = file.read(LONGEST).decode("utf-8", "replace")
        except OSError as error:
            changed = self._seen is not None or not self.problem
            self._seen, self.records, self.problem = None, (), error.strerror or type(error).__name__
            return changed
        self._seen, self.problem = seen, ""
        self.records = records_of(text)
        return True

    def narrowed(self, least: Least, text: str) -> list[LogRecord]:
        """The records of at least this level that hold the text, in the order of the file."""
        sought, levels = text.casefold().strip(), _FROM[least]
        return [each for each in self.records if each.level in levels and sought in each.text.casefold()]


def records_of(text: str) -> tuple[LogRecord, ...]:
    """The records of a part of the file, without a first one that begins before it.

    The file holds no secret. What was written before this version's filter is filtered here once more (S105). The name
    of a logger is left as it is, because the filter would take `tokens.refresher: …` for a token.
    """
    heads = list(_HEAD.finditer(text))[-MOST_RECORDS:]
    ends = [*(head.start() for head in heads[1:]), len(text)][: len(heads)]
    return tuple(
        LogRecord(head[2], head[0] + redact(text[head.end() : end].rstrip("\n")))
        for head, end in zip(heads, ends, strict=True)
    )
