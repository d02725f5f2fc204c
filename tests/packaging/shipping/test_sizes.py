"""The sizes of a package, part by part."""

import shutil
import subprocess
from pathlib import Path

import pytest

from shipping.sizes import PARTS, part_of, sizes

SITE = "./usr/lib/keyrack/lib/python3.11/site-packages"


@pytest.mark.parametrize(
    ("path", "part"),
    [
        (f"{SITE}/PySide6/Qt/lib/libQt6Core.so.6", "libraries of Qt"),
        (f"{SITE}/PySide6/Qt/plugins/platforms/libqxcb.so", "plug-ins of Qt"),
        (f"{SITE}/PySide6/QtCore.abi3.so", "PySide6 and shiboken6"),
        (f"{SITE}/cryptography/hazmat/bindings/_rust.abi3.so", "cryptography"),
        (f"{SITE}/keyrack/__pycache__/app.cpython-311.pyc", "Keyrack, byte code"),
        (f"{SITE}/keyrack/app.py", "Keyrack"),
        (f"{SITE}/keyring/core.py", "all other libraries"),
        ("./usr/share/man/man1/keyrack.1.gz", "menu, manual, unit, licences"),
    ],
)
def test_each_path_is_of_one_part(path: str, part: str) -> None:
    assert part_of(path) == part


@pytest.mark.skipif(shutil.which("dpkg-deb") is None, reason="it reads a package by Debian's own tool")
def test_every_part_is_listed_and_the_sum_is_the_whole(tmp_path: Path) -> None:
    root = tmp_path / "root"
    for name, size in (("usr/lib/keyrack/bin/keyrack", 1000), ("usr/lib/keyrack/lib/x.py", 234)):
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_bytes(b"x" * size)
    (root / "DEBIAN").mkdir()
    fields = "Package: tiny\nVersion: 1\nArchitecture: all\nMaintainer: A <a@b.example>\nDescription: tiny\n"
    (root / "DEBIAN/control").write_text(fields)
    subprocess.run(["dpkg-deb", "--build", str(root), str(tmp_path / "tiny.deb")], check=True, capture_output=True)
    lines = sizes(tmp_path / "tiny.deb").splitlines()
    assert len(lines) == len(PARTS) + 1
    assert "1,234 bytes in     2 files" in lines[-1]
