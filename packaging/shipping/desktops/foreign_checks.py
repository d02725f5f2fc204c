"""Reads a finished package for Windows or macOS as far as that can be done on another system."""

import configparser
import importlib.util
import json
import plistlib
import re
import sys
import tempfile
import zipfile
from collections.abc import Sequence
from pathlib import Path

from shipping.checkout_copy import BuildError
from shipping.desktops import macos, windows
from shipping.desktops.native_imports import imports, kind, machines
from shipping.desktops.tool import run

_TAGS = {"windows": ("-win_amd64", "-any"), "macos": ("_arm64", "_universal2", "-any")}
_BROUGHT = ("qt", "pyside", "shiboken", "msvcp", "vcruntime", "libpyside", "libshiboken")
_TAG = f"{sys.implementation.cache_tag}.pyc"
_UNCHECKED = 1  # the flags of byte code that is never compared with its source (PEP 552)


def verify_windows(made: Sequence[Path]) -> None:
    """Check the folder, and the installer where there is one. Raises BuildError at the first flaw."""
    with tempfile.TemporaryDirectory() as folder:
        program = unpacked(made[0], Path(folder)) / "Keyrack"
        whole = (program / "python/python.exe").is_file()
        site = program / "python/Lib/site-packages"
        check_program(site, program / "licences", "windows", "x86_64", whole=whole)
        check_launchers(program, whole=whole)
        for setup in made[1:]:
            listed = set(run("msiextract", "--list", str(setup)).splitlines())
            there = {path.relative_to(program.parent).as_posix() for path in program.rglob("*") if path.is_file()}
            _refuse(sorted(listed ^ there), f"{setup.name} and the folder differ in")


def verify_macos(made: Sequence[Path]) -> None:
    """Check the bundle. Raises BuildError at the first flaw."""
    with tempfile.TemporaryDirectory() as folder:
        bundle = unpacked(made[0], Path(folder)) / "Keyrack.app"
        contents = bundle / "Contents"
        python = contents / "Resources/python"
        (site,) = python.glob("lib/python3*/site-packages")
        whole = any(python.glob("bin/python3*"))
        check_program(site, contents / "Resources/licences", "macos", "arm64", whole=whole)
        check_bundle(bundle, site, whole=whole)


def check_program(site: Path, licences: Path, system: str, machine: str, *, whole: bool) -> None:
    """Check what both have: the tags of the wheels, the processors, the byte code, the libraries, the list of parts.

    `whole` says that Python is inside, so that its library is looked for, too.
    """
    tags = {path.parent.name: path.read_text("utf-8") for path in site.glob("*.dist-info/WHEEL")}
    foreign = [
        name
        for name, text in tags.items()
        if not all(line.endswith(_TAGS[system]) for line in text.splitlines() if line.startswith("Tag: "))
    ]
    _refuse(foreign, f"not for {system}:")
    native = [path for path in site.rglob("*") if path.is_file() and not path.is_symlink() and kind(path)]
    _refuse([path.name for path in native if kind(path) != system or machine not in machines(path)], "wrong kind:")
    there = {path.name.lower() for path in site.parents[1].rglob("*")}
    named = {name for path in native for name in imports(path)}
    brought = (*_BROUGHT, "python3") if whole and system == "windows" else _BROUGHT
    lost = [name for name in sorted(named) if name.lower().startswith(brought) and name.lower() not in there]
    _refuse(lost, "libraries that are not there:")
    check_compiled(site)
    points = configparser.ConfigParser()
    points.read(next(site.glob("keyrack-*.dist-info")) / "entry_points.txt")
    _refuse([] if points["console_scripts"]["keyrack"] == "keyrack.__main__:main" else ["keyrack"], "no entry point:")
    listed = json.loads((licences / "keyrack.cdx.json").read_text("utf-8"))["components"]
    parts = {_normal(part["name"]) for part in listed}
    names = {_normal(name.partition("-")[0]) for name in tags} - {"keyrack"}
    _refuse(sorted((names | {"cpython"}) - parts), "not in the list of parts:")
    _refuse([] if (licences / "licences/keyrack.txt").is_file() else ["keyrack.txt"], "no licences:")


