"""The same files give the same bytes, whoever packs them and when."""

import os
import subprocess
import tarfile
import zipfile
from pathlib import Path

import pytest

from shipping.archive import write_tar_gz, write_zip
from shipping.checkout_copy import BuildError, checkout, copy_to
from tests.checkout import ROOT


def packed(folder: Path, order: list[str], epoch: int, dated: int) -> bytes:
    tree = folder / "tree"
    tree.mkdir(parents=True)
    for name in order:
        (tree / name).write_text(name)
        os.utime(tree / name, (dated, dated))
    (tree / "link").symlink_to(order[0] if order[0] == "a" else "a")
    write_tar_gz(tree, folder / "tree.tar.gz", epoch)
    return (folder / "tree.tar.gz").read_bytes()


def test_neither_order_nor_dates_of_the_files_are_in_the_bytes(tmp_path: Path) -> None:
    first = packed(tmp_path / "first", ["a", "b", "c"], 1_000_000_000, 5)
    assert packed(tmp_path / "second", ["c", "b", "a"], 1_000_000_000, 6) == first
    assert packed(tmp_path / "third", ["a", "b", "c"], 1_000_000_001, 5) != first


def test_no_owner_and_no_umask_is_in_the_archive(tmp_path: Path) -> None:
    packed(tmp_path / "one", ["a"], 1_000_000_000, 5)
    (tmp_path / "one/tree/a").chmod(0o700)
    write_tar_gz(tmp_path / "one/tree", tmp_path / "archive.tar.gz", 1_000_000_000)
    with tarfile.open(tmp_path / "archive.tar.gz") as archive:
        entries = archive.getmembers()
    assert [(entry.name, oct(entry.mode)) for entry in entries] == [
        ("tree", "0o755"),
        ("tree/a", "0o755"),
        ("tree/link", "0o777"),
    ]
    assert {(entry.uid, entry.uname, entry.mtime) for entry in entries} == {(0, "", 1_000_000_000)}


def test_only_tracked_files_are_packed(tmp_path: Path) -> None:
    clone = tmp_path / "clone"
    clone.mkdir()
    (clone / "pyproject.toml").write_text('[project]\nversion = "7.8"\n')
    (clone / "untracked").write_text("a secret")
    name = ["-c", "user.name=Somebody", "-c", "user.email=somebody@host.example"]
    for words in (["init", "--quiet"], ["add", "pyproject.toml"], [*name, "commit", "--quiet", "--message", "One"]):
        subprocess.run(["git", *words], cwd=clone, check=True)
    source = checkout(clone)
    copy_to(source, tmp_path / "copy")
    assert [path.name for path in (tmp_path / "copy").iterdir()] == ["pyproject.toml"]
    assert source.version == "7.8"


def test_the_date_may_be_given(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1234567890")
    assert checkout(ROOT).epoch == 1_234_567_890


def test_without_a_commit_there_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text('[project]\nversion = "7.8"\n')
    with pytest.raises(BuildError, match="made in a clone"):
        checkout(tmp_path)


def test_a_zip_follows_from_its_files_alone(tmp_path: Path) -> None:
    made = []
    for number, order in enumerate((["a", "b"], ["b", "a"])):
        tree = tmp_path / str(number) / "tree"
        tree.mkdir(parents=True)
        for name in order:
            (tree / name).write_text(name)
            os.utime(tree / name, (number, number))
        (tree / "a").chmod(0o700)
        (tree / "link").symlink_to("a")
        write_zip(tree, tmp_path / f"{number}.zip", 1_000_000_001)
        made.append((tmp_path / f"{number}.zip").read_bytes())
    assert made[0] == made[1]
    with zipfile.ZipFile(tmp_path / "0.zip") as packed:
        rights = {entry.filename: oct(entry.external_attr >> 16) for entry in packed.infolist()}
    assert rights == {"tree/a": "0o100755", "tree/b": "0o100644", "tree/link": "0o120777"}
