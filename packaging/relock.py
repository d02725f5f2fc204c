"""Renews the lock files from pyproject.toml: `python3 packaging/relock.py [--upgrade]`, with uv on the path.

The locks are universal (every system, Python 3.11 and newer), carry hashes and name no index.
"""

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
HEAD = "# Made by packaging/relock.py from pyproject.toml; every file pip may install is named by its hash.\n"
LOCKS = {
    "requirements.txt": ["sandbox"],
    "requirements-tests.txt": ["sandbox", "tests"],
    "requirements-packages.txt": ["sandbox", "tests", "packages"],
}


def main() -> None:
    """Write the locks. Each holds the one before it, at the same versions."""
    constraint: list[str] = []
    for name, extras in LOCKS.items():
        path = ROOT / "packaging" / name
        command = ["uv", "pip", "compile", "--universal", "--python-version", "3.11", "--generate-hashes", "--quiet"]
        command += ["--no-header", "--no-annotate", "pyproject.toml"]
        command += [word for extra in extras for word in ("--extra", extra)]
        subprocess.run([*command, *constraint, "--output-file", str(path), *sys.argv[1:]], cwd=ROOT, check=True)
        path.write_text(HEAD + checked(path.read_text(encoding="utf-8")), encoding="utf-8")
        constraint = ["--constraint", str(path)]


def checked(lock: str) -> str:
    """Refuse a lock that names a host, or holds any option but the hashes. Return it otherwise."""
    lines = [line for line in lock.splitlines() if not line.startswith("#")]
    if odd := [line for line in lines if re.search(r"://|(?<!\S)-(?!-hash=)", line)]:
        sys.exit(f"{len(odd)} lines of the lock name a host or an option; the lock is not usable.")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    main()
