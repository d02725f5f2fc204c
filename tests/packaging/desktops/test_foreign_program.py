"""A program for Windows that is whole is accepted, and what is wrong with one is named."""

import json
import py_compile
import shutil
import sys
import sysconfig
from collections.abc import Callable
from pathlib import Path

import pytest

from shipping.checkout_copy import BuildError
from shipping.desktops.foreign_checks import check_program

LAUNCHERS = Path(sysconfig.get_path("purelib")) / "setuptools"
PARTS = {"components": [{"name": "cpython"}, {"name": "tiny-part"}]}
ELF = b"\x7fELF" + bytes(60)


def compiled(site: Path, mode: py_compile.PycInvalidationMode) -> None:
    """Put byte code beside its source, as it lies in a package."""
    place = site / f"__pycache__/tiny.{sys.implementation.cache_tag}.pyc"
    py_compile.compile(str(site / "tiny.py"), str(place), invalidation_mode=mode)


@pytest.fixture
def program(tmp_path: Path) -> Path:
    """A program with one library, one module, and what every package brings. Its libraries lie in site-packages."""
    site = tmp_path / "python/Lib/site-packages"
    for name, tag in (("keyrack-1", "py3-none-any"), ("tiny_part-1", "cp311-abi3-win_amd64")):
        (site / f"{name}.dist-info").mkdir(parents=True)
        (site / f"{name}.dist-info/WHEEL").write_text(f"Wheel-Version: 1.0\nTag: {tag}\n")
    (site / "keyrack-1.dist-info/entry_points.txt").write_text("[console_scripts]\nkeyrack = keyrack.__main__:main\n")
    (site / "tiny.py").write_text("")
    compiled(site, py_compile.PycInvalidationMode.UNCHECKED_HASH)
    shutil.copy(LAUNCHERS / "cli-64.exe", site / "tiny.pyd")
    (site / "VCRUNTIME140.dll").write_bytes(b"")
    licences = tmp_path / "licences"
    (licences / "licences").mkdir(parents=True)
    (licences / "licences/keyrack.txt").write_text("")
    (licences / "keyrack.cdx.json").write_text(json.dumps(PARTS))
    return tmp_path


def check(program: Path) -> None:
    check_program(program / "python/Lib/site-packages", program / "licences", "windows", "x86_64", whole=False)


def test_a_whole_program_is_accepted(program: Path) -> None:
    check(program)


def of_another_python(site: Path) -> None:
    (found,) = site.rglob("*.pyc")
    found.write_bytes(b"\xcb\r\r\n" + found.read_bytes()[4:])  # the first bytes of Python 3.12's


def that_looks_at_its_source(site: Path) -> None:
    compiled(site, py_compile.PycInvalidationMode.TIMESTAMP)


def of_linux(site: Path) -> None:
    (site / "other.so").write_bytes(ELF)


def of_another_processor(site: Path) -> None:
    shutil.copy(LAUNCHERS / "cli-arm64.exe", site / "other.pyd")


def of_another_system(site: Path) -> None:
    (site / "tiny_part-1.dist-info/WHEEL").write_text("Tag: cp311-abi3-manylinux_2_34_x86_64\n")


def not_compiled(site: Path) -> None:
    (site / "other.py").write_text("")


def not_listed(site: Path) -> None:
    shutil.copytree(site / "tiny_part-1.dist-info", site / "other-1.dist-info")


def without_the_command(site: Path) -> None:
    (site / "keyrack-1.dist-info/entry_points.txt").write_text("[console_scripts]\nkeyrack = keyrack:nothing\n")


def without_a_library(site: Path) -> None:
    library = (site / "tiny.pyd").read_bytes()
    (site / "tiny.pyd").write_bytes(library.replace(b"KERNEL32.dll\0", b"Qt6Gone.dll\0\0"))


@pytest.mark.parametrize(
    ("spoil", "why"),
    [
        (of_another_python, "byte code of another kind: tiny"),
        (that_looks_at_its_source, "byte code of another kind: tiny"),
        (of_linux, "wrong kind: other.so"),
        (of_another_processor, "wrong kind: other.pyd"),
        (of_another_system, "not for windows: tiny_part"),
        (not_compiled, "not compiled: other.py"),
        (not_listed, "not in the list of parts: other"),
        (without_the_command, "no entry point: keyrack"),
        (without_a_library, "libraries that are not there: Qt6Gone.dll"),
    ],
)
def test_what_is_wrong_is_named(program: Path, spoil: Callable[[Path], None], why: str) -> None:
    spoil(program / "python/Lib/site-packages")
    with pytest.raises(BuildError, match=why):
        check(program)
