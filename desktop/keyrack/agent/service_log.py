"""The agent's log on standard error: with the time for a person, with the level for systemd's journal.

Where standard error is closed it is the file that the window writes too.
"""

import logging
import os
import sys
from pathlib import Path
from typing import IO

from keyrack.core.system import log

_FORMAT = "%(asctime)s %(levelname)s %(message)s"
# sd-daemon(3): the journal keeps the time itself and takes the syslog level from the line's beginning.
_LEVELS = {logging.CRITICAL: 2, logging.ERROR: 3, logging.WARNING: 4, logging.INFO: 6, logging.DEBUG: 7}


def set_up(logs: Path, stream: IO[str] | None = None) -> None:
    """Log to `stream`, by default standard error, else to a file in `logs`. Every record is redacted."""
    stream = stream or sys.stderr
    if stream is None:
        log.set_up(logs)
        return
    handler = logging.StreamHandler(stream)
    handler.setFormatter(_ForJournal() if _is_journal(stream) else logging.Formatter(_FORMAT))
    log.set_up_service(handler)


class _ForJournal(logging.Formatter):
    """Every line begins with its level, also the lines of a traceback."""

    def format(self, record: logging.LogRecord) -> str:
        mark = f"<{_LEVELS.get(record.levelno, 6)}>"
        return "\n".join(mark + line for line in super().format(record).splitlines() or [""])


def _is_journal(stream: IO[str]) -> bool:
    """Whether the stream is the one that JOURNAL_STREAM names by device and inode (systemd.exec(5))."""
    try:
        found = os.fstat(stream.fileno())
    except (OSError, ValueError):
        return False
    return os.environ.get("JOURNAL_STREAM", "") == f"{found.st_dev}:{found.st_ino}"
