"""Into the menu and out of it again: exactly what was put there, and nothing of the person's own."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from menu import quoted
from tests.packaging.tiny_repository import TinyRepository

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the menu of Linux desktops")
LAUNCHER = ".local/bin/keyrack"
ENTRY = ".local/share/applications/keyrack.desktop"


def contents(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*")}


def test_install_adds_menu_entry_icon_and_command(repository: TinyRepository) -> None:
    done = repository.start("--install")
    assert done.returncode == 0, done.stderr
    entry = (repository.home / ENTRY).read_text()
    assert entry.startswith("[Desktop Entry]\nType=Application\n")
    assert f'\nExec="{repository.home / LAUNCHER}"\n' in entry
    assert (repository.home / ".local/share/icons/hicolor/scalable/apps/keyrack.svg").is_file()
    command = [str(repository.home / LAUNCHER), "--sandbox", "two words"]
    started = subprocess.run(command, env=repository.environment(), capture_output=True, text=True, check=True)
    assert started.stdout == "started 1.0 --sandbox two words\n"


def test_uninstall_leaves_the_home_as_it_was(repository: TinyRepository) -> None:
    own = repository.home / ".local/share/applications/own.desktop"
    own.parent.mkdir(parents=True)
    own.write_text("mine")
    repository.start()
    before = contents(repository.home)
    repository.start("--install")
    repository.start("--install")
    assert contents(repository.home) > before
    assert repository.start("--uninstall").returncode == 0
    assert contents(repository.home) == before


def test_uninstall_needs_no_environment(repository: TinyRepository) -> None:
    done = repository.start("--uninstall")
    assert done.returncode == 1
    assert "nothing to remove" in done.stderr
    assert not (repository.root / ".venv").exists()


def test_a_command_of_the_same_name_is_not_overwritten(repository: TinyRepository) -> None:
    launcher = repository.home / LAUNCHER
    launcher.parent.mkdir(parents=True)
    launcher.write_text("mine")
    done = repository.start("--install")
    assert done.returncode == 1
    assert "is there already" in done.stderr
    assert launcher.read_text() == "mine"
    assert not (repository.home / ENTRY).exists()


def test_a_file_the_person_changed_stays(repository: TinyRepository) -> None:
    repository.start("--install")
    with (repository.home / ENTRY).open("a") as entry:
        entry.write("X-Mine=1\n")
    done = repository.start("--uninstall")
    assert "stays" in done.stdout
    assert (repository.home / ENTRY).exists()
    assert not (repository.home / LAUNCHER).exists()


def test_the_data_folder_of_the_environment_is_used(repository: TinyRepository, tmp_path: Path) -> None:
    data = tmp_path / "data"
    assert repository.start("--install", XDG_DATA_HOME=str(data)).returncode == 0
    assert (data / "applications/keyrack.desktop").is_file()
    assert not (repository.home / ".local/share").exists()


def test_a_path_that_is_not_on_the_path_is_named(repository: TinyRepository) -> None:
    folder = str(repository.home / ".local/bin")
    assert f"add {folder} to your PATH" in repository.start("--install").stdout
    assert "PATH" not in repository.start("--install", PATH=f"{folder}{os.pathsep}{os.environ['PATH']}").stdout


def test_the_exec_key_is_quoted_as_the_specification_says() -> None:
    assert quoted(Path("/a b/100%/$x")) == r'"/a b/100%%/\\$x"'
