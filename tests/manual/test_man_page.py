"""The manual page by the programs that show and judge one."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from keyrack.manual.command_table import every_command, window_options
from tests.cli.verbs import SOCKET_VERBS, WITHOUT_SOCKET
from tests.manual.conftest import Home


@pytest.fixture
def page(home: Home) -> str:
    done = home.keyrack("man")
    assert (done.returncode, done.stderr) == (0, "")
    path = home.folder / "keyrack.1"
    path.write_text(done.stdout)
    return str(path)


@pytest.mark.skipif(shutil.which("mandoc") is None, reason="no mandoc; sudo apt install mandoc")
def test_mandoc_finds_nothing_to_say_against_it(page: str, home: Home) -> None:
    done = subprocess.run(["mandoc", "-T", "lint", page], capture_output=True, text=True, env=home.env, check=False)
    assert (done.returncode, done.stdout) == (0, "")


@pytest.mark.skipif(shutil.which("groff") is None, reason="no groff; sudo apt install groff-base")
def test_man_shows_every_verb_and_option(page: str, home: Home) -> None:
    command = ["man", "--warnings", "-l", page]
    env = {**home.env, "MANWIDTH": "200", "MANPAGER": "cat", "MAN_KEEP_FORMATTING": ""}
    done = subprocess.run(command, capture_output=True, text=True, env=env, check=False, encoding="utf-8")
    assert (done.returncode, done.stderr) == (0, "")
    shown = re.sub(r"\x1b\[[0-9;]*m|.\x08", "", done.stdout)
    for each in every_command():
        assert " ".join(each.words) in shown
        for option in each.options:
            assert re.search(rf"^ +{option.name}\b", shown, re.MULTILINE), option.name
    assert {option.name for option in window_options()} <= set(re.findall(r"--[\w-]+", shown))
    assert "“Authorization: Bearer …”" in shown
    assert "8      refused, or locked" in shown


def test_options_can_be_copied_out_of_it(page: str) -> None:
    """An unescaped hyphen is another character in troff's output (man-pages(7))."""
    text = Path(page).read_text("utf-8")
    assert r"\-\-min\-valid" in text
    assert "--" not in text


def test_every_verb_is_in_the_table() -> None:
    """Verbs without a table would be missing in the manual and in every shell."""
    assert {command.words[0] for command in every_command()} == {*SOCKET_VERBS, *WITHOUT_SOCKET}


def test_every_option_is_explained() -> None:
    unexplained = [(each.words, option.name) for each in every_command() for option in each.options if not option.help]
    assert unexplained == []


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["completion"], 2, "The shell's name is missing.\nUsage: keyrack completion bash|zsh|fish\n"),
        (["completion", "tcsh"], 2, "There is no “tcsh” among bash, zsh, fish.\n"),
        (
            ["completion", "bash", "more"],
            2,
            "“more” is one argument too many.\nUsage: keyrack completion bash|zsh|fish\n",
        ),
        (["man", "--loud"], 2, "There is no option “--loud” here.\nUsage: keyrack man\n"),
    ],
)
def test_a_wrong_line_is_told(words: list[str], code: int, said: str, home: Home) -> None:
    done = home.keyrack(*words)
    assert (done.returncode, done.stdout, done.stderr) == (code, "", said)


def test_help_says_what_they_are_for(home: Home) -> None:
    assert "for man(1)" in home.keyrack("help", "man").stdout
    assert home.keyrack("completion", "--help").stdout.startswith("Usage: keyrack completion bash|zsh|fish\n")
