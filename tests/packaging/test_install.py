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
UNIT = ".config/systemd/user/keyrack-agent.service"


def contents(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*")}


def test_install_adds_menu_entry_icon_and_command(repository: TinyRepository) -> None:
    done = repository.start("--install")
    assert done.returncode == 0, done.stderr
    entry = (repository.home / ENTRY).read_text()
    assert entry.startswith("[Desktop Entry]\nType=Application\n")
    assert f'\nExec="{repository.home / LAUNCHER}"\n' in entry
    assert (repository.home / ".local/share/icons/hicolor/scalable/apps/keyrack.svg").is_file()
    unit = (repository.home / UNIT).read_text()
    assert "\nExecStart=%h/" + LAUNCHER + " agent --own-keyring\n" in unit
    command = [str(repository.home / LAUNCHER), "--sandbox", "two words"]
    started = subprocess.run(command, env=repository.environment(), capture_output=True, text=True, check=True)
    assert started.stdout == "started 1.0 --sandbox two words\n"
    a_verb_starts_at_once_while_the_environment_is_current(repository)
    enabled = (repository.home / UNIT).parent / "default.target.wants/keyrack-agent.service"
    enabled.parent.mkdir()
    enabled.symlink_to(repository.home / UNIT)
    assert "systemctl --user disable --now keyrack-agent.service" in repository.start("--uninstall").stdout
    assert not (repository.home / UNIT).exists()
    assert enabled.is_symlink()


def test_install_adds_the_manual_page_and_the_completions(finished: TinyRepository) -> None:
    """Each as Keyrack prints it. The tiny one prints what it was asked for."""
    assert finished.start("--install").returncode == 0
    data = finished.home / ".local/share"
    wanted = {
        "man/man1/keyrack.1": "man",
        "bash-completion/completions/keyrack": "completion bash",
        "fish/vendor_completions.d/keyrack.fish": "completion fish",
        "zsh/site-functions/_keyrack": "completion zsh",
    }
    assert {path: (data / path).read_text() for path in wanted} == {
        path: f"started 1.0 {words}\n" for path, words in wanted.items()
    }
    assert finished.start("--uninstall").returncode == 0
    assert [path for path in wanted if (data / path).exists()] == []


def a_verb_starts_at_once_while_the_environment_is_current(repository: TinyRepository) -> None:
    def said(*arguments: str) -> str:
        command = [str(repository.home / LAUNCHER), *arguments]
        return subprocess.run(command, env=repository.environment(), capture_output=True, text=True, check=False).stdout

    program, lock = repository.root / "desktop/__main__.py", repository.root / "packaging/requirements.txt"
    whole = program.read_text()
    program.write_text("print('prepares')")
    assert said("token", "two words") == "started 1.0 token two words\n"
    assert said() == said("--sandbox") == "prepares\n", "a window is for a person, who is told of a set-up"
    for made_of in (lock, repository.root / "packaging/stamps.py"):
        before = made_of.stat()
        later = (repository.root / ".venv/keyrack-requirements.txt.stamp").stat().st_mtime + 1
        os.utime(made_of, (later, later))
        assert said("token", "x") == "prepares\n"
        os.utime(made_of, (before.st_atime, before.st_mtime))
    assert said("token", "x") == "started 1.0 token x\n"
    program.write_text(whole)


def test_uninstall_leaves_the_home_as_it_was(finished: TinyRepository) -> None:
    own = finished.home / ".local/share/applications/own.desktop"
    own.parent.mkdir(parents=True)
    own.write_text("mine")
    before = contents(finished.home)
    finished.start("--install")
    finished.start("--install")
    assert contents(finished.home) > before
    assert finished.start("--uninstall").returncode == 0
    assert contents(finished.home) == before


def test_uninstall_needs_no_environment(repository: TinyRepository) -> None:
    done = repository.start("--uninstall")
    assert done.returncode == 1
    assert "nothing to remove" in done.stderr
    assert not (repository.root / ".venv").exists()


def test_a_command_of_the_same_name_is_not_overwritten(finished: TinyRepository) -> None:
    launcher = finished.home / LAUNCHER
    launcher.parent.mkdir(parents=True)
    launcher.write_text("mine")
    done = finished.start("--install")
    assert done.returncode == 1
    assert "is there already" in done.stderr
    assert launcher.read_text() == "mine"
    assert not (finished.home / ENTRY).exists()


def test_a_file_the_person_changed_stays(finished: TinyRepository) -> None:
    finished.start("--install")
    with (finished.home / ENTRY).open("a") as entry:
        entry.write("X-Mine=1\n")
    done = finished.start("--uninstall")
    assert "stays" in done.stdout
    assert (finished.home / ENTRY).exists()
    assert not (finished.home / LAUNCHER).exists()


def test_the_data_folder_of_the_environment_is_used(finished: TinyRepository, tmp_path: Path) -> None:
    data = tmp_path / "data"
    assert finished.start("--install", XDG_DATA_HOME=str(data)).returncode == 0
    assert (data / "applications/keyrack.desktop").is_file()
    assert not (finished.home / ".local/share").exists()


def test_a_path_that_is_not_on_the_path_is_named(finished: TinyRepository) -> None:
    folder = str(finished.home / ".local/bin")
    assert f"add {folder} to your PATH" in finished.start("--install").stdout
    assert "PATH" not in finished.start("--install", PATH=f"{folder}{os.pathsep}{os.environ['PATH']}").stdout


def test_the_exec_key_is_quoted_as_the_specification_says() -> None:
    assert quoted(Path("/a b/100%/$x")) == r'"/a b/100%%/\\$x"'
