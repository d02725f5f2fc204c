"""Runs every check: `python3 tests`; with arguments only pytest, with those arguments."""

import sys

if sys.version_info < (3, 11):
    sys.exit("Keyrack's tests need Python 3.11 or newer; this is Python %d.%d." % sys.version_info[:2])

import os
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "packaging"))

import bootstrap
import debian
import qt_libraries
import stamps

BYTE_CODE = Path(stamps.VENV, "byte-code")  # as in checkout.py, which a strange package called "tests" could hide here


def main(arguments: list[str]) -> int:
    """Prepare, and run the tests. Unless told which ones, check the sources beside them. The counts come last."""
    add_debian_packages()
    python = bootstrap.prepare(tests=True)
    findings = {"KEYRACK_MISSING_PACKAGES": " ".join(missing()), "KEYRACK_QT_PROBLEM": qt_libraries.problem()}
    # A file's tests stay in one process, and the files in their order: the long ones come first.
    processes = str(min((os.cpu_count() or 1) + 2, 4))  # more than can run, because much of it is waiting
    spread = ["--numprocesses", processes, "--dist", "loadfile", "--no-loadscope-reorder"]
    command = [python, "-m", "pytest", *(arguments or ["-p", "tests.source_checks", *spread])]
    environment = {**os.environ, **findings, "PYTHONPYCACHEPREFIX": str(BYTE_CODE)}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)  # or pytest would compile its plugins in each run
    if not arguments and not BYTE_CODE.exists():
        compile_once(python, environment)
    return subprocess.run(command, cwd=ROOT, env=environment, check=False).returncode


def compile_once(python: str, environment: dict[str, str]) -> None:
    """Load every test in one process, which leaves the byte code: several at once would each compile all of it."""
    command = [python, "-m", "pytest", "--collect-only", "--quiet"]
    subprocess.run(command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, check=False)


def missing() -> list[str]:
    """Name the Debian packages that are not there: of the desktop tests, and to read packages for other desktops."""
    return debian.missing(debian.QT + debian.DESKTOP_TESTS + debian.DESKTOPS)


def add_debian_packages() -> None:
    """Install what the desktop tests need where that is allowed; else say what it is."""
    packages = missing()
    if not packages:
        return
    if not (debian.may_install() and debian.install(packages)):
        print(f"The desktop tests are skipped without: sudo apt install {' '.join(packages)}", flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
