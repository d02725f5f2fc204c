"""Which lines of the lock count on another system, and what a program for it names."""

import importlib.util
import struct
import sys
import sysconfig
from pathlib import Path

import pytest

from shipping.desktops import flatpak, macos, windows
from shipping.desktops.foreign_program import closure
from shipping.desktops.foreign_wheels import Aim, locked, unpack
from shipping.desktops.native_imports import imports, kind, machines
from tests.packaging.desktops.tiny_wheel import write_wheel

LAUNCHER = Path(sysconfig.get_path("purelib")) / "setuptools/cli-64.exe"


def names(aim: Aim) -> set[str]:
    return {line.partition("==")[0] for line in locked(aim)[0]}


def test_each_system_has_its_keyring_and_no_other() -> None:
    assert "pywin32-ctypes" in names(windows.aim())
    assert "secretstorage" not in names(windows.aim())
    assert not {"pywin32-ctypes", "jeepney"} & names(macos.aim())
    assert {"jeepney", "secretstorage"} <= names(flatpak.aim())


def test_a_newer_python_needs_no_backports() -> None:
    assert "importlib-metadata" in names(windows.aim())
    assert "importlib-metadata" not in names(flatpak.aim())


@pytest.mark.security("S109")
def test_every_line_has_a_version_and_a_hash_and_no_marker() -> None:
    for aim in (windows.aim(), macos.aim(), flatpak.aim()):
        for line in locked(aim)[0]:
            assert "==" in line
            assert " --hash=sha256:" in line
            assert ";" not in line


def test_apples_tags_go_from_the_newest_back_to_the_oldest() -> None:
    tags = locked(macos.aim())[1]
    assert tags[0] == "macosx_14_0_arm64"
    assert {"macosx_11_0_arm64", "macosx_13_0_universal2"} <= set(tags)
    assert not [tag for tag in tags if tag.endswith("x86_64")]


def test_what_a_wheel_would_put_elsewhere_is_not_unpacked(tmp_path: Path) -> None:
    files = {"tiny.py": "", "tiny-1.data/scripts/tiny": "", "tiny-1.data/platlib/other.py": ""}
    unpack([write_wheel(tmp_path / "tiny-1-py3-none-any.whl", files)], tmp_path / "site")
    assert sorted(path.name for path in (tmp_path / "site").iterdir()) == ["other.py", "tiny.py"]


def test_a_program_for_windows_is_read() -> None:
    assert kind(LAUNCHER) == "windows"
    assert machines(LAUNCHER) == {"x86_64"}
    assert "KERNEL32.dll" in imports(LAUNCHER)


@pytest.mark.skipif(sys.platform != "linux", reason="reads a library of Linux")
def test_a_library_for_linux_is_known(tmp_path: Path) -> None:
    found = importlib.util.find_spec("msgspec._core")
    assert found is not None
    assert kind(Path(str(found.origin))) == "linux"
    (tmp_path / "text").write_text("#!/bin/sh\n")
    (tmp_path / "empty").touch()
    assert kind(tmp_path / "text") == kind(tmp_path / "empty") == ""


def apple(*libraries: str, processor: int = 0x0100000C) -> bytes:
    """A library for macOS that names others, as mach-o/loader.h has it: a header, and a command for each."""
    commands = b""
    for name in libraries:
        text = name.encode() + b"\0" * (8 - len(name) % 8)
        commands += struct.pack("<IIIIII", 0x0C, 24 + len(text), 24, 0, 0, 0) + text
    return struct.pack("<IIIIIIII", 0xFEEDFACF, processor, 0, 6, len(libraries), len(commands), 0, 0) + commands


def test_a_library_for_macos_is_read(tmp_path: Path) -> None:
    thin = tmp_path / "thin"
    thin.write_bytes(apple("@rpath/QtCore.framework/Versions/A/QtCore", "/usr/lib/libSystem.B.dylib"))
    assert kind(thin) == "macos"
    assert machines(thin) == {"arm64"}
    assert imports(thin) == {"QtCore", "libSystem.B.dylib"}


def test_a_library_for_two_processors_is_read(tmp_path: Path) -> None:
    one, two = apple("@rpath/libone.dylib"), apple("@rpath/libtwo.dylib", processor=0x01000007)
    first, second = 64, 64 + len(one)
    fat = struct.pack(">II", 0xCAFEBABE, 2)
    fat += struct.pack(">IIIII", 0x0100000C, 0, first, len(one), 0)
    fat += struct.pack(">IIIII", 0x01000007, 3, second, len(two), 0)
    path = tmp_path / "fat"
    path.write_bytes(fat.ljust(64, b"\0") + one + two)
    assert kind(path) == "macos"
    assert machines(path) == {"arm64", "x86_64"}
    assert imports(path) == {"libone.dylib", "libtwo.dylib"}


def test_what_is_named_in_turn_is_found_whatever_the_case(tmp_path: Path) -> None:
    for name, needed in (("first", "Second"), ("second", "third"), ("third", "first"), ("fourth", "first")):
        (tmp_path / name).write_bytes(apple(needed))
    libraries = {path.name: path for path in tmp_path.iterdir()}
    assert {path.name for path in closure([tmp_path / "first"], libraries)} == {"first", "second", "third"}
