"""Looks at what lies on a disk: damaged files, files that were left over, and secrets."""

import json
import tomllib
from collections.abc import Collection, Iterable
from pathlib import Path

from keyrack.core.access.lock import MARKER

_MAY_BE_EMPTY = (MARKER, "instance.lock", "keyrack.log", "agent.log")
_LINES = ".jsonl"


def damaged(files: Iterable[Path]) -> list[str]:
    """The files that are empty, half there, or left over. A list of releases may lack lines, as its page says."""
    return [f"{path.name}: {what}" for path in files if (what := _damage(path))]


def holding(files: Iterable[Path], secrets: Collection[str]) -> list[str]:
    """The files that hold one of the secrets."""
    return [path.name for path in files if any(secret.encode() in path.read_bytes() for secret in secrets)]


def _damage(path: Path) -> str:
    data = path.read_bytes()
    if path.name.endswith(".new"):
        return "left over"
    if ".bad-" in path.name:
        return "put aside as damaged"
    if not data:
        return "" if path.name in _MAY_BE_EMPTY or path.suffix == _LINES else "empty"
    try:
        if path.suffix == ".json":
            json.loads(data)
        elif path.suffix == ".toml":
            tomllib.loads(data.decode())
    except ValueError:
        return "half there"
    return ""
