"""`keyrack settings`: reads and changes the file where nothing runs, never loads Qt, and names every mistake."""

import os
import shlex
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from keyrack.command_name import command_name
from keyrack.core.preferences.all_settings import ALL
from tests.checkout import FROM_SOURCE

CALLED = command_name(os.getcwd())
LISTED = f"`{CALLED} settings list` names them."
ELSEWHERE = f"Use `{CALLED} proxy --use`, which keeps its password too."


def keyrack(home: Path, *words: str, before: tuple[str, ...] = ()) -> tuple[int, str, str]:
    """The exit code, stdout and stderr of `keyrack settings WORDS` where no Keyrack runs."""
    own = {"XDG_RUNTIME_DIR": "run", "XDG_CONFIG_HOME": "c", "XDG_STATE_HOME": "s", "XDG_DATA_HOME": "d"}
    env = {**os.environ, "HOME": str(home), **FROM_SOURCE, **{name: str(home / each) for name, each in own.items()}}
    main = "import sys; from keyrack.__main__ import main as go; sys.exit(go() + 90 * ('PySide6' in sys.modules))"
    done = subprocess.run(
        [sys.executable, "-c", main, *before, "settings", *words], env=env, capture_output=True, text=True, check=False
    )
    return done.returncode, done.stdout, done.stderr


def test_the_file_is_read_and_changed_where_nothing_runs(tmp_path: Path) -> None:
    code, out, err = keyrack(tmp_path, "list")
    assert (code, err) == (0, "")
    assert [line.split()[0] for line in out.splitlines()] == [setting.name for setting in ALL]
    assert "When a copied token is cleared" in out
    assert keyrack(tmp_path, "get", "clipboard_seconds") == (0, "30\n", "")

    code, out, err = keyrack(tmp_path, "set", "clipboard_seconds", "15")
    assert (code, out, err) == (0, "", "clipboard_seconds is 15. It counts from the next start on.\n")
    assert keyrack(tmp_path, "get", "clipboard_seconds") == (0, "15\n", "")
    assert tomllib.loads((tmp_path / "c/keyrack/settings.toml").read_text()) == {"schema": 1, "clipboard_seconds": 15}

    assert keyrack(tmp_path, "reset", "clipboard_seconds")[0] == 0
    assert keyrack(tmp_path, "get", "clipboard_seconds") == (0, "30\n", "")
    assert keyrack(tmp_path, "--sandbox", "set", "theme", "dark")[0] == 0
    assert keyrack(tmp_path, "get", "theme", before=("--sandbox",)) == (0, "dark\n", "")
    assert keyrack(tmp_path, "get", "theme") == (0, "system\n", "")


@pytest.mark.skipif(sys.platform in ("win32", "darwin"), reason="the desktop's folder is another one there")
def test_the_start_at_sign_in_is_a_file_of_the_desktop(tmp_path: Path) -> None:
    entry = tmp_path / "c/autostart/keyrack.desktop"
    (tmp_path / "c").mkdir()
    assert keyrack(tmp_path, "set", "start_at_login", "on")[0] == 0
    lines = dict(line.partition("=")[::2] for line in entry.read_text().splitlines())
    assert lines["Type"] == "Application"
    command = shlex.split(lines["Exec"])
    assert command[-1] == "--at-login"
    assert (Path(command[1]) / "__main__.py").is_file()
    assert keyrack(tmp_path, "get", "start_at_login") == (0, "true\n", "")

    entry.write_text(entry.read_text() + "Hidden=true\n")
    assert keyrack(tmp_path, "get", "start_at_login") == (0, "false\n", ""), "it was switched off in the desktop"
    assert keyrack(tmp_path, "set", "start_at_login", "on")[0] == 0
    assert keyrack(tmp_path, "reset", "start_at_login")[0] == 0
    assert not entry.exists()

    code, _, err = keyrack(tmp_path, "--sandbox", "set", "start_at_login", "on")
    assert (code, err.partition(".")[0]) == (2, "The sandbox has no setting “start_at_login”")
    (tmp_path / "c/autostart").rmdir()
    (tmp_path / "c/autostart").write_text("a file where the folder should be")
    code, _, err = keyrack(tmp_path, "set", "start_at_login", "on")
    assert code == 2
    assert err.startswith("The desktop's own file could not be changed")
    assert keyrack(tmp_path, "get", "start_at_login") == (0, "false\n", "")


def test_the_start_at_sign_in_uses_what_was_installed(tmp_path: Path) -> None:
    installed = tmp_path / ".local/bin/keyrack"
    installed.parent.mkdir(parents=True)
    installed.write_text("#!/bin/sh\n")
    assert keyrack(tmp_path, "set", "start_at_login", "on")[0] == 0
    assert f'Exec="{installed}" "--at-login"\n' in (tmp_path / "c/autostart/keyrack.desktop").read_text()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("set", "theme", "blue"), 'theme may be "system", "light" or "dark". Nothing was changed.\n'),
        (("get", "nothing"), f"There is no setting “nothing”. Nothing was changed. {LISTED}\n"),
        (("set", "proxy", "none"), f"proxy is not changed here. Nothing was changed. {ELSEWHERE}\n"),
    ],
)  # fmt: skip
def test_a_mistake_is_a_sentence(words: tuple[str, ...], said: str, tmp_path: Path) -> None:
    assert keyrack(tmp_path, *words) == (2, "", said)
    assert not (tmp_path / "c").exists()


def test_a_broken_file_is_said_with_its_line_and_left_as_it_is(tmp_path: Path) -> None:
    file = tmp_path / "c/keyrack/settings.toml"
    file.parent.mkdir(parents=True)
    text = 'schema = 1\n\n\n\n\n\ntheme = "dark\n'
    file.write_text(text)
    code, out, err = keyrack(tmp_path, "list")
    assert code == 1
    assert "theme" in out
    assert err.startswith("settings.toml, line 7: this is no TOML. ")
    code, out, err = keyrack(tmp_path, "set", "theme", "light")
    assert (code, out) == (1, "")
    assert err == "settings.toml, line 7: this is no TOML. Mend the line, then start Keyrack again.\n"
    assert file.read_text() == text


def test_a_folder_that_cannot_be_written_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "c").mkdir()
    (tmp_path / "c/keyrack").symlink_to("nowhere")
    code, out, err = keyrack(tmp_path, "set", "theme", "dark")
    assert (code, out) == (1, "")
    assert err.startswith("The setting could not be stored: ")
    assert err.count("\n") == 1
