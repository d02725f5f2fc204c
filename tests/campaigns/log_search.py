"""Looks through everything that a home's programs wrote: for errors that nobody caught, and for secrets."""

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from tests.campaigns.table import Count
from tests.desktop.secrecy import found_in

_ERRORS = re.compile(
    rb"Traceback \(most recent|uncaught error|nobody caught|Fatal Python error|a renewal broke|asyncio: "
)
_SHORT = 8
_SHOWN = 40


def logs(home: Path) -> Iterator[tuple[Path, bytes]]:
    """Every log and every file of the state folder, with its content."""
    for path in sorted(home.rglob("*")):
        if path.is_file() and not path.is_symlink() and (".log" in path.name or ".local/state" in path.as_posix()):
            yield path, path.read_bytes()


def errors(homes: Iterable[Path]) -> list[str]:
    """Each line that tells of an error which nobody caught, with its file and the lines below it."""
    found = []
    for home in homes:
        for path, content in logs(home):
            lines = content.decode(errors="replace").splitlines()
            found += [
                f"{path.name}: " + "\n    ".join(text[:200] for text in lines[at : at + _SHOWN])
                for at, line in enumerate(lines)
                if _ERRORS.search(line.encode())
            ]
    return found


def leaks(homes: Iterable[Path], secrets: Iterable[str]) -> list[str]:
    """The files that hold one of the secrets, in whatever disguise. The secrets are not repeated."""
    wanted = [secret for secret in secrets if len(secret) >= _SHORT]
    places = [(str(path), content) for home in homes for path, content in logs(home)]
    return found_in(places, wanted)


def counted(homes: Iterable[Path], secrets: Iterable[str]) -> list[Count]:
    """Both as lines of the table. What was found is printed."""
    homes = list(homes)
    wrong, leaked = errors(homes), leaks(homes, secrets)
    for line in (*wrong[:20], *(f"a secret is in {name}" for name in leaked)):
        print("  " + line, flush=True)
    return [
        Count("uncaught errors in any log", str(len(wrong)), "0", not wrong),
        Count("secrets in any log", str(len(leaked)), "0", not leaked),
    ]
