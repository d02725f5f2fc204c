"""A small real disk that is full, has no room for another file, or is read-only. It needs a namespace of mounts."""

import contextlib
import errno
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

_KIB = 1024
_FILES = 200
_FILLER = "filler"


class SmallDisk:
    """One megabyte of memory, mounted at `path`."""

    def __init__(self, path: Path) -> None:
        self.path = path
        path.mkdir()
        _mount("-t", "tmpfs", "-o", f"size={_KIB}k,nr_inodes={_FILES},mode=700", "none", str(path))
        self._read_only = False

    def close(self) -> None:
        """Unmount it, with everything on it."""
        self.good()
        subprocess.run(["umount", "--lazy", str(self.path)], check=True)

    def full(self) -> None:
        """Leave no room for a single byte."""
        with (self.path / _FILLER).open("ab", buffering=0) as file:
            size = 256 * _KIB
            while size:
                try:
                    file.write(b"\0" * size)
                except OSError as error:
                    _expect(error, errno.ENOSPC)
                    size //= 2

    def without_files(self) -> None:
        """Leave no room for another file or folder."""
        folder = self.path / f"{_FILLER}-files"
        folder.mkdir(exist_ok=True)
        try:
            for number in range(_FILES):
                (folder / str(number)).touch()
        except OSError as error:
            _expect(error, errno.ENOSPC)

    def read_only(self) -> None:
        """Refuse every change from now on. What is open for writing stays open."""
        _mount("--bind", str(self.path), str(self.path))
        _mount("-o", "remount,ro,bind", str(self.path))
        self._read_only = True

    def good(self) -> None:
        """Have room again, and take changes."""
        if self._read_only:
            subprocess.run(["umount", "--lazy", str(self.path)], check=True)
            self._read_only = False
        with contextlib.suppress(FileNotFoundError):
            (self.path / _FILLER).unlink()
        shutil.rmtree(self.path / f"{_FILLER}-files", ignore_errors=True)

    @property
    def ways(self) -> dict[str, Callable[[], None]]:
        """The ways in which it can fail, by name."""
        return {"full": self.full, "no room for a file": self.without_files, "read-only": self.read_only}

    def files(self) -> list[Path]:
        """Every file on it that is not its filler."""
        return [path for path in self.path.rglob("*") if path.is_file() and _FILLER not in str(path)]


def _mount(*arguments: str) -> None:
    subprocess.run(["mount", *arguments], check=True, capture_output=True)


def _expect(error: OSError, number: int) -> None:
    if error.errno != number:
        raise error
