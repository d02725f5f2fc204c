"""Bash itself, at a terminal: what a press of Tab makes of the line."""

import shutil
from collections.abc import Iterator

import pytest

from tests.cli.fake_socket import FakeSocket
from tests.manual.conftest import Home
from tests.manual.terminal_shell import TerminalShell

pytestmark = pytest.mark.skipif(shutil.which("bash") is None, reason="no bash; sudo apt install bash")


@pytest.fixture
def bash(home: Home) -> Iterator[TerminalShell]:
    script = home.folder / "completions"
    script.write_text(home.keyrack("completion", "bash").stdout)
    shell = TerminalShell(["bash", "--norc", "--noprofile", "-i"], {**home.env, "PS1": "ready> "}, home.folder)
    shell.until("ready> ")
    shell.type(f"bind 'set bell-style none'; bind 'set enable-bracketed-paste off'; source {script}; echo do''ne\n")
    shell.until("done\nready> ")
    yield shell
    shell.close()


LINES = [
    ("keyrack acc", "keyrack accounts "),
    ("keyrack accounts rem", "keyrack accounts remove "),
    ("keyrack token --min", "keyrack token --min-valid "),
    ("keyrack accounts set Trading --scripts al", "keyrack accounts set Trading --scripts allow "),
    ("keyrack --sandbox agent --own", "keyrack --sandbox agent --own-keyring "),
    ("keyrack completion f", "keyrack completion fish "),
    ("keyrack token --min-valid 60 Tr", "keyrack token --min-valid 60 Trading "),
    ("keyrack refresh Tr", "keyrack refresh Trading "),
    ("keyrack header Main\\ d", "keyrack header Main\\ desk "),
    ('keyrack header "Main d', 'keyrack header "Main desk" '),
    ("keyrack header Main:\\ ", "keyrack header Main:\\ EUR "),
    ("keyrack header It", "keyrack header It\\'s\\ \\$5 "),
    ("keyrack header 'It", "keyrack header 'It'\\''s $5' "),
    ("keyrack logout Zü", "keyrack logout Zürich "),
    ("keyrack providers check compl", "keyrack providers check completions "),
    ("keyrack run Trading -- keyr", "keyrack run Trading -- keyrack "),
    ("keyrack run Trading -- cat compl", "keyrack run Trading -- cat completions "),
]


@pytest.mark.parametrize(("typed", "shown"), LINES)
def test_tab_completes(typed: str, shown: str, bash: TerminalShell, running: FakeSocket) -> None:
    bash.type(f"{typed}\t#")
    assert bash.until("#").endswith(f"{shown}#")


def test_what_is_offered_after_a_name(bash: TerminalShell, running: FakeSocket) -> None:
    bash.type("keyrack token Trading Tr\t#")
    assert bash.until("#") == "keyrack token Trading Tr#"
    bash.type("\x15keyrack token \t\t")
    assert bash.until("Zürich").count("Main") == 2


def test_a_new_account_takes_no_name_that_is_there(bash: TerminalShell, running: FakeSocket) -> None:
    bash.type("keyrack accounts add Tr\t#")
    assert bash.until("#") == "keyrack accounts add Tr#"


def test_nothing_is_said_where_no_keyrack_runs(bash: TerminalShell) -> None:
    bash.type("keyrack token Tr\t#")
    assert bash.until("#") == "keyrack token Tr#"
