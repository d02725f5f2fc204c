"""Runs every check: `python3 tests`; with arguments only pytest, with those arguments."""

import sys

if sys.version_info < (3, 11):
    sys.exit("Keyrack's tests need Python 3.11 or newer; this is Python %d.%d." % sys.version_info[:2])

import os
import subprocess
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "packaging"))

import bootstrap
import debian
import qt_libraries

LINT_IMPORTS = "from importlinter.cli import lint_imports_command as run; run()"
CHECKS = {
    "ruff check": ["-m", "ruff", "check", "--quiet", "."],
    "ruff format": ["-m", "ruff", "format", "--check", "--quiet", "."],
    "mypy": ["-m", "mypy", "--no-error-summary"],
    "import rules": ["-c", LINT_IMPORTS],
}


def main(arguments: list[str]) -> int:
    """Prepare, check the sources unless told which tests to run, and end with pytest's counts."""
    add_debian_packages()
    python = bootstrap.prepare(tests=True)
    checks = {} if arguments else CHECKS
    failed = [name for name, command in checks.items() if not passes(name, [python, *command])]
    findings = {
        "KEYRACK_MISSING_PACKAGES": " ".join(missing()),
        "KEYRACK_QT_PROBLEM": qt_libraries.problem(),
        "KEYRACK_FAILED_CHECKS": ", ".join(failed),
    }
    environment = {**os.environ, **findings}
    # A file's tests stay in one process, and the files in their order: the long ones come first.
    processes = str(min((os.cpu_count() or 1) + 1, 4))  # one more than can run, because much of it is waiting
    everything = ["--numprocesses", processes, "--dist", "loadfile", "--no-loadscope-reorder"]
    command = [python, "-m", "pytest", *(arguments or everything)]
    code = subprocess.run(command, cwd=ROOT, env=environment, check=False).returncode
    return code or (1 if failed else 0)


def passes(name: str, command: list[str]) -> bool:
    """Run one check on the sources; show what it says only when it fails."""
    started = time.monotonic()
    done = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
    print(f"{name}: {'FAILED' if done.returncode else 'passed'} ({time.monotonic() - started:.0f} s)", flush=True)
    if done.returncode:
        print(done.stdout, flush=True)
    return done.returncode == 0


def missing() -> list[str]:
    """Name the Debian packages of the desktop tests that are not there."""
    return debian.missing(debian.QT + debian.DESKTOP_TESTS)


def add_debian_packages() -> None:
    """Install what the desktop tests need where that is allowed; else say what it is."""
    packages = missing()
    if not packages:
        return
    if not (debian.may_install() and debian.install(packages)):
        print(f"The desktop tests are skipped without: sudo apt install {' '.join(packages)}", flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
