"""Which packages of Debian the copied files come from, with their versions and the texts of their licences."""

import os
import re
import shutil
import subprocess
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from shipping.checkout_copy import BuildError


@dataclass(frozen=True, order=True)
class DebianPart:
    """A package of Debian, its version, and the folder of its documents."""

    name: str
    version: str
    documents: Path

    @property
    def address(self) -> str:
        """Its package URL (purl specification, type deb)."""
        return f"pkg:deb/debian/{self.name}@{self.version.replace('+', '%2B').replace(':', '%3A')}"


def debian_parts(files: Iterable[Path]) -> list[DebianPart]:
    """The packages that own these files. Raises BuildError where none does."""
    found = set()
    for file in files:
        names = [str(file), str(file.resolve())]
        names += [name.removeprefix("/usr") for name in names] + [f"/usr{name}" for name in names]
        asked = subprocess.run(["dpkg-query", "--search", *names], capture_output=True, text=True, check=False).stdout
        owner = re.match(r"([^,:\s]+)(?::\w+)?:", asked)
        if owner is None:
            raise BuildError(f"{file} belongs to no package, so its licence is unknown and it cannot be packed.")
        shown = ["dpkg-query", "--show", "--showformat=${Version}\\n", owner[1]]
        version = subprocess.run(shown, capture_output=True, text=True, check=True).stdout.splitlines()[0]
        found.add(DebianPart(owner[1], version, Path("/usr/share/doc", owner[1])))
    return sorted(found)


def copy_copyrights(found: Iterable[DebianPart], folder: Path) -> None:
    """Copy what each package says of its licence. Raises BuildError where a package says nothing."""
    folder.mkdir(parents=True, exist_ok=True)
    for part in found:
        text = part.documents / "copyright"
        if not os.path.exists(text):
            raise BuildError(f"{text} is missing: reinstall {part.name}, for example without dpkg's path-exclude.")
        shutil.copyfile(text, folder / f"{part.name}.txt")
