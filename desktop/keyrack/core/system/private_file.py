"""Files that only their owner can read, replaced as a whole or not at all (S67)."""

import errno
import os
import re
import time
from pathlib import Path

_FOLDER_MODE = 0o700
_FILE_MODE = 0o600
_NAME = re.compile(r"[A-Za-z0-9_-]{1,64}")
_NOFOLLOW = getattr(os, "O_NOFOLLOW", 0)


def checked_id(account: str) -> str:
    """The account's id, which names files and keyring items. Raises ValueError if it could name anything else."""
    if not _NAME.fullmatch(account):
        raise ValueError("an account id is 1 to 64 letters, digits, '-' or '_'")
    return account


def private_folder(folder: Path) -> Path:
    """Create the folder if it is missing, and remove every right of group and others. Returns the folder."""
    make_folder(folder)
    if os.name == "posix" and folder.stat().st_mode & 0o077:
        folder.chmod(_FOLDER_MODE)
    return folder


def make_folder(folder: Path) -> None:
    """Create the folder and every missing one above it, each 0700 whatever the umask (XDG Base Directory)."""
    try:
        folder.mkdir(mode=_FOLDER_MODE, exist_ok=True)
    except FileNotFoundError:
        if folder.parent == folder:
            raise
        make_folder(folder.parent)
        folder.mkdir(mode=_FOLDER_MODE, exist_ok=True)


def open_private(path: Path | str, flags: int, *, strict: bool = True) -> int:
    """A descriptor of a file that is 0600 from its first instant, whatever the umask.

    Without `strict` a file system that has no such rights is accepted.
    """
    descriptor = os.open(path, flags | _NOFOLLOW, _FILE_MODE)
    if os.name == "posix":
        try:
            os.fchmod(descriptor, _FILE_MODE)
        except OSError:
            if strict:
                os.close(descriptor)
                raise
    return descriptor


def write_private(path: Path, data: bytes, *, durable: bool = True) -> None:
    """Replace the file at once: temporary file, fsync, rename, fsync of the folder.

    OSError leaves the old file unchanged. `durable` False omits both fsyncs, for data that a power failure may cost.
    """
    private_folder(path.parent)
    _replace(path, data, durable=durable)


def write_configuration(path: Path, data: bytes) -> None:
    """As `write_private`, but a link at the path stays, and the file that it names is replaced (report 23).

    For files that a person may keep elsewhere and link to. The rights of the folder there are the person's own.
    """
    private_folder(path.parent)
    _replace(linked_file(path), data, durable=True)


def write_elsewhere(path: Path, data: bytes) -> None:
    """As `write_private`, but the folder is the person's own choice and its rights stay as they are.

    A file system without rights of its own, such as that of most memory sticks, is accepted.
    """
    _replace(path, data, durable=True, strict=False)


def linked_file(path: Path) -> Path:
    """The file that a link names in the end, whether it exists or not, else the path. Raises OSError for a ring."""
    found = Path(os.path.realpath(path)) if path.is_symlink() else path
    if found.is_symlink():
        raise OSError(errno.ELOOP, os.strerror(errno.ELOOP), str(path))
    return found


def left_over(path: Path) -> Path:
    """Where the new content of a file stands until it is whole. A process that is killed leaves it there."""
    return path.with_name(f".{path.name}.new")


def _replace(path: Path, data: bytes, *, durable: bool, strict: bool = True) -> None:
    fresh = left_over(path)
    try:
        with os.fdopen(_new_file(fresh, strict=strict), "wb") as file:
            file.write(data)
            file.flush()
            if durable:
                os.fsync(file.fileno())
        fresh.replace(path)
    except OSError:
        fresh.unlink(missing_ok=True)
        raise
    if durable:
        _sync_folder(path.parent)


def _new_file(path: Path, *, strict: bool) -> int:
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL
    try:
        return open_private(path, flags, strict=strict)
    except FileExistsError:
        path.unlink()  # left by a process that was ended
        return open_private(path, flags, strict=strict)


def overwrite_private(path: Path, data: bytes) -> None:
    """Store a small text durably over the old one, in place where the file exists: one write and one fsync.

    It is for a text whose reader knows a damaged one. The data must not become shorter from one call to the next,
    because the file keeps its length.
    """
    try:
        descriptor = open_private(path, os.O_WRONLY)
    except FileNotFoundError:
        write_private(path, data)
        return
    with os.fdopen(descriptor, "wb", buffering=0) as file:
        file.write(data)
        os.fsync(file.fileno())


def remove_private(path: Path) -> None:
    """Delete the file durably. It is no error when there is none."""
    try:
        path.unlink()
    except FileNotFoundError:
        return
    _sync_folder(path.parent)


def put_aside(path: Path, wall: float | None = None) -> Path:
    """Rename a file that cannot be read to `<name>.bad-<time>`, never over an older one. Returns its new path."""
    stamp = time.strftime("%Y%m%dT%H%M%SZ", time.gmtime(time.time() if wall is None else wall))
    aside = path.with_name(f"{path.name}.bad-{stamp}")
    count = 1
    while aside.exists():
        count += 1
        aside = path.with_name(f"{path.name}.bad-{stamp}-{count}")
    path.rename(aside)
    return aside


def _sync_folder(folder: Path) -> None:
    if os.name != "posix":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
