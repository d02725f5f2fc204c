"""The versions of what Keyrack is made of, and the kind of desktop it runs on."""

import os
import platform
import sys
from importlib import metadata

from keyrack import __version__
from keyrack.core.system.libraries import DIRECT

Facts = list[tuple[str, str]]

_ENVIRONMENT = (
    ("Desktop", "XDG_CURRENT_DESKTOP"),
    ("Session", "XDG_SESSION_TYPE"),
    ("Language", "LANG"),
    ("Input method", "QT_IM_MODULE"),
)
_LONGEST = 60


def versions() -> Facts:
    """Keyrack, Python, and each library that is installed."""
    known = [("Keyrack", __version__), ("Python", platform.python_version())]
    return known + [(name, found) for name in DIRECT if (found := _version(name))]


def surroundings() -> Facts:
    """The system, and what the session says of itself."""
    found = [("System", _system()), ("Machine", platform.machine())]
    if sys.platform == "linux":
        found.append(("C library", " ".join(part for part in platform.libc_ver() if part) or "not known"))
    found += [(topic, os.environ.get(name, "")[:_LONGEST] or "not said") for topic, name in _ENVIRONMENT]
    displays = [name for name in ("WAYLAND_DISPLAY", "DISPLAY") if os.environ.get(name)]
    return [*found, ("Displays", " and ".join(displays) or "none")]


def _version(library: str) -> str:
    try:
        return metadata.version(library)
    except metadata.PackageNotFoundError:
        return ""


def _system() -> str:
    try:
        return platform.freedesktop_os_release()["PRETTY_NAME"][:_LONGEST]
    except (OSError, KeyError):
        return f"{platform.system()} {platform.release()}"
