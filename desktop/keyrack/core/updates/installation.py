"""Finds out how this Keyrack was installed, and names the command that brings another version in the same way.

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

from keyrack.core.updates.release_list import Release, ReleasedFile

Kind = Literal["deb", "pipx", "uv", "tarball", "sources", "pip"]
_DEBIAN = Path("/usr/lib/keyrack")
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
        ending = {
            "deb": f"_{_MACHINES.get(platform.machine(), platform.machine())}.deb",
            "tarball": f"-linux-{platform.machine()}-python{sys.version_info.major}.{sys.version_info.minor}.tar.gz",
            "sources": f"keyrack-{release.version}.tar.gz",
        }.get(self.kind, ".whl")
        if self._is_clone:
            return None
        return next((file for file in release.files if file.name.endswith(ending)), None)

    def command(self, release: Release) -> str:
        """What brings a release once its file is in the folder where this is typed. "" where it has no such file."""
        file, folder = self.file(release), shlex.quote(str(self.folder))
        if self._is_clone:
            return f"git -C {folder} pull --ff-only"
        if file is None:
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
    def _is_clone(self) -> bool:
        return self.kind == "sources" and (self.folder / ".git").exists()


def installation(program: Path = _PROGRAM, environment: Path | None = None) -> Installation:
    """How the program in this folder was installed, by what lies around it."""
    there = Path(sys.prefix) if environment is None else environment
    with_sandbox = PathFinder.find_spec("uvicorn") is not None
    if (program.parent / "__main__.py").is_file():
        return Installation("sources", program.parent.parent, with_sandbox)
    if program.is_relative_to(_DEBIAN) or there == _DEBIAN:
        return Installation("deb", there, with_sandbox)
    if (there / "pipx_metadata.json").is_file():
        return Installation("pipx", there, with_sandbox)
    if (there / "uv-receipt.toml").is_file():
        return Installation("uv", there, with_sandbox)
    if (there / "README.md").is_file() and (there / "share/metainfo").is_dir():
        return Installation("tarball", there, with_sandbox)
    return Installation("pip", there, with_sandbox)
