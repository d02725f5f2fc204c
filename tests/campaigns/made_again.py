"""The packages of one commit, made twice, the second time in another time zone: they are the same bytes."""

import hashlib
import os
import subprocess
import sys
from pathlib import Path

from tests.campaigns.table import Count
from tests.checkout import ROOT

BUILD = [sys.executable, str(ROOT / "packaging/build.py")]
WHEELS = ["--wheels", str(ROOT / "artefacts/wheels")]
ELSEWHERE = {"TZ": "Pacific/Auckland", "LC_ALL": "C", "PYTHONHASHSEED": "99"}
PATTERNS = ("*.deb", "*.whl", "*.tar.gz")


def made_twice(package: Path, home: Path, release: str) -> list[Count]:
    """One line for the package, and where it is this computer's release one for each other kind for Linux."""
    first, second = home / "first", home / "second"
    options = ["--for", release] if release else []
    subprocess.run([*BUILD, "deb", *options, *WHEELS, "--out", str(second)], env=os.environ | ELSEWHERE, check=True)
    if not release:
        for out, environ in ((first, {}), (second, ELSEWHERE)):
            command = [*BUILD, "wheel", "sdist", "tarball", *WHEELS, "--out", str(out)]
            subprocess.run(command, env=os.environ | environ, check=True)
    before = {package.name: package, **found(first)}
    return [_same(before[name], path) for name, path in found(second).items()]


def found(folder: Path) -> dict[str, Path]:
    """The packages in a folder, by name."""
    return {path.name: path for pattern in PATTERNS for path in sorted(folder.glob(pattern))}


def _same(first: Path, second: Path) -> Count:
    was, now = (hashlib.sha256(path.read_bytes()).hexdigest()[:16] for path in (first, second))
    return Count(f"{first.name} made again", now, was, good=was == now)
