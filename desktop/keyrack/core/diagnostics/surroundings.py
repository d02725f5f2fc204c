"""The versions of what Keyrack is made of, and the kind of desktop it runs on."""

import os
import platform
import sys
from importlib import metadata

from keyrack import __version__

Facts = list[tuple[str, str]]

_LIBRARIES = (
    *("PySide6_Essentials", "qasync", "httpx", "h11", "websockets", "cryptography", "keyring", "msgspec"),
    *("platformdirs", "segno"),
)
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
    return known + [(name, found) for name in _LIBRARIES if (found := _version(name))]


def licences() -> Facts:
    """Each library that is installed, with its version and its licence as its package states it."""
    return [(name, f"{found}, {_licence(name)}") for name in _LIBRARIES if (found := _version(name))]


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


def _licence(library: str) -> str:
    """The expression (PEP 639), else the older field where it is short, else what the classifier says."""
    about = metadata.metadata(library)
    stated = [str(about[field]) for field in ("License-Expression", "License") if field in about]
    said = [each.rsplit(" :: ", 1)[-1] for each in about.get_all("Classifier") or () if each.startswith("License ::")]
    return next(
        (each for each in [*stated, *said] if each and "\n" not in each and len(each) <= _LONGEST), "not stated"
    )


def _system() -> str:
    try:
        return platform.freedesktop_os_release()["PRETTY_NAME"][:_LONGEST]
    except (OSError, KeyError):
        return f"{platform.system()} {platform.release()}"
