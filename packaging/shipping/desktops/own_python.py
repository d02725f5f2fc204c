"""A copy of the system's Python that runs from any folder, for a package that brings its own.

It is bound to the C library of the system that it was copied from, or a newer one. `glibc_floor` says which.
"""

import json
import os
import re
import shutil
import subprocess
from collections.abc import Iterable
from pathlib import Path

from shipping.checkout_copy import BuildError
from shipping.desktops.tool import run

# Of the standard library: what tests and installs it, what draws by Tk, and old formats. Keyrack asks no terminal for
# lines by readline, whose licence is the GPL, and keeps nothing in the files of dbm.
UNUSED = (
    "test", "idlelib", "tkinter", "turtle.py", "turtledemo", "ensurepip", "lib2to3", "distutils", "pydoc_data", "venv",
    "config-*", "EXTERNALLY-MANAGED", "sitecustomize.py", "curses", "dbm", "site-packages", "dist-packages",
    *(f"lib-dynload/{name}*" for name in (
        "_test", "_xx", "xx", "_ctypes_test", "_tkinter", "readline", "_curses", "_dbm", "_gdbm", "nis", "ossaudiodev",
        "audioop", "_crypt",
    )),
)  # fmt: skip
# Libraries that have to be those of the computer: the C library and its relatives, what speaks to the graphics driver,
# to the X server and to D-Bus, the fonts with their settings, and GLib, which the system's theme for Qt loads too.
OF_THE_SYSTEM = re.compile(
    r"(?:ld-linux[\w-]*|lib(?:c|m|dl|rt|pthread|util|resolv|gcc_s|stdc\+\+|GL|EGL|GLX|GLdispatch|OpenGL|gbm|drm|X11|X11-xcb|xcb"
    r"|xcb-(?:dri2|dri3|glx|present|sync|xfixes|shm|randr|render|shape|xkb)|Xau|Xdmcp|Xext|Xi|fontconfig|freetype"
    r"|(?:glib|gthread|gobject|gio|gmodule)-2\.0|dbus-1|wayland-(?:client|cursor|egl)))\.so.*"
)
_PLACES = "import json, sysconfig; print(json.dumps(sysconfig.get_path('stdlib')))"
_SITE = (
    "import json, os, site, sys;"
    "found = [path for path in site.getsitepackages() if 'local' not in path];"
    "print(json.dumps(os.path.relpath(found[0], sys.prefix)))"
)


def copy_python(python: str, usr: Path) -> Path:
    """Copy the system's interpreter of a version such as 3.11 below `usr`. Returns the folder for other libraries.

    Raises BuildError where the interpreter or a tool is not here.
    """
    found = Path("/usr/bin", f"python{python}")
    if not found.exists():
        raise BuildError(f"The package copies {found}, which is missing here: sudo apt install python{python}")
    copied = usr / "lib" / f"python{python}"
    standard = json.loads(run(str(found), "-I", "-c", _PLACES))
    shutil.copytree(standard, copied, ignore=shutil.ignore_patterns("__pycache__"))
    for path in [path for pattern in UNUSED for path in copied.glob(pattern)]:
        shutil.rmtree(path) if path.is_dir() else path.unlink()
    executable = usr / "bin" / found.name
    executable.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(found, executable)
    executable.chmod(0o755)
    # -B, or it leaves byte code with the dates of now
    return Path(usr, json.loads(run(str(executable), "-B", "-I", "-c", _SITE)))


def copy_libraries(files: Iterable[Path], usr: Path, private: Path) -> dict[str, Path]:
    """Copy what these files are linked against and a system may lack. Returns where each came from, by its name.

    What only a theme of the system needs is not copied: such a plug-in is left aside where the system lacks it.
    """
    private.mkdir(parents=True, exist_ok=True)
    taken: dict[str, Path] = {}
    waiting = list(files)
    while waiting:
        for name, path in _needed(waiting.pop()).items():
            if name in taken or OF_THE_SYSTEM.fullmatch(name) or path.resolve().is_relative_to(usr.resolve()):
                continue
            taken[name] = path
            waiting.append(path)
            shutil.copyfile(path, private / name)
            (private / name).chmod(0o644)
    return taken


def _needed(file: Path) -> dict[str, Path]:
    """What a file names itself, and not what that needs in turn: the system's libraries bring their own."""
    named = re.findall(r"NEEDED +(\S+)", run("objdump", "-p", str(file)))
    listed = subprocess.run(["ldd", str(file)], capture_output=True, text=True, check=False).stdout
    return {name: Path(path) for name, path in re.findall(r"(\S+) => (/\S+)", listed) if name in named}


def look_into(private: Path, executable: Path) -> None:
    """Have the interpreter, and what it loads, look into a folder that moves with it.

    The folder is written into the program itself. A variable of the environment would also reach the browser.
    """
    place = os.path.relpath(private, executable.parent)
    run("patchelf", "--force-rpath", "--set-rpath", f"$ORIGIN/{place}", str(executable))


def glibc_floor(folder: Path) -> str:
    """The oldest version of the C library that every file below the folder accepts, such as 2.34."""
    newest = (2, 0)
    for path in programs(folder):
        shown = subprocess.run(["objdump", "-T", str(path)], capture_output=True, text=True, check=False).stdout
        for major, minor in re.findall(r"GLIBC_(\d+)\.(\d+)", shown):
            newest = max(newest, (int(major), int(minor)))
    return f"{newest[0]}.{newest[1]}"


def programs(folder: Path) -> list[Path]:
    """Every program and library for Linux below a folder."""
    return [path for path in sorted(folder.rglob("*")) if path.is_file() and not path.is_symlink() and _is_elf(path)]


def _is_elf(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(4) == b"\x7fELF"
