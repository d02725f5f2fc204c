"""Files are written as a whole and for their owner alone."""

import os
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from keyrack.core.system import private_file


@pytest.fixture
def no_umask() -> Iterator[None]:
    before = os.umask(0)
    yield
    os.umask(before)


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@pytest.mark.security("S67")
def test_the_file_is_0600_in_a_0700_folder_whatever_the_umask(tmp_path: Path, no_umask: None) -> None:
    path = tmp_path / "above" / "new" / "file"
    private_file.write_private(path, b"x")
    assert (mode(path), mode(path.parent)) == (0o600, 0o700)
    assert mode(tmp_path / "above") == 0o700, "whoever may write there could put a folder of theirs in its place"
    path.chmod(0o666)
    path.parent.chmod(0o777)
    private_file.write_private(path, b"y")
    assert (mode(path), mode(path.parent)) == (0o600, 0o700)


@pytest.mark.security("S67")
def test_opening_takes_the_rights_of_others_from_a_file_that_is_there(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.touch()
    path.chmod(0o666)
    os.close(private_file.open_private(path, os.O_WRONLY))
    assert mode(path) == 0o600


@pytest.mark.security("S67")
def test_a_failed_write_leaves_the_old_file_and_no_other(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "file"
    private_file.write_private(path, b"old")

    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        private_file.write_private(path, b"new")
    assert path.read_bytes() == b"old"
    assert [found.name for found in tmp_path.iterdir()] == ["file"]


@pytest.mark.security("S67")
def test_the_order_is_write_sync_rename_sync(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path, seen = tmp_path / "file", list[str]()
    real = os.fsync

    def watched(descriptor: int) -> None:
        seen.append("folder" if stat.S_ISDIR(os.fstat(descriptor).st_mode) else "file")
        seen.append("renamed" if path.exists() else "not yet")
        real(descriptor)

    monkeypatch.setattr(os, "fsync", watched)
    private_file.write_private(path, b"new")
    assert seen == ["file", "not yet", "folder", "renamed"]


def test_a_leftover_or_planted_temp_file_is_not_followed(tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.write_bytes(b"untouched")
    (tmp_path / ".file.new").symlink_to(elsewhere)
    private_file.write_private(tmp_path / "file", b"x")
    assert elsewhere.read_bytes() == b"untouched"
    assert (tmp_path / "file").read_bytes() == b"x"


@pytest.mark.security("S67")
def test_put_aside_never_replaces_an_older_one(tmp_path: Path) -> None:
    kept = []
    for text in ("a", "b", "c"):
        path = tmp_path / "file"
        path.write_text(text)
        kept.append(private_file.put_aside(path, wall=0.0))
    assert [path.read_text() for path in kept] == ["a", "b", "c"]
    assert kept[0].name == "file.bad-19700101T000000Z"


def test_removing_what_is_not_there_is_fine(tmp_path: Path) -> None:
    private_file.remove_private(tmp_path / "nothing")


@pytest.mark.parametrize("name", ["", ".", "../x", "a/b", "a\0", "a.b", "é", "x" * 65])
def test_a_name_that_leaves_the_folder_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match="account id"):
        private_file.checked_id(name)


def test_a_file_whose_rights_cannot_be_set_is_not_left_open() -> None:
    before = sorted(os.listdir("/proc/self/fd"))
    with pytest.raises(PermissionError):
        private_file.open_private("/proc/self/comm", os.O_RDONLY)
    assert sorted(os.listdir("/proc/self/fd")) == before
