"""Finds out how this Keyrack was installed, and names the file and the command that bring another version in that way.

Nothing here downloads or replaces anything. The layouts are those that `packaging/shipping` makes.
"""

import platform
import shlex
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.machinery import PathFinder
from pathlib import Path
from typing import Literal

from keyrack.core.system.login_start import app_image
from keyrack.core.updates.release_list import Release, ReleasedFile

Kind = Literal[
    "deb", "pipx", "uv", "tarball", "sources", "pip", "appimage", "flatpak", "windows", "macos", "unknown"
]  # fmt: skip
# What their people bring in by the desktop.
_WITHOUT_COMMAND = ("appimage", "windows", "macos")
_PROGRAM = Path(__file__).resolve().parents[2]
# What Debian calls them.
_MACHINES: Mapping[str, str] = {"x86_64": "amd64", "aarch64": "arm64"}


@dataclass(frozen=True, slots=True)
class Installation:
    """How Keyrack was installed. `folder` is its environment, or the folder of its sources."""

    kind: Kind
    folder: Path
    with_sandbox: bool = True

    def file(self, release: Release) -> ReleasedFile | None:
        """The file of a release that this way needs, None where the release has none or the way needs none."""
        python = f"python{sys.version_info.major}.{sys.version_info.minor}"
        ending = {
            "deb": f"_{python}_{_MACHINES.get(platform.machine(), platform.machine())}.deb",
            "tarball": f"-linux-{platform.machine()}-{python}.tar.gz",
            "sources": f"keyrack-{release.version}.tar.gz",
            "appimage": f"-{platform.machine()}.AppImage",
            "windows": "-windows-x86_64.msi",
            "macos": f"-macos-{platform.machine()}.zip",
        }.get(self.kind, ".whl")
        if self._is_clone or self.kind in ("flatpak", "unknown"):
            return None
        return next((file for file in release.files if file.name.endswith(ending)), None)

    def command(self, release: Release) -> str:
        """What brings a release once its file is in the folder where this is typed, "" where nothing is to be typed."""
        file, folder = self.file(release), shlex.quote(str(self.folder))
        if self._is_clone:
            return f"git -C {folder} pull --ff-only"
        if file is None or self.kind in _WITHOUT_COMMAND:
            return ""
        wheel = shlex.quote(f"./{file.name}{'[sandbox]' if self.with_sandbox else ''}")
        return {
            "deb": f"sudo apt install ./{file.name}",
            "pipx": f"pipx install --force {wheel}",
            "uv": f"uv tool install --force {wheel}",
            "tarball": f"tar -xf {file.name} -C {shlex.quote(str(self.folder.parent))}",
            "sources": f"tar -xf {file.name} -C {shlex.quote(str(self.folder.parent))}",
            "pip": f"{shlex.quote(str(self.folder / 'bin/python'))} -m pip install --upgrade {wheel}",
        }[self.kind]

    @property
    def start(self) -> str:
        """What starts it in the folder that the command unpacks beside this one, "" where the command replaces it."""
        return "" if self._is_clone else {"tarball": "bin/keyrack", "sources": "python3 desktop"}.get(self.kind, "")

    @property
    def _is_clone(self) -> bool:
        return self.kind == "sources" and (self.folder / ".git").exists()


def installation(program: Path = _PROGRAM, environment: Path | None = None, root: Path = Path("/")) -> Installation:
    """How the program in this folder was installed, by what lies around it. `root` is the top of the system."""
    there = Path(sys.prefix) if environment is None else environment
    if (program.parent / "__main__.py").is_file():
        there = program.parent.parent
    return Installation(_kind(program, there, root), there, PathFinder.find_spec("uvicorn") is not None)


def _kind(program: Path, there: Path, root: Path) -> Kind:
    debian = root / "usr/lib/keyrack"
    signs: Mapping[Kind, bool] = {
        "sources": (program.parent / "__main__.py").is_file(),
        "appimage": bool(app_image()),
        "flatpak": (root / ".flatpak-info").is_file() and program.is_relative_to(root / "app"),
        "macos": ".app/Contents/Resources/" in program.as_posix(),
        "windows": (there.parent / "bin/keyrack-gui.exe").is_file(),
        "deb": program.is_relative_to(debian) or there == debian,
        "pipx": (there / "pipx_metadata.json").is_file(),
        "uv": (there / "uv-receipt.toml").is_file(),
        "tarball": (there / "README.md").is_file() and (there / "share/metainfo").is_dir(),
        "pip": (there / "pyvenv.cfg").is_file(),
    }
    return next((kind for kind, found in signs.items() if found), "unknown")
