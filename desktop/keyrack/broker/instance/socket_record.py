"""The note of where the local socket is, for programs whose environment names another runtime folder."""

import contextlib
import os
from pathlib import Path

from keyrack.core.system.private_file import write_private

RECORD_NAME = "socket.path"
_LONGEST = 4_096


def read_record(folder: Path) -> Path | None:
    """The path that the note in this folder holds, None without a usable one."""
    try:
        with open(folder / RECORD_NAME, "rb") as file:
            path = os.fsdecode(file.read(_LONGEST).rstrip(b"\n"))
    except OSError:
        return None
    return Path(path) if os.path.isabs(path) and "\0" not in path else None


def write_record(folder: Path, path: Path) -> None:
    """Note the path, if another one or none is noted. A note that cannot be written is left out."""
    if read_record(folder) != path:
        with contextlib.suppress(OSError):
            write_private(folder / RECORD_NAME, os.fsencode(path) + b"\n", durable=False)


def remove_record(folder: Path, path: Path) -> None:
    """Remove the note, unless it names another path."""
    if read_record(folder) == path:
        with contextlib.suppress(OSError):
            (folder / RECORD_NAME).unlink(missing_ok=True)
