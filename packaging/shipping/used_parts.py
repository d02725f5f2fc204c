"""Which parts of Qt and of the other libraries the program uses. The rest of their wheels is left out.

The modules of Qt are those that the sources import. The plug-ins are named here with their reason. The libraries that
both need are found by the system's loader.
"""

import re
import shutil
import subprocess
from collections.abc import Iterable
from pathlib import Path

from shipping.checkout_copy import BuildError

PLUGINS = {
    "platforms/libqxcb.so": "X11",
    "platforms/libqwayland.so": "Wayland",
    "platforms/libqoffscreen.so": "the tour without a display",
    "wayland-shell-integration/libxdg-shell.so": "windows under Wayland",
    "wayland-decoration-client/libadwaita.so": "their frames under GNOME, which draws none",
    "wayland-decoration-client/libbradient.so": "their frames where Adwaita's parts are missing",
    "platforminputcontexts/libcomposeplatforminputcontextplugin.so": "the compose key",
    "platforminputcontexts/libibusplatforminputcontextplugin.so": "writing systems that need IBus",
    "platformthemes/libqgtk3.so": "dark and light, fonts and dialogs under GNOME and its relatives",
    "platformthemes/libqxdgdesktopportal.so": "the portal's dialogs",
    "iconengines/libqsvgicon.so": "icons",
    "imageformats/libqsvg.so": "pictures in style sheets",
}
# What PySide imports by itself, and the state that its own loader reads.
PYSIDE = ("__init__.py", "_config.py", "_git_pyside_version.py", "PySide6")
SHIBOKEN = ("__init__.py", "_config.py", "_git_shiboken_module_version.py", "Shiboken.abi3.so")
# Patterns. Of cffi only its compiled part runs. Of websockets it is the asyncio client, and anyio finds no trio.
UNUSED = (
    "bin", "share", "cffi", "pycparser*", "jeepney/tests", "jeepney/io/tests", "websockets/legacy", "websockets/trio",
    "websockets/sync", "anyio/_backends/_trio.py", "anyio/pytest_plugin.py", "starlette/testclient.py",
    "click/testing.py", "certifi/tests", "segno/cli.py", "win32ctypes/tests",
)  # fmt: skip
METADATA = ("METADATA", "WHEEL", "entry_points.txt", "licenses")
_IMPORT = re.compile(r"\bPySide6(?:\.|\s+import\s+)(Qt\w+)")
_TO_BUILD_WITH = ("*.pyi", "*.h", "*.pxd", "*.c", "py.typed", "*.lib")


def keep_used(site: Path, sources: Path) -> None:
    """Remove from a folder of installed wheels what the sources do not use. Raises BuildError for a missing part."""
    _keep_shiboken(site / "shiboken6")
    keep(site, used_of_qt(site / "PySide6", sources))


def keep(site: Path, kept: set[Path]) -> None:
    """Remove what no program needs to run, and of PySide6 all but these files."""
    for path in [path for name in UNUSED for path in site.glob(name)]:
        path.unlink() if path.is_file() else shutil.rmtree(path, ignore_errors=True)
    _remove_all(path for pattern in _TO_BUILD_WITH for path in site.rglob(pattern))
    _remove_all(path for path in (site / "PySide6").rglob("*") if path.is_file() and path not in kept)
    _remove_records(site)
    for folder in sorted((path for path in site.rglob("*") if path.is_dir()), reverse=True):
        if not any(folder.iterdir()):
            folder.rmdir()


def imported_modules(sources: Path) -> set[str]:
    """The modules of PySide6 that a folder of sources imports, such as QtCore."""
    return {found for path in sources.rglob("*.py") for found in _IMPORT.findall(path.read_text("utf-8"))}


def used_of_qt(pyside: Path, sources: Path) -> set[Path]:
    """Every file of PySide6 that stays."""
    roots = [pyside / f"{module}.abi3.so" for module in sorted(imported_modules(sources))]
    roots += [pyside / "Qt/plugins" / name for name in PLUGINS]
    if missing := [path.name for path in roots if not path.is_file()]:
        raise BuildError(f"PySide6 has no {', '.join(missing)}: name the part's new place in used_parts.py.")
    plain = {pyside / name for name in PYSIDE if (pyside / name).is_file()}
    return plain | set(roots) | needed(roots, pyside)


def needed(files: Iterable[Path], folder: Path) -> set[Path]:
    """The libraries in the folder that the loader takes for these files."""
    found: set[Path] = set()
    for file in files:
        done = subprocess.run(["ldd", str(file)], capture_output=True, text=True, check=False)
        paths = (Path(path) for path in re.findall(r"=> (/\S+)", done.stdout))
        # the loader writes a path as the library's own $ORIGIN gives it, with ".." in it
        found |= {path.resolve() for path in paths if path.resolve().is_relative_to(folder.resolve())}
    return found


def _keep_shiboken(folder: Path) -> None:
    _remove_all(
        path for path in folder.rglob("*") if path.is_file() and path.name not in SHIBOKEN and ".so." not in path.name
    )


def _remove_records(site: Path) -> None:
    """Leave what says which part it is and its licence. The rest names files that are gone, or how pip came by it."""
    for path in site.glob("*.dist-info/*"):
        if path.is_dir() and path.name not in METADATA:
            shutil.rmtree(path)
        elif path.is_file() and path.name not in METADATA and not path.name.upper().startswith(("LICEN", "COPYING")):
            path.unlink()


def strip(site: Path) -> None:
    """Take the names of functions out of the libraries, which only a debugger reads.

    Raises BuildError without the tool.
    """
    if shutil.which("strip") is None:
        raise BuildError("A tool is missing: sudo apt install binutils")
    libraries = sorted(str(path) for path in site.rglob("*.so*") if path.is_file())
    subprocess.run(["strip", "--strip-unneeded", *libraries], check=True)


def _remove_all(paths: Iterable[Path]) -> None:
    for path in list(paths):
        path.unlink()
