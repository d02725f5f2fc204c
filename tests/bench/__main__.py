"""Measures Keyrack: `python3 tests/bench` prints one table, and ends with 1 if a promised ratio was missed."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "packaging")]

import bootstrap
import debian


def main() -> int:
    """Prepare what is measured and what it is compared with, then measure."""
    packages = debian.missing(["oidc-agent-cli", "curl"])
    if packages and debian.may_install():
        debian.install(packages)
    python = bootstrap.prepare(tests=True)
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join((str(ROOT), str(ROOT / "desktop")))}
    return subprocess.run([python, "-m", "tests.bench.run"], cwd=ROOT, env=environment, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
