"""How large a finished package for Debian is on the disk, part by part."""

import re
import subprocess
import tarfile
from pathlib import Path

OTHER = "all other libraries"
# The first pattern that a path has decides.
PARTS = {
    "libraries of Qt": r"PySide6/Qt/lib/",
    "plug-ins of Qt": r"PySide6/Qt/plugins/",
    "PySide6 and shiboken6": r"site-packages/(PySide6|shiboken6)",
    "cryptography": r"site-packages/cryptography",
    "Keyrack, byte code": r"site-packages/keyrack/.*\.pyc$",
    "Keyrack": r"site-packages/keyrack|usr/lib/keyrack/bin/|usr/lib/keyrack/pyvenv.cfg$",
    OTHER: r"usr/lib/keyrack/",
    "menu, manual, unit, licences": "",
}


def part_of(path: str) -> str:
    """The part that a path in the package belongs to."""
    return next(part for part, pattern in PARTS.items() if re.search(pattern, path))


def sizes(package: Path) -> str:
    """A line for each part: its bytes and its files, and at the end those of the whole package."""
    counted = {part: [0, 0] for part in PARTS}
    command = ["dpkg-deb", "--fsys-tarfile", str(package)]
    with (
        subprocess.Popen(command, stdout=subprocess.PIPE) as process,
        tarfile.open(fileobj=process.stdout, mode="r|") as packed,
    ):
        for entry in packed:
            if entry.isfile():
                size_and_files = counted[part_of(entry.name)]
                size_and_files[0] += entry.size
                size_and_files[1] += 1
    lines = [*counted.items(), ("together", [sum(column) for column in zip(*counted.values(), strict=True)])]
    return "\n".join(f"  {part:<30} {size:>12,} bytes in {files:>5,} files" for part, (size, files) in lines)
