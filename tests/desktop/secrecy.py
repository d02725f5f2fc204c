"""Looks for secrets where none may be: in files, in what a process shows of itself, in any usual disguise."""

import base64
import json
import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from urllib.parse import quote, quote_plus


def disguises(secret: str) -> set[bytes]:
    """The secret as it may stand in a file: raw, in a URL, in base64, in JSON."""
    raw = secret.encode()
    texts = {secret, quote(secret, safe=""), quote_plus(secret), json.dumps(secret)[1:-1]}
    return {raw, base64.b64encode(raw), base64.urlsafe_b64encode(raw)} | {text.encode() for text in texts}


def found_in(places: Iterable[tuple[str, bytes]], secrets: Iterable[str]) -> list[str]:
    """The places that hold one of the secrets. The secrets themselves are not repeated."""
    wanted = [disguise for secret in secrets for disguise in disguises(secret)]
    return [name for name, content in places if any(disguise in content for disguise in wanted)]


def files(*folders: Path) -> Iterator[tuple[str, bytes]]:
    """Every file below the folders with its name and content, the names counting as content too."""
    for folder in folders:
        for path in sorted(folder.rglob("*")):
            if path.is_file() and not path.is_symlink():
                yield str(path), os.fsencode(path) + b"\n" + path.read_bytes()


def shown_by(pid: int) -> Iterator[tuple[str, bytes]]:
    """What /proc tells of a process and of every process below it: command line and environment."""
    for each in (pid, *_below(pid)):
        for name in ("cmdline", "environ"):
            place = Path(f"/proc/{each}/{name}")
            try:
                yield str(place), place.read_bytes()
            except PermissionError:
                continue  # a process that cannot be dumped shows its environment to root alone


def _below(pid: int) -> Iterator[int]:
    for task in Path(f"/proc/{pid}/task").iterdir():
        for child in (task / "children").read_text().split():
            yield int(child)
            yield from _below(int(child))
