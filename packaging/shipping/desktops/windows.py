"""The program for Windows: a folder with a Python of its own and two launchers, and the installer that holds it.

The folder can be made and read here. Nobody has run it. Without the pinned Python it is made without one, and then no
installer is made of it.
"""

import shutil
import subprocess
import tarfile
import tempfile
from pathlib import Path

import stamps
from shipping.archive import write_zip
from shipping.checkout_copy import BuildError, Checkout
from shipping.desktops import installer, parts
from shipping.desktops.foreign_program import make_program
from shipping.desktops.foreign_wheels import Aim
from shipping.desktops.icon_files import ico
from shipping.desktops.own_python import UNUSED
from shipping.program_tree import compile_all

KEY = "python-windows-x86_64"
MACHINE = "x86_64"
NOT_NEEDED = (
    "tcl", "include", "libs", "Scripts", "Lib/site-packages/*", *(f"Lib/{name}" for name in UNUSED if "/" not in name),
    "DLLs/_test*", "DLLs/_ctypes_test*", "DLLs/_tkinter*", "DLLs/tcl*", "DLLs/tk*", "DLLs/xx*",
)  # fmt: skip
# What setuptools' launcher runs: a script of the launcher's name, by the Python that its first line names relative to
# the folder above. Isolated (-I): neither the current folder nor PYTHON* variables put foreign code in front of ours.
SCRIPT = """\
#!python\\{python}.exe -I
import sys

from keyrack.__main__ import main

sys.exit(main())
"""
RUNTIME = "vcruntime140.dll"
LAUNCHERS = {"keyrack": ("cli-64.exe", "python", "py"), "keyrack-gui": ("gui-64.exe", "pythonw", "pyw")}


def aim() -> Aim:
    """Windows with the pinned Python."""
    return Aim("windows", parts.part(KEY).name.split("-")[1].split("+")[0], "AMD64", ("win_amd64",))


def make_windows(source: Checkout, out: Path, wheels: Path, folder: Path) -> list[Path]:
    """Write the folder as a zip and the installer. Without the pinned Python it is the folder without it alone."""
    python = parts.pinned(KEY, folder)
    name = f"keyrack-{source.version}-windows-{MACHINE}"
    with tempfile.TemporaryDirectory() as scratch:
        program = Path(scratch, "Keyrack")
        make_folder(source, wheels, program, python)
        packed = out / f"{name}{'' if python else '-without-python'}.zip"
        write_zip(program, packed, source.epoch)
        if python is None:
            print(f"{parts.part(KEY).sentence()} The folder is made without it, and no installer.", flush=True)
            return [packed]
        setup = out / f"{name}.msi"
        installer.write_installer(source, program, setup)
    return [packed, setup]


def make_folder(source: Checkout, wheels: Path, program: Path, python: Path | None) -> None:
    """Lay out the program. The libraries lie where the Python looks for them."""
    if python is not None:
        with tarfile.open(python) as packed:
            packed.extractall(program, filter="data")
        for path in [path for pattern in NOT_NEEDED for path in (program / "python").glob(pattern)]:
            shutil.rmtree(path) if path.is_dir() else path.unlink()
    site = program / "python/Lib/site-packages"
    make_program(source, wheels, aim(), site, program / "licences")
    if python is not None:
        compile_all(program / "python/Lib", str(program), ".")  # in its place nobody could write byte code
    write_launchers(program / "bin", site / "PySide6" / RUNTIME)
    (program / "keyrack.ico").write_bytes(ico(source.root / "resources/icons/keyrack.svg"))


def write_launchers(folder: Path, runtime: Path) -> None:
    """Write `keyrack.exe` for verbs, and `keyrack-gui.exe` for the window, which opens no console.

    Beside them they need the library of Microsoft's compiler, which Windows may lack and `runtime` is.
    """
    folder.mkdir()
    (folder / RUNTIME).write_bytes(runtime.read_bytes())
    ask = [stamps.PYTHON, "-I", "-c", "import setuptools; print(setuptools.__path__[0])"]
    place = Path(subprocess.run(ask, capture_output=True, text=True, check=True).stdout.strip())
    for name, (launcher, python, ending) in LAUNCHERS.items():
        if not (place / launcher).is_file():
            raise BuildError(f"setuptools has no {launcher}: name its new launcher in windows.py.")
        (folder / f"{name}.exe").write_bytes((place / launcher).read_bytes())
        (folder / f"{name}-script.{ending}").write_text(SCRIPT.format(python=python), "utf-8")
