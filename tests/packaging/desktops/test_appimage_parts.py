"""What the AppImage brings of its own, and what it takes from the system; and that a part is the pinned one."""

import hashlib
import re
import struct
import tomllib
from pathlib import Path

import pytest

from shipping.checkout_copy import BuildError
from shipping.desktops import own_python, parts
from shipping.desktops.linux_checks import offset

SYSTEMS = "libc.so.6 ld-linux-x86-64.so.2 libstdc++.so.6 libGL.so.1 libxcb.so.1 libxcb-xkb.so.1 libglib-2.0.so.0"
SYSTEMS += " libdbus-1.so.3 libfontconfig.so.1"
OURS = "libxcb-cursor.so.0 libxkbcommon.so.0 libssl.so.3 libcrypto.so.3 libffi.so.8 libsqlite3.so.0 libQt6Core.so.6"


@pytest.mark.parametrize("name", SYSTEMS.split())
def test_what_belongs_to_the_computer_is_not_brought(name: str) -> None:
    assert own_python.OF_THE_SYSTEM.fullmatch(name)


@pytest.mark.parametrize("name", OURS.split())
def test_what_a_system_may_lack_is_brought(name: str) -> None:
    assert not own_python.OF_THE_SYSTEM.fullmatch(name)


def test_what_the_gpl_covers_is_left_out() -> None:
    assert {"lib-dynload/readline*", "lib-dynload/_gdbm*"} <= set(own_python.UNUSED)


def test_the_squashfs_begins_behind_the_runtime(tmp_path: Path) -> None:
    bare = tmp_path / "bare"
    bare.write_bytes(b"hsqs" + bytes(60))
    assert offset(bare) == 0
    head = bytearray(b"\x7fELF" + bytes(60))
    struct.pack_into("<Q", head, 40, 1000)
    struct.pack_into("<HH", head, 58, 64, 3)
    bare.write_bytes(bytes(head))
    assert offset(bare) == 1000 + 3 * 64


@pytest.mark.security("S109")
def test_every_part_is_pinned_and_names_who_publishes_it() -> None:
    listed = tomllib.loads(parts.LIST.read_text())
    assert set(listed) == {
        "appimage-runtime-aarch64",
        "appimage-runtime-x86_64",
        "python-macos-arm64",
        "python-windows-x86_64",
    }
    for key in listed:
        wanted = parts.part(key)
        assert re.fullmatch(r"[0-9a-f]{64}", wanted.sha256)
        assert wanted.name
        assert wanted.source
    assert len({parts.part(key).sha256 for key in listed}) == len(listed)


@pytest.mark.security("S109")
def test_another_file_under_the_name_of_a_part_is_refused(tmp_path: Path) -> None:
    key = "appimage-runtime-x86_64"
    assert parts.pinned(key, tmp_path) is None
    (tmp_path / parts.part(key).name).write_bytes(b"something else")
    with pytest.raises(BuildError, match=hashlib.sha256(b"something else").hexdigest()):
        parts.pinned(key, tmp_path)
    with pytest.raises(BuildError, match="pin it there"):
        parts.part("appimage-runtime-pdp11")


def test_a_part_is_taken_by_its_hash(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    listed = tmp_path / "parts.toml"
    digest = hashlib.sha256(b"a runtime").hexdigest()
    listed.write_text(f'[one]\nname = "file"\nfrom = "somewhere"\nsha256 = "{digest}"\n')
    monkeypatch.setattr(parts, "LIST", listed)
    (tmp_path / "file").write_bytes(b"a runtime")
    assert parts.pinned("one", tmp_path) == tmp_path / "file"
