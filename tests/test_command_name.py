"""How Keyrack is called on a computer: where it is installed, where it is not, and where its folder has a hard name."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.checkout import DESKTOP, ROOT

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="its quotes are those of a POSIX shell")


def called(desktop: Path, home: Path, *path: Path, at: str = "") -> str:
    """What a Keyrack whose sources lie in `desktop` says of itself, asked in a process of its own."""
    told = f"from keyrack.command_name import command_name; print(command_name({at!r}))"
    env = {
        "PYTHONPATH": str(desktop),
        "HOME": str(home),
        "PATH": ":".join(map(str, path)),
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    done = subprocess.run([sys.executable, "-c", told], env=env, capture_output=True, text=True, check=True)
    return done.stdout.strip()


def program(folder: Path) -> Path:
    """Put an executable `keyrack` into a folder. Returns the folder."""
    folder.mkdir(parents=True)
    (folder / "keyrack").write_text("#!/bin/sh\n")
    (folder / "keyrack").chmod(0o700)
    return folder


def test_it_is_a_word_where_a_shell_finds_it(tmp_path: Path) -> None:
    assert called(DESKTOP, tmp_path, tmp_path, program(tmp_path / "bin")) == "keyrack"


def test_where_it_is_installed_and_not_on_the_path_its_place_is_named(tmp_path: Path) -> None:
    program(tmp_path / ".local/bin")
    assert called(DESKTOP, tmp_path, tmp_path) == "~/.local/bin/keyrack"


def test_where_it_is_not_installed_it_is_started_as_the_readme_says(tmp_path: Path) -> None:
    (tmp_path / "keyrack").mkdir()
    assert called(DESKTOP, tmp_path, tmp_path) == f"python3 {DESKTOP}", "a folder is no program"
    assert called(DESKTOP, tmp_path, at=str(ROOT)) == "python3 desktop"
    assert called(DESKTOP, tmp_path, at=str(DESKTOP)) == f"python3 {DESKTOP}"


def test_a_folder_with_a_hard_name_is_one_word(tmp_path: Path) -> None:
    hard = tmp_path / "it's $(reboot)"
    for part in (
        "__main__.py",
        "keyrack/__init__.py",
        "keyrack/primitives/__init__.py",
        "keyrack/command_name.py",
    ):
        (hard / part).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(DESKTOP / part, hard / part)
    words = subprocess.run(
        ["sh", "-c", f"printf '%s|' {called(hard, tmp_path)}"], capture_output=True, text=True, check=True
    )
    assert words.stdout == f"python3|{hard}|"


def test_without_sources_that_start_it_the_word_is_left(tmp_path: Path) -> None:
    for part in ("keyrack/__init__.py", "keyrack/command_name.py"):
        (tmp_path / "lib" / part).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(DESKTOP / part, tmp_path / "lib" / part)
    assert called(tmp_path / "lib", tmp_path) == "keyrack"
