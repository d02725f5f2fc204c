"""Checks a finished package with the tools of its kind, as somebody who gets the file would."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path

import debian
import environment
import stamps
from shipping.checkout_copy import BuildError
from shipping.desktops import foreign_checks, linux_checks


def verify(kind: str, made: Sequence[Path], wheels: Path) -> None:
    """Check what was made. `wheels` is the folder of the locked wheels. Raises BuildError at the first flaw."""
    match kind:
        case "wheel":
            verify_wheel(made[0], made[1], wheels)
        case "sdist":
            twine(made[0])
        case "tarball":
            verify_tarball(made[0])
        case "deb":
            verify_deb(made[0])
        case "appimage":
            linux_checks.verify_appimage(made[0], ask)
        case "flatpak":
            linux_checks.verify_flatpak(made[0])
        case "windows":
            foreign_checks.verify_windows(made)
        case "macos":
            foreign_checks.verify_macos(made)


def verify_wheel(wheel: Path, locked: Path, wheels: Path) -> None:
    """Read the metadata as an index would, install it with its locked requirements into an empty place, and ask it."""
    twine(wheel)
    with tempfile.TemporaryDirectory() as folder:
        python = _empty(Path(folder))
        options = [*environment.OPTIONS, "--quiet", "--no-index", "--find-links", str(wheels)]
        pip = [*environment.pip()[:3], "--python", python, "install", *options, "--requirement", locked.name]
        _run(pip, cwd=locked.parent)
        ask(Path(python).with_name("keyrack"))


def verify_tarball(archive: Path) -> None:
    """Unpack it into a folder with a blank in its name, and ask it."""
    with tempfile.TemporaryDirectory(prefix="key rack ") as folder:
        shutil.unpack_archive(archive, folder, filter="tar")
        ask(next(Path(folder).iterdir()) / "bin/keyrack")


def verify_deb(package: Path) -> None:
    """Have Debian's own checkers read it, and its entries for menu and software centre."""
    if missing := debian.missing(debian.CHECKS):
        raise BuildError(f"A tool is missing: sudo apt install {' '.join(missing)}")
    _run(["lintian", "--allow-root", "--fail-on", "error,warning", "--tag-display-limit", "0", str(package)])
    with tempfile.TemporaryDirectory() as folder:
        _run(["dpkg-deb", "--extract", str(package), folder])
        shared = Path(folder, "usr/share")
        _run(["desktop-file-validate", *map(str, shared.glob("applications/*"))])
        _run(["appstreamcli", "validate", "--no-net", *map(str, shared.glob("metainfo/*"))])


def twine(package: Path) -> None:
    """Have twine read the metadata and the page that an index would show."""
    _run([stamps.PYTHON, "-m", "twine", "check", "--strict", str(package)])


def ask(command: Path) -> None:
    """Start it in an empty home: it says its version, and `status` that nothing runs, by exit code 7."""
    with tempfile.TemporaryDirectory() as home:
        environ = {"HOME": home, "PATH": "/usr/bin:/bin", "XDG_RUNTIME_DIR": home}
        said = _run([str(command), "--version"], env=environ)
        status = subprocess.run([str(command), "status"], env=environ, capture_output=True, text=True, check=False)
    if not said.startswith("Keyrack ") or status.returncode != 7:
        raise BuildError(f"{command.name} said {said.strip()!r}, and ended `status` with {status.returncode}, not 7.")


def _empty(folder: Path) -> str:
    """The Python of a new environment without anything in it."""
    _run([stamps.PYTHON, "-m", "venv", "--without-pip", str(folder)])
    return str(folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python"))


def _run(command: list[str], cwd: Path | None = None, env: dict[str, str] | None = None) -> str:
    done = subprocess.run(
        command, cwd=cwd, env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False
    )
    if done.returncode:
        raise BuildError(f"{Path(command[0]).name} ended with {done.returncode}:\n{done.stdout.strip()}")
    return done.stdout
