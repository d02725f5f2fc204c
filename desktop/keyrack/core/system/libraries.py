"""The libraries that Keyrack runs with, with their versions and licences, as they say themselves (PEP 566, PEP 639)."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import metadata

# As pyproject.toml names them. What they need in turn is found.
DIRECT = (
    *("PySide6_Essentials", "cryptography", "h11", "httpx", "keyring", "msgspec", "platformdirs", "qasync", "segno"),
    "websockets",
)
_NAME = re.compile(r"[A-Za-z0-9._-]+")
_LONGEST = 60


@dataclass(frozen=True, slots=True)
class Library:
    """One library. `licence` is "" where it names none."""

    name: str
    version: str
    licence: str


def libraries() -> tuple[Library, ...]:
    """All that is installed of them, by name. It reads many small files."""
    found: dict[str, Library] = {}
    waiting = list(DIRECT)
    while waiting:
        name = waiting.pop()
        key = _key(name)
        if key in found:
            continue
        try:
            read = metadata.distribution(name)
        except metadata.PackageNotFoundError:
            continue  # needed on another system only
        found[key] = Library(str(read.metadata["Name"]), read.version, _licence(read.metadata.json))
        for line in read.requires or ():
            needed = _NAME.match(line)
            if needed is not None and "extra ==" not in line:
                waiting.append(needed[0])
    return tuple(found[key] for key in sorted(found))


def _key(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def _licence(about: Mapping[str, object]) -> str:
    """The expression, else the first line of the older field if it is short, else the classifiers."""
    if expression := str(about.get("license_expression", "")):
        return expression
    first = str(about.get("license", "")).strip().split("\n")[0]
    if first and len(first) <= _LONGEST:
        return first
    found = about.get("classifier", ())
    kinds = [str(line) for line in found if str(line).startswith("License ::")] if isinstance(found, list) else []
    return ", ".join(line.rpartition(" :: ")[2] for line in kinds)
