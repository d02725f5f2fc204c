"""A copy of what is tracked in this checkout, dated by its commit: the packages are made from it and nothing else."""

import os
import shutil
import subprocess
import tomllib
from dataclasses import dataclass
from pathlib import Path


class BuildError(Exception):
    """A package cannot be made. The text is one sentence for the person, with what to do."""


@dataclass(frozen=True)
class Checkout:
    """The checkout, its version, and the time in seconds since 1970 that every packed file bears."""

    root: Path
    version: str
    epoch: int


def checkout(root: Path) -> Checkout:
    """Read the checkout. SOURCE_DATE_EPOCH wins over the commit's time. Raises BuildError where git knows no commit."""
    version = tomllib.loads((root / "pyproject.toml").read_text("utf-8"))["project"]["version"]
    given = os.environ.get("SOURCE_DATE_EPOCH", "")
    return Checkout(root, version, int(given) if given.isdigit() else int(_git(root, "log", "-1", "--format=%ct")))


def changes(root: Path) -> list[str]:
    """The tracked files that differ from the commit."""
    return _git(root, "diff", "--name-only", "HEAD").splitlines()


def copy_to(source: Checkout, target: Path) -> None:
    """Copy every tracked file as it lies there, with the rights that a new clone would have under any umask."""
    for name in _git(source.root, "ls-files", "-z").split("\0"):
        found = source.root / name
        if not name or not found.is_file():
            continue
        copied = target / name
        copied.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(found, copied)
        copied.chmod(0o755 if found.stat().st_mode & 0o100 else 0o644)


def _git(root: Path, *words: str) -> str:
    done = subprocess.run(["git", *words], cwd=root, capture_output=True, text=True, check=False)
    if done.returncode:
        raise BuildError(
            f"git {words[0]} failed: {done.stderr.strip()}. Packages are made in a clone with its history."
        )
    return done.stdout.strip("\n")
