"""Makes the environment: a virtual environment holding exactly what the hash-locked files name.

Its stamps are written last, so an interrupted set-up has none and is done again.
"""

import importlib.util
import os
import re
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Iterator
from pathlib import Path

import exclusive
import stamps
from pip_output import PipOutput, explain

VENV = Path(stamps.VENV)
OURS = VENV / "keyrack-environment"
OLDEST_PIP = (22, 3)  # the first with --python
OPTIONS = [
    "--require-hashes", "--no-deps", "--only-binary", ":all:",  # nothing is taken, or run, that the lock does not name
    "--no-input", "--disable-pip-version-check", "--no-warn-script-location", "--progress-bar", "off",
]  # fmt: skip


class SetupError(Exception):
    """The set-up cannot continue. The text is one sentence for the person, with what to do."""


def prepare(locks: tuple[str, ...]) -> None:
    """Make the environment satisfy these lock files, one process at a time. On a failure, exit with a sentence."""
    try:
        with exclusive.hold(Path(stamps.ROOT) / ".venv.lock", say):
            if not all(map(stamps.is_current, locks)):
                make(locks)
    except SetupError as error:
        sys.exit(f"Keyrack could not be set up: {error}")
    except PermissionError as error:
        sys.exit(f"Keyrack could not be set up: {error.filename} cannot be written; make this folder your own first.")
    except OSError as error:
        place = f" ({error.filename})" if error.filename else ""
        sys.exit(f"Keyrack could not be set up: {error.strerror}{place}. Free the cause and start again.")
    except KeyboardInterrupt:
        sys.exit("Set-up interrupted; the next start does it again.")


def make(locks: tuple[str, ...]) -> None:
    """Install the lock files into a new environment, or only the missing ones into a current environment."""
    missing = [lock for lock in locks if not stamps.is_current(lock)]
    fresh = missing[0] == stamps.RUNTIME
    unstamp()
    say("Setting up Keyrack (once; the first time takes a minute or two)…")
    if fresh:
        clear()
        create()
    for lock in missing:
        install(lock)
    put_on_path()
    for lock in locks:
        Path(stamps.stamp_path(lock)).write_bytes(stamps.stamp_text(lock))
    say("Set-up is complete.")


def unstamp() -> None:
    """Remove the marks of completeness before anything else changes."""
    for mark in VENV.glob("keyrack-*"):
        if mark != OURS:
            mark.unlink()


def clear() -> None:
    """Empty the environment's folder, keeping to the end the mark that says it is ours to empty."""
    if VENV.is_symlink() or (VENV.exists() and not OURS.exists() and any(VENV.iterdir())):
        raise SetupError(f"{VENV} was not made by Keyrack; move it away and start again.")
    VENV.mkdir(exist_ok=True)
    OURS.touch()
    for entry in VENV.iterdir():
        if entry.is_dir() and not entry.is_symlink():
            shutil.rmtree(entry)
        elif entry != OURS:
            entry.unlink()


def create() -> None:
    """Make the empty virtual environment, without pip, which Debian keeps in a separate package."""
    say("  making the environment")
    if importlib.util.find_spec("venv") is None:
        raise SetupError("Python's venv module is missing; on Debian: sudo apt install python3-venv")
    done = run([sys.executable, "-m", "venv", "--without-pip", str(VENV)])
    if done.returncode:
        raise SetupError(
            "Python's venv module failed; on Debian: sudo apt install python3-venv. " + explain(done.stdout)
        )


def pip() -> list[str]:
    """Name the pip to use: an installed one that can fill another environment, else the one that comes with Python."""
    for python in dict.fromkeys((sys.executable, str(getattr(sys, "_base_executable", None) or sys.executable))):
        # "pip --version" would load all of pip.
        asked = run([python, "-c", "import pip; print(pip.__version__)"])
        version = tuple(int(part) for part in asked.stdout.strip().split(".")[:2] if part.isdigit())
        if asked.returncode == 0 and version >= OLDEST_PIP:
            return [python, "-m", "pip", "--python", stamps.PYTHON]
    if run([stamps.PYTHON, "-m", "ensurepip"]).returncode:
        raise SetupError("pip is missing or older than 22.3; on Debian: sudo apt install python3-pip")
    return [stamps.PYTHON, "-m", "pip"]


def run(command: list[str]) -> subprocess.CompletedProcess[str]:
    """Run a program to its end and keep its output."""
    return subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)


def install(lock: str) -> None:
    """Have pip get, check against the lock's hashes and install what one lock file names."""
    path = Path(stamps.ROOT) / "packaging" / lock
    total = len(re.findall(r"^[\w.-]+==", path.read_text(encoding="utf-8"), re.MULTILINE))
    progress = PipOutput(total=total, say=say, live=sys.stderr.isatty())
    with subprocess.Popen(
        [*pip(), "install", *OPTIONS, "--requirement", str(path)],
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace",
        pass_fds=exclusive.held(),  # a pip that outlives a killed start still keeps the next start out
    ) as process:  # fmt: skip
        for line in lines(process):
            progress.read(line)
    progress.end()
    if process.returncode:
        raise SetupError(explain(progress.text()))


def lines(process: subprocess.Popen[str]) -> Iterator[str]:
    """Read pip's output, line by line."""
    assert process.stdout is not None  # noqa: S101 - asked for as a pipe
    yield from process.stdout


def put_on_path() -> None:
    """Name the sources in a plain .pth file, which costs no time at start (an editable install would)."""
    folder = sysconfig.get_path("purelib", "venv", {"base": str(VENV), "platbase": str(VENV)})
    Path(folder, "keyrack.pth").write_bytes(os.fsencode(Path(stamps.ROOT) / "desktop") + b"\n")


def say(text: str) -> None:
    """Print a line for the person at the terminal."""
    print(text, file=sys.stderr, flush=True)
