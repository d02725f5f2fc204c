"""The folder of the local socket: it belongs to this user alone, or it is refused (S82)."""

import os
import stat
from pathlib import Path

from keyrack.primitives.failure import Failure, plain

LONGEST_PATH = 107


class SocketRefused(Failure):
    """The local socket cannot be made safely. The rest of Keyrack works without it."""


def checked_folder(folder: Path) -> Path:
    """The folder, made if missing, after a check that it is ours, has mode 0700 and is no link.

    Raises SocketRefused.
    """
    try:
        _check_parent(folder.parent)
        folder.mkdir(mode=0o700, exist_ok=True)
        status = folder.lstat()
    except OSError as error:
        raise SocketRefused("socket_not_made", path=plain(str(folder)), reason=_reason(error)) from error
    _check(folder, status)
    if status.st_uid != os.geteuid():
        raise SocketRefused("folder_of_another_user", path=plain(str(folder)))
    if status.st_mode & 0o077:
        raise SocketRefused("folder_open_to_others", path=plain(str(folder)))
    return folder


def check_length(path: Path) -> None:
    """Raise SocketRefused when the system's addresses are too short for the path (107 bytes on Linux)."""
    if len(os.fsencode(path)) > LONGEST_PATH:
        raise SocketRefused("socket_path_too_long", path=plain(str(path)), longest=str(LONGEST_PATH))


def _check_parent(parent: Path) -> None:
    """A user who may rename entries of the parent could put another folder in place of ours."""
    status = parent.lstat()
    _check(parent, status)
    if status.st_uid not in (0, os.geteuid()):
        raise SocketRefused("folder_of_another_user", path=plain(str(parent)))
    if status.st_mode & 0o022 and not status.st_mode & stat.S_ISVTX:
        raise SocketRefused("parent_writable_by_others", path=plain(str(parent)))


def _check(folder: Path, status: os.stat_result) -> None:
    if stat.S_ISLNK(status.st_mode):
        raise SocketRefused("folder_is_link", path=plain(str(folder)))
    if not stat.S_ISDIR(status.st_mode):
        raise SocketRefused("folder_is_no_folder", path=plain(str(folder)))


def _reason(error: OSError) -> str:
    return plain(error.strerror or type(error).__name__)
