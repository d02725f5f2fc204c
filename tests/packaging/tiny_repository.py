"""A repository like ours with a tiny lock: its set-up is real, takes a second and needs no network."""

import base64
import hashlib
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

from tests.checkout import ROOT

QT = {"PySide6/__init__.py": "", "PySide6/QtSvg.py": "", "PySide6/QtWidgets.py": ""}
NAME = "re po'sitory"
PROGRAM = "import sys, tiny\nprint('started', tiny.VERSION, *sys.argv[1:])\nsys.exit(7 if 'fail' in sys.argv else 0)\n"


class TinyRepository:
    """The real packaging/ and desktop/__main__.py around a program of three lines."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder / "now"
        self._kept = folder / "kept"
        self.root = self._folder / NAME
        self.wheels = self._folder / "wheels"
        self.programs = self._folder / "programs"
        self.home = folder / "home"
        for made in (
            self.programs,
            self.wheels,
            self.home,
            self.root / "packaging",
            self.root / "desktop/keyrack",
            self.root / "resources/icons",
        ):
            made.mkdir(parents=True)
        named = [ROOT / "packaging/keyrack.desktop", ROOT / "packaging/keyrack-agent.service"]
        for path in [*(ROOT / "packaging").glob("*.py"), *named]:
            shutil.copy(path, self.root / "packaging")
        shutil.copy(ROOT / "desktop/__main__.py", self.root / "desktop")
        (self.root / "resources/icons/keyrack.svg").write_text("<svg xmlns='http://www.w3.org/2000/svg'/>")
        (self.root / "desktop/keyrack/__init__.py").touch()
        (self.root / "desktop/keyrack/__main__.py").write_text(PROGRAM)
        self.lock({"tiny": self.wheel("tiny", "1.0", {"tiny.py": "VERSION = '1.0'\n", **QT})})

    def keep(self) -> None:
        """Keep a copy of everything but the home, for `restore`."""
        shutil.copytree(self._folder, self._kept, symlinks=True)

    def restore(self) -> None:
        """Have everything be as it was at `keep`, at the same place."""
        shutil.rmtree(self._folder)
        shutil.copytree(self._kept, self._folder, symlinks=True)
        self.root = self._folder / NAME

    def wheel(self, name: str, version: str, files: dict[str, str]) -> Path:
        """Build a wheel that pip accepts."""
        about = f"{name}-{version}.dist-info"
        content = dict(files)
        content[f"{about}/METADATA"] = f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n"
        content[f"{about}/WHEEL"] = "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
        content[f"{about}/RECORD"] = (
            "".join(f"{path},{record(text)}\n" for path, text in content.items()) + f"{about}/RECORD,,\n"
        )
        path = self.wheels / f"{name}-{version}-py3-none-any.whl"
        with zipfile.ZipFile(path, "w") as archive:
            for inner, text in content.items():
                archive.writestr(inner, text)
        return path

    def lock(self, wheels: dict[str, Path], name: str = "requirements.txt") -> None:
        """Write a lock file that names these wheels by hash."""
        lines = [
            f"{wheel.name.split('-')[0]}=={wheel.name.split('-')[1]} --hash=sha256:{sha256(wheel)}\n"
            for wheel in wheels.values()
        ]
        (self.root / "packaging" / name).write_text("".join(lines))

    def environment(self, **changes: str) -> dict[str, str]:
        """The variables of a start: pip finds the wheels and no index, the home is private.

        The path is empty, because pip runs rustc and lsb_release where it finds them, for a line that no index reads.
        """
        kept = {
            key: value
            for key, value in os.environ.items()
            if not key.startswith(("PIP_", "XDG_", "PYTHON", "VIRTUAL_ENV"))
        }
        own = {
            "HOME": str(self.home),
            "PATH": str(self.programs),
            "PIP_CONFIG_FILE": os.devnull,
            "PIP_NO_INDEX": "1",
            "PIP_FIND_LINKS": str(self.wheels),
        }
        return {
            **kept,
            **own,
            "PIP_DISABLE_PIP_VERSION_CHECK": "1",
            "PIP_NO_CACHE_DIR": "1",
            "QT_QPA_PLATFORM": "offscreen",
            **changes,
        }

    def command(self, *arguments: str) -> list[str]:
        """The command a person would type, with the Python our own environment was made from."""
        return [str(getattr(sys, "_base_executable", sys.executable)), str(self.root / "desktop"), *arguments]

    def start(self, *arguments: str, cwd: Path | None = None, **changes: str) -> subprocess.CompletedProcess[str]:
        """Start it as a person would, and wait for the end."""
        environment = self.environment(**changes)
        return subprocess.run(
            self.command(*arguments), cwd=cwd, env=environment, capture_output=True, text=True, timeout=90, check=False
        )

    def begin(self, **changes: str) -> subprocess.Popen[str]:
        """Start it as a person would, in a separate process group, without waiting."""
        return subprocess.Popen(
            self.command(),
            env=self.environment(**changes),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )


def sha256(path: Path) -> str:
    """The digest as a lock file writes it."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def record(text: str) -> str:
    """The digest and length as a wheel's RECORD writes them."""
    digest = base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()).rstrip(b"=").decode()
    return f"sha256={digest},{len(text.encode())}"
