"""What a package needs and no index of packages has: each part has a name and a hash, and lies in a folder."""

import hashlib
import tomllib
from dataclasses import dataclass
from pathlib import Path

import stamps
from shipping.checkout_copy import BuildError

LIST = Path(stamps.ROOT, "packaging/recipes/parts.toml")


@dataclass(frozen=True)
class Part:
    """A file by its name, who publishes it, and its SHA-256 in hexadecimal digits."""

    name: str
    source: str
    sha256: str

    def sentence(self) -> str:
        """What is missing, and where it comes from."""
        return f"{self.name} is not in the folder of the parts. It comes from {self.source}."


def part(key: str) -> Part:
    """A part by its key in the list. Raises BuildError where nothing is pinned under it."""
    found = tomllib.loads(LIST.read_text("utf-8")).get(key)
    if found is None:
        raise BuildError(f"{LIST.name} has no {key}: pin it there with its hash.")
    return Part(found["name"], found["from"], found["sha256"])


def pinned(key: str, folder: Path) -> Path | None:
    """The file of a part, after its hash was compared, or None where it is not there.

    Raises BuildError where another file lies under its name.
    """
    wanted = part(key)
    path = folder / wanted.name
    if not path.is_file():
        return None
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    if digest != wanted.sha256:
        raise BuildError(f"{path} is not the pinned one: its SHA-256 is {digest}, and {wanted.sha256} is expected.")
    return path
