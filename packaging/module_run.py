"""Runs one module of the tests in the prepared environment: the benchmarks and the campaigns start with it."""

import os
import subprocess
from collections.abc import Sequence
from pathlib import Path

import bootstrap
import debian

ROOT = Path(__file__).resolve().parent.parent


def run(module: str, arguments: Sequence[str] = (), packages: Sequence[str] = ()) -> int:
    """Install the Debian packages where that is allowed, prepare `.venv`, and run the module. Return its exit code."""
    missing = debian.missing(packages)
    if missing and debian.may_install():
        debian.install(missing)
    python = bootstrap.prepare(tests=True)
    environment = {
        **os.environ,
        "PYTHONPATH": os.pathsep.join((str(ROOT), str(ROOT / "desktop"), str(ROOT / "packaging"))),
    }
    return subprocess.run([python, "-m", module, *arguments], cwd=ROOT, env=environment, check=False).returncode
