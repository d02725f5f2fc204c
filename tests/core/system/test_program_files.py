"""Whether the files that the program runs from were replaced or removed while it runs."""

import os
from pathlib import Path

import pytest

import keyrack
from keyrack.core.system.program_files import Change, ProgramFiles


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "__init__.py"
    put(path, "0.1.0")
    return path


def put(path: Path, release: str) -> None:
    """Install a release as a package manager does: the new file takes the old one's place in one step."""
    fresh = path.with_suffix(".new")
    fresh.write_text(f'"""The program."""\n\n__version__ = "{release}"\n')
    os.replace(fresh, path)


def test_another_release_is_an_update_and_stays_one(file: Path) -> None:
    files = ProgramFiles(file, "0.1.0")
    assert files.look() is None
    put(file, "0.2.0")
    assert files.look() is Change.UPDATED
    assert files.look() is Change.UPDATED


def test_the_same_release_installed_again_is_none(file: Path) -> None:
    files = ProgramFiles(file, "0.1.0")
    put(file, "0.1.0")
    assert files.look() is None
    put(file, "0.2.0")
    assert files.look() is Change.UPDATED
    put(file, "0.1.0")
    assert files.look() is None


def test_a_file_that_names_no_release_is_another_program(file: Path) -> None:
    files = ProgramFiles(file, "0.1.0")
    file.write_bytes(b"\xff" * 10_000)
    assert files.look() is Change.UPDATED


def test_files_that_are_missed_twice_are_removed(file: Path) -> None:
    files = ProgramFiles(file, "0.1.0")
    file.unlink()
    assert files.look() is None, "an installer may be at work"
    assert files.look() is Change.REMOVED
    put(file, "0.2.0")
    assert files.look() is Change.UPDATED


def test_an_installer_that_removes_first_is_an_update(file: Path) -> None:
    files = ProgramFiles(file, "0.1.0")
    file.unlink()
    assert files.look() is None
    put(file, "0.2.0")
    assert files.look() is Change.UPDATED
    file.unlink()
    assert files.look() is Change.UPDATED


def test_it_finds_its_own_release() -> None:
    assert ProgramFiles().look() is None
    assert ProgramFiles(release=keyrack.__version__ + ".1").look() is None, "nothing was replaced"
