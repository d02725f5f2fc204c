"""Archives whose bytes follow from their files alone: sorted names, one date, and no owner."""

import gzip
import tarfile
from pathlib import Path


def write_tar_gz(folder: Path, archive: Path, epoch: int) -> None:
    """Pack a folder under its own name."""
    with (
        archive.open("wb") as file,
        gzip.GzipFile(filename="", fileobj=file, mode="wb", mtime=epoch) as packed,
        tarfile.open(fileobj=packed, mode="w", format=tarfile.PAX_FORMAT) as tar,
    ):
        for path in [folder, *sorted(folder.rglob("*"))]:
            tar.add(
                path, str(path.relative_to(folder.parent)), recursive=False, filter=lambda entry: _plain(entry, epoch)
            )


def _plain(entry: tarfile.TarInfo, epoch: int) -> tarfile.TarInfo:
    entry.uid = entry.gid = 0
    entry.uname = entry.gname = ""
    entry.mtime = epoch
    entry.mode = 0o777 if entry.issym() else 0o755 if entry.isdir() or entry.mode & 0o100 else 0o644
    return entry
