"""The folder of the local socket: ours alone, or refused (S82)."""

import os
import stat
from pathlib import Path

from keyrack.primitives.failure import Failure, plain

LONGEST_PATH = 107


class SocketRefused(Failure):
    """The local socket cannot be made safely; the rest of Keyrack works without it."""

    def __init__(self, why: str, todo: str = "") -> None:
        super().__init__(
            f"The local socket was not opened: {why}.",
            "Scripts and a second start cannot reach this Keyrack; everything else works.",
            todo or "Repair the folder, then start Keyrack again.",
        )


def checked_folder(folder: Path) -> Path:
    """The folder, made if missing, after it was found to be ours, 0700 and no link; raises SocketRefused."""
    try:
        _check_parent(folder.parent)
        folder.mkdir(mode=0o700, exist_ok=True)
        found = folder.lstat()
    except OSError as error:
        raise SocketRefused(f"{plain(str(folder))}: {_reason(error)}") from error
    _check(folder, found)
    if found.st_uid != os.geteuid():
        raise SocketRefused(f"{plain(str(folder))} belongs to another user")
    if found.st_mode & 0o077:
        raise SocketRefused(
            f"others have rights in {plain(str(folder))}", f"Take them away: chmod 700 '{plain(str(folder))}'."
        )
    return folder


def check_length(path: Path) -> None:
    """Raise SocketRefused when the system's addresses are too short for the path (107 bytes on Linux)."""
    if len(os.fsencode(path)) > LONGEST_PATH:
        raise SocketRefused(
            f"its path is longer than {LONGEST_PATH} bytes", "Set XDG_RUNTIME_DIR to a folder with a shorter path."
        )


def _check_parent(parent: Path) -> None:
    """Whoever may rename entries of the parent could put a folder of theirs in our place."""
    found = parent.lstat()
    _check(parent, found)
    if found.st_uid not in (0, os.geteuid()):
        raise SocketRefused(f"{plain(str(parent))} belongs to another user")
    if found.st_mode & 0o022 and not found.st_mode & stat.S_ISVTX:
        raise SocketRefused(
            f"others may write in {plain(str(parent))}", f"Take that right away: chmod go-w '{plain(str(parent))}'."
        )


def _check(folder: Path, found: os.stat_result) -> None:
    if stat.S_ISLNK(found.st_mode):
        raise SocketRefused(f"{plain(str(folder))} is a link")
    if not stat.S_ISDIR(found.st_mode):
        raise SocketRefused(f"{plain(str(folder))} is not a folder")


def _reason(error: OSError) -> str:
    return plain(error.strerror or type(error).__name__)
