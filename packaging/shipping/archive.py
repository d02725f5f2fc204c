"""Archives whose bytes follow from their files alone: sorted names, one date, and no owner."""

import gzip
import tarfile
import zipfile
from datetime import UTC, datetime
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


def write_zip(folder: Path, archive: Path, epoch: int) -> None:
    """Pack the files of a folder under its own name. A zip counts in steps of two seconds, from 1980 on."""
    dated = datetime.fromtimestamp(epoch - epoch % 2, UTC).timetuple()[:6]
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as packed:
        for path in sorted(folder.rglob("*")):
            if path.is_symlink():
                entry = zipfile.ZipInfo(path.relative_to(folder.parent).as_posix(), dated)
                entry.create_system, entry.external_attr = 3, 0o120777 << 16
                packed.writestr(entry, str(path.readlink()))
            elif path.is_file():
                entry = zipfile.ZipInfo(path.relative_to(folder.parent).as_posix(), dated)
                entry.create_system, entry.compress_type = 3, zipfile.ZIP_DEFLATED
                entry.external_attr = (0o100755 if path.stat().st_mode & 0o100 else 0o100644) << 16
                packed.writestr(entry, path.read_bytes())


def _plain(entry: tarfile.TarInfo, epoch: int) -> tarfile.TarInfo:
    entry.uid = entry.gid = 0
    entry.uname = entry.gname = ""
    entry.mtime = epoch
    entry.mode = 0o777 if entry.issym() else 0o755 if entry.isdir() or entry.mode & 0o100 else 0o644
    return entry
