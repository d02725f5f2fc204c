"""The Node packages of a lock in this folder, fetched once: they lie beside the tests' environment, by the lock's hash.

The lock names versions and hashes and no address. Without Node, or where packages cannot be fetched, the test is
skipped and says so; a package that is not the one that was locked is a failure.
"""

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from exclusive import hold

if sys.platform != "win32":
    import pwd

HERE = Path(__file__).parent
PLACE = Path(sys.prefix) / "independent"
LEAST_NODE = 20
PATIENCE = 300.0
OPTIONS = [
    "--ignore-scripts", "--no-audit", "--no-fund", "--no-update-notifier", "--loglevel=error",
    "--fetch-retries=1", "--fetch-retry-mintimeout=2000", "--fetch-retry-maxtimeout=5000", "--fetch-timeout=60000",
]  # fmt: skip
UNREACHABLE = ("ENOTFOUND", "ECONNREFUSED", "ECONNRESET", "ETIMEDOUT", "EAI_AGAIN", "E404", "E403", "network")


def packages_of(name: str) -> Path:
    """The folder that holds the node_modules of the lock in the folder `name`; skips the test without them."""
    node = _node()
    lock = (HERE / name / "package-lock.json").read_bytes()
    folder = PLACE / f"{Path(name).name}-{hashlib.sha256(lock + node.encode()).hexdigest()[:16]}"
    PLACE.mkdir(parents=True, exist_ok=True)
    with hold(PLACE / f"{folder.name}.lock", print):
        if not (folder / "complete").exists():
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir()
            _install(HERE / name, folder)
            (folder / "complete").touch()
    return folder


def _node() -> str:
    """The version of Node, such as "v20.20.2"."""
    if shutil.which("node") is None or shutil.which("npm") is None:
        pytest.skip("Node.js and npm are not installed: sudo apt install nodejs npm")
    version = subprocess.run(["node", "--version"], capture_output=True, text=True, check=True).stdout.strip()
    if int(version.lstrip("v").partition(".")[0]) < LEAST_NODE:
        pytest.skip(f"Node.js {version} is too old; {LEAST_NODE} or later is needed")
    return version


def _install(source: Path, folder: Path) -> None:
    for file in ("package.json", "package-lock.json"):
        shutil.copy(source / file, folder)
    command = ["npm", "ci", *OPTIONS]
    done = subprocess.run(
        command, cwd=folder, env=_environment(), capture_output=True, text=True, timeout=PATIENCE, check=False
    )
    said = done.stdout + done.stderr
    if done.returncode and "EINTEGRITY" not in said and any(sign in said for sign in UNREACHABLE):
        pytest.skip(f"the packages of {source.name} cannot be fetched: {said.strip().splitlines()[0]}")
    assert done.returncode == 0, said[-4000:]


def _environment() -> dict[str, str]:
    """The person's own settings of npm: the tests' home is a private one."""
    environment = dict(os.environ)
    if sys.platform != "win32":
        environment["HOME"] = pwd.getpwuid(os.getuid()).pw_dir
    return environment