def check_compiled(folder: Path) -> None:
    """Whether every module has byte code of this minor version that is never compared with its source."""
    head = importlib.util.MAGIC_NUMBER + _UNCHECKED.to_bytes(4, "little")
    compiled = list(folder.rglob("*.pyc"))
    _refuse([path.name for path in compiled if path.read_bytes()[:8] != head], "byte code of another kind:")
    paired = set(compiled)
    lost = [path for path in folder.rglob("*.py") if path.parent / "__pycache__" / f"{path.stem}.{_TAG}" not in paired]
    _refuse([path.name for path in lost], "not compiled:")


def check_launchers(program: Path, *, whole: bool) -> None:
    """Whether each launcher is a program for the right processor whose script names the Python that is there."""
    for name, (_, python, ending) in windows.LAUNCHERS.items():
        launcher = program / "bin" / f"{name}.exe"
        beside = {path.name.lower() for path in launcher.parent.iterdir()}
        needed = {found for found in imports(launcher) if found.lower().startswith(_BROUGHT)}
        _refuse(sorted(found for found in needed if found.lower() not in beside), f"{launcher.name} lacks")
        script = (program / "bin" / f"{name}-script.{ending}").read_text("utf-8")
        named = script.splitlines()[0].removeprefix("#!").removesuffix(" -I")
        right = named == f"python\\{python}.exe" and machines(launcher) == {"x86_64"}
        there = not whole or (program / named.replace("\\", "/")).is_file()
        _refuse([] if right and there else [name], "launchers that start nothing:")
        compile(script, name, "exec")


def check_bundle(bundle: Path, site: Path, *, whole: bool) -> None:
    """Whether the bundle's description names what is there, and its links lead somewhere inside."""
    contents = bundle / "Contents"
    about = plistlib.loads((contents / "Info.plist").read_bytes())
    wanted = macos.information(about["CFBundleShortVersionString"], macos.oldest(site))
    _refuse(sorted(key for key in wanted | about if wanted.get(key) != about.get(key)), "Info.plist differs in")
    start = contents / "MacOS" / about["CFBundleExecutable"]
    icon = contents / "Resources" / about["CFBundleIconFile"]
    _refuse([] if start.stat().st_mode & 0o111 and icon.read_bytes()[:4] == b"icns" else ["start or icon"], "bad:")
    lost = [path.name for path in bundle.rglob("*") if path.is_symlink() and not path.resolve().is_relative_to(bundle)]
    _refuse(lost, "links that lead outside:")
    _refuse([path.name for path in bundle.rglob("*") if path.is_symlink() and not path.exists()], "links to nothing:")
    python = start.read_text("utf-8").split('"')[5].removeprefix("$here/")
    _refuse([] if not whole or (start.parent / python).exists() else [python], "the launcher starts nothing:")


def unpacked(archive: Path, folder: Path) -> Path:
    """Unpack a zip with the rights and links that it holds. Returns the folder."""
    with zipfile.ZipFile(archive) as packed:
        for entry in packed.infolist():
            target = folder / entry.filename
            target.parent.mkdir(parents=True, exist_ok=True)
            if entry.external_attr >> 16 == 0o120777:
                target.symlink_to(packed.read(entry).decode())
            else:
                target.write_bytes(packed.read(entry))
                target.chmod(entry.external_attr >> 16 & 0o777)
    return folder


def _normal(name: str) -> str:
    """The name of a package by the rule of PEP 503."""
    return re.sub(r"[-_.]+", "-", name).lower()


def _refuse(wrong: Sequence[str], why: str) -> None:
    if wrong:
        raise BuildError(f"{why} {', '.join(wrong[:10])}")
