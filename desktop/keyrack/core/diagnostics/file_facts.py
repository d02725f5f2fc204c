"""How large Keyrack's files are, by their kind and without a path, and how much the log complains of."""

import re
from collections import Counter
from pathlib import Path

from keyrack.core.diagnostics.surroundings import Facts
from keyrack.core.system.log import FILE_NAME
from keyrack.core.system.paths import Paths

_LEVEL = re.compile(r"^[\d-]+ [\d:,]+ (WARNING|ERROR|CRITICAL) ([\w.]+):", re.MULTILINE)
_MOST_LOGGERS = 10


def sizes(places: Paths) -> Facts:
    """Each kind of file: how many there are, and the bytes of all of them."""
    kinds = (
        ("Accounts file", places.config, "accounts.json"),
        ("Preferences", places.config, "preferences.*"),
        ("Own provider files", places.config / "providers", "*.toml"),
        ("Activity", places.state / "activity", "*.json"),
        ("Log", places.logs, f"{FILE_NAME}*"),
    )
    return [(kind, _size_of(folder, pattern)) for kind, folder, pattern in kinds]


def complaints(places: Paths) -> Facts:
    """How many warnings and errors of which part stand in the log's newest file. Their words are left out."""
    try:
        text = (places.logs / FILE_NAME).read_text("utf-8", errors="replace")
    except OSError:
        return [("Log", "it cannot be read")]
    counted = Counter(_LEVEL.findall(text))
    return [(name, f"{count} {level}") for (level, name), count in counted.most_common(_MOST_LOGGERS)]


def _size_of(folder: Path, pattern: str) -> str:
    found = []
    try:
        found = [path.stat().st_size for path in folder.glob(pattern) if path.is_file()]
    except OSError:
        return "cannot be read"
    return f"{len(found)} with {sum(found)} bytes" if found else "none"
