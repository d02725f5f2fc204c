"""The program as it lies on another system: the used parts of the wheels for it, compiled, with their licences."""

import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from shipping.bill_of_materials import NAME, add_parts, write_bill
from shipping.checkout_copy import BuildError, Checkout
from shipping.desktops.foreign_wheels import Aim, locked_wheels, unpack
from shipping.desktops.native_imports import imports, kind
from shipping.licences import write_licences
from shipping.program_tree import compile_all, target
from shipping.python_packages import make_wheel
from shipping.used_parts import PYSIDE, SHIBOKEN, imported_modules, keep


@dataclass(frozen=True)
class Layout:
    """Where PySide6 has its modules and plug-ins on a system, and the plug-ins that are used, with their reasons."""

    module: str
    plugins: str
    used: dict[str, str]


LAYOUTS = {
    "windows": Layout(
        "{}.pyd",
        "plugins",
        {
            "platforms/qwindows.dll": "windows",
            "platforms/qoffscreen.dll": "the tour without a display",
            "styles/qmodernwindowsstyle.dll": "the system's look of what is not styled",
            "iconengines/qsvgicon.dll": "icons",
            "imageformats/qsvg.dll": "pictures in style sheets",
        },
    ),
    "macos": Layout(
        "{}.abi3.so",
        "Qt/plugins",
        {
            "platforms/libqcocoa.dylib": "windows",
            "platforms/libqoffscreen.dylib": "the tour without a display",
            "styles/libqmacstyle.dylib": "the system's look of what is not styled",
            "iconengines/libqsvgicon.dylib": "icons",
            "imageformats/libqsvg.dylib": "pictures in style sheets",
        },
    ),
}


@dataclass(frozen=True)
class PythonPart:
    """Python itself, as the list of parts names it."""

    version: str
    name: str = "cpython"

    @property
    def address(self) -> str:
        """Its package URL."""
        return f"pkg:generic/python@{self.version}"


def make_program(source: Checkout, wheels: Path, aim: Aim, site: Path, documents: Path) -> None:
    """Fill `site` with the program and its libraries, and `documents` with their licences and the list of parts.

    Raises BuildError where this checkout's Python is of another minor version, for which byte code would be useless.
    """
    if target().python != aim.minor:
        raise BuildError(f"The package for {aim.system} brings Python {aim.minor}: make it with Python {aim.minor}.")
    with locked_wheels(aim, wheels) as found, tempfile.TemporaryDirectory() as scratch:
        unpack([*found, make_wheel(source, Path(scratch))[0]], site)
    keep(site, used_of_qt(site, LAYOUTS[aim.system]))
    for stale in site.rglob("*.pyc"):  # a wheel may bring byte code of its maker's Python
        stale.unlink()
    describe(source, site, documents)
    add_parts(documents / Path(NAME).name, [PythonPart(aim.python)])
    compile_all(site, str(site), ".")


def used_of_qt(site: Path, layout: Layout) -> set[Path]:
    """Every file of PySide6 and shiboken6 that stays. Raises BuildError for a missing part."""
    pyside = site / "PySide6"
    roots = [pyside / layout.module.format(module) for module in sorted(imported_modules(site / "keyrack"))]
    roots += [pyside / layout.plugins / name for name in layout.used]
    if missing := [path.name for path in roots if not path.is_file()]:
        raise BuildError(f"PySide6 has no {', '.join(missing)}: name the part's new place in foreign_program.py.")
    shiboken = site / "shiboken6"
    module = shiboken / layout.module.format("Shiboken")
    files = [path for path in (*shiboken.rglob("*"), *pyside.rglob("*")) if path.is_file()]
    libraries = {path.name: path for path in files if kind(path)}
    kept = {*roots, module} | closure([*roots, module], libraries)
    for path in [path for path in shiboken.rglob("*") if path.is_file() and path not in kept]:
        if path.name not in SHIBOKEN:
            path.unlink()
    about = {file for path in kept for file in (path.parent / "Resources").glob("*")}  # of the frameworks of macOS
    return kept | about | {pyside / name for name in PYSIDE if (pyside / name).is_file()}


def closure(roots: Iterable[Path], libraries: dict[str, Path]) -> set[Path]:
    """The libraries that these files name, and those that they name in turn. Windows does not tell case."""
    known = {name.lower(): path for name, path in libraries.items()}
    found: set[Path] = set()
    waiting = list(roots)
    while waiting:
        for name in imports(waiting.pop()):
            path = known.get(name.lower())
            if path is not None and path not in found:
                found.add(path)
                waiting.append(path)
    return found


def describe(source: Checkout, site: Path, documents: Path) -> None:
    """Write the list of parts, which is read as from an environment whose packages are these, and their licences."""
    documents.mkdir(parents=True, exist_ok=True)
    python = target().python
    with tempfile.TemporaryDirectory() as scratch:
        environment = Path(scratch)
        packages = environment / "lib" / f"python{python}" / "site-packages"
        packages.parent.mkdir(parents=True)
        packages.symlink_to(site)
        (environment / "bin").mkdir()
        (environment / "bin/python3").symlink_to(f"/usr/bin/python{python}")
        (environment / "pyvenv.cfg").write_text(f"home = /usr/bin\nversion = {python}\n")
        write_bill(source, environment)
        (documents / Path(NAME).name).write_bytes((environment / NAME).read_bytes())
    write_licences(site, "the folder of the libraries", documents / "licences")
