"""Renews the lock files from pyproject.toml: `python3 packaging/relock.py [--upgrade]`, with uv on the path.

The locks are universal (every system, Python 3.11 and newer), carry hashes and name no index. `--report` changes none
of them: it says what has a newer version, and what its makers have withdrawn.
"""

import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
# A release that its makers withdrew for good. A report that does not see it would see no other either.
WITHDRAWN = "cryptography==37.0.3"
HEAD = "# Made by packaging/relock.py from pyproject.toml; every file pip may install is named by its hash.\n"
LOCKS = {
    "requirements.txt": ["sandbox"],
    "requirements-tests.txt": ["sandbox", "tests"],
    "requirements-packages.txt": ["sandbox", "tests", "packages"],
}


def main() -> None:
    """Write the locks, or report. Each lock holds the one before it, at the same versions."""
    if "--report" in sys.argv:
        sys.exit(report())
    constraint: list[str] = []
    for name, extras in LOCKS.items():
        path = ROOT / "packaging" / name
        subprocess.run(
            [*compiler(extras), *constraint, "--quiet", "--output-file", str(path), *sys.argv[1:]], cwd=ROOT, check=True
        )
        path.write_text(HEAD + checked(path.read_text(encoding="utf-8")), encoding="utf-8")
        constraint = ["--constraint", str(path)]


def compiler(extras: list[str]) -> list[str]:
    """The command that resolves the dependencies of these extras."""
    command = ["uv", "pip", "compile", "--universal", "--python-version", "3.11", "--generate-hashes"]
    command += ["--no-header", "--no-annotate", "pyproject.toml"]
    return [*command, *(word for extra in extras for word in ("--extra", extra))]


def report() -> int:
    """Print what became outdated or was withdrawn since the locks were made. Returns 1 when something was withdrawn.

    Ends with a sentence where uv does not tell what was withdrawn.
    """
    if not sees_withdrawn():
        sys.exit(
            f"uv does not say that {WITHDRAWN} was withdrawn, so the report would miss others. Nothing was reported."
        )
    name, extras = list(LOCKS.items())[-1]
    lock = ROOT / "packaging" / name
    with tempfile.TemporaryDirectory() as folder:
        copied = Path(folder, name)
        shutil.copy(lock, copied)
        command = [*compiler(extras), "--output-file", str(copied)]
        said = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stderr
        subprocess.run([*command, "--quiet", "--upgrade"], cwd=ROOT, check=True)
        newer = outdated(lock.read_text(encoding="utf-8"), copied.read_text(encoding="utf-8"))
    gone = withdrawn(said)
    for line in [*newer, *gone]:
        print(line)
    print(f"{len(newer)} have a newer version, {len(gone)} were withdrawn.")
    return 1 if gone else 0


def sees_withdrawn() -> bool:
    """Whether uv tells of a release that is known to be withdrawn, as the index marks it (PEP 592)."""
    command = ["uv", "pip", "compile", "--no-deps", "--no-header", "--no-annotate", "-"]
    done = subprocess.run(command, input=WITHDRAWN, cwd=ROOT, check=True, capture_output=True, text=True)
    return bool(withdrawn(done.stderr))


def outdated(lock: str, renewed: str) -> list[str]:
    """A line for each package whose version differs between two locks."""
    now, later = (dict(re.findall(r"^([\w.-]+)==([^\s;]+)", text, re.MULTILINE)) for text in (lock, renewed))
    return [
        f"{name} {now[name]}: {later[name]} is there" for name in sorted(now) if later.get(name, now[name]) != now[name]
    ]


def withdrawn(said: str) -> list[str]:
    """A line for each package that the index calls yanked, by what uv says of it."""
    return [line.removeprefix("warning: ").replace("`", "") for line in said.splitlines() if " is yanked" in line]


def checked(lock: str) -> str:
    """Refuse a lock that names a host, or holds any option but the hashes. Return it otherwise."""
    lines = [line for line in lock.splitlines() if not line.startswith("#")]
    if odd := [line for line in lines if re.search(r"://|(?<!\S)-(?!-hash=)", line)]:
        sys.exit(f"{len(odd)} lines of the lock name a host or an option; the lock is not usable.")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    main()
