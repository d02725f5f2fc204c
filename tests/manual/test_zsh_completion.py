"""Zsh itself, at a terminal, with the completions where its `fpath` finds them."""

import shutil
from collections.abc import Iterator

import pytest

from tests.cli.fake_socket import FakeSocket
from tests.manual.conftest import Home
from tests.manual.terminal_shell import TerminalShell

pytestmark = pytest.mark.skipif(shutil.which("zsh") is None, reason="no zsh; sudo apt install zsh")


@pytest.fixture
def zsh(home: Home) -> Iterator[TerminalShell]:
    functions = home.folder / "functions"
    functions.mkdir()
    (functions / "_keyrack").write_text(home.keyrack("completion", "zsh").stdout)
    shell = TerminalShell(["zsh", "-f", "+o", "promptsp", "-i"], {**home.env, "PS1": "ready> "}, home.folder)
    shell.until("ready> ")
    shell.type("show() { print -r -- \"<$BUFFER>\" }; zle -N show; bindkey '^X' show; echo wid''get\n")
    shell.until("widget\nready> ")
    set_up = f"unsetopt beep; fpath=({functions} $fpath); autoload -Uz compinit; compinit -D -u; echo do''ne"
    shell.type(f"{set_up}\n")
    shell.until("done\nready> ")
    yield shell
    shell.close()


LINES = [
    ("keyrack acc", "keyrack accounts "),
    ("keyrack accounts rem", "keyrack accounts remove "),
    ("keyrack token --min", "keyrack token --min-valid="),
    ("keyrack accounts set Trading --scripts al", "keyrack accounts set Trading --scripts allow "),
    ("keyrack --sandbox agent --own", "keyrack --sandbox agent --own-keyring "),
    ("keyrack completion f", "keyrack completion fish "),
    ("keyrack token --min-valid 60 Tr", "keyrack token --min-valid 60 Trading "),
    ("keyrack refresh Tr", "keyrack refresh Trading "),
    ("keyrack header Main\\ d", "keyrack header Main\\ desk "),
    ("keyrack header It", "keyrack header It\\'s\\ \\$5 "),
    ("keyrack logout Zü", "keyrack logout Zürich "),
    ("keyrack providers check func", "keyrack providers check functions/"),
    ("keyrack run Trading -- keyr", "keyrack run Trading -- keyrack "),
]


@pytest.mark.parametrize(("typed", "shown"), LINES)
def test_tab_completes(typed: str, shown: str, zsh: TerminalShell, running: FakeSocket) -> None:
    zsh.type(f"{typed}\t\x18")
    assert f"<{shown}>" in zsh.until(">")


def test_verbs_are_offered_with_what_they_do(zsh: TerminalShell) -> None:
    zsh.type("keyrack lo\t\t")
    shown = zsh.until("Locks Keyrack")
    assert "Signs in to the account NAME" in shown


def test_nothing_is_said_where_no_keyrack_runs(zsh: TerminalShell) -> None:
    zsh.type("keyrack token Tr\t; echo e''nd\n")
    assert "socket" not in zsh.until("\nend")
