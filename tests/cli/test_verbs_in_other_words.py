"""The command line in another language: no sentence of it is left out, and nothing that scripts read is changed."""

import argparse
import ast
import json
import os
import re
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from keyrack import __main__ as program
from keyrack import __version__
from keyrack.cli.input_lines import means_no, means_yes
from keyrack.command_name import command_name
from keyrack.language import translation
from keyrack.language.languages import LANGUAGES
from keyrack.language.terminal_width import MOST, width_of
from keyrack.language.translation import SOURCE
from keyrack.startup import argparse_words, option_parser
from tests.cli.fake_socket import TOKEN, FakeSocket, reply
from tests.cli.verbs import SOCKET_VERBS
from tests.language.pseudo import LANGUAGE, Pseudo, pseudo, unmarked

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="there is no local socket on Windows yet")

Run = Callable[..., tuple[int, str, str]]

# Its texts have no letters, so that every word of the output is one of ours.
BARE = {"name": "7", "provider": "8", "region": "", "state": "needs_login", "scripts": "9", "problem": None}
STATUS = {
    "version": 1,
    "release": __version__,
    "running": "window",
    "sandbox": False,
    "keyring": "5",
    "accounts": [BARE],
}
# How a command is called.
SYNTAX = re.compile(
    r"keyrack|(?<!\w)--?[a-z-]+|\b[A-Z]{2,}\b|\b(list|get|set|reset|check|add|remove|agent|providers|settings)\b"
)


@pytest.fixture
def run(keyrack: FakeSocket, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Iterator[Run]:
    """Run a verb in this process, in the language of brackets: its exit code, stdout and stderr."""
    monkeypatch.setenv("LC_ALL", "C")  # the environment says nothing, and what is spoken stays

    def run(*given: str) -> tuple[int, str, str]:
        try:
            code = program.main([*given])
        except SystemExit as ended:  # as argparse does
            code = int(str(ended.code))
        said = capfd.readouterr()
        return code, said.out, said.err

    with pseudo():
        yield run


@pytest.mark.parametrize(
    "words",
    [
        *([verb] for verb in SOCKET_VERBS),
        *(["accounts", verb] for verb in ("list", "add", "set", "remove")),
        *(
            ["share", verb]
            for verb in ("list", "init", "invite", "join", "leave", "rotate-key", "add", "remove", "take")
        ),
        *(["history", "export"], ["diagnostics"], ["man"], ["completion"]),
        *(["providers"], ["providers", "list"], ["providers", "check"], ["providers", "add"]),
        *(["settings"], ["settings", "list"], ["settings", "get"], ["settings", "set"], ["settings", "reset"]),
    ],
    ids=" ".join,
)
def test_every_help_is_translated(run: Run, words: list[str]) -> None:
    code, out, err = run(*words, "--help")
    assert (code, err) == (0, "")
    assert "⟦" in out
    assert unmarked(SYNTAX.sub("", out)) == []


@pytest.fixture
def _spoken_before() -> Iterator[None]:
    before = translation.spoken()
    yield
    translation.use(before)


@pytest.mark.usefixtures("_spoken_before")
@pytest.mark.parametrize("language", sorted(LANGUAGES))
def test_every_help_fits_a_terminal_of_100_columns(
    capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, language: str
) -> None:
    monkeypatch.setenv("LC_ALL", language)
    monkeypatch.setenv("LANGUAGE", language)
    for words in [[verb] for verb in SOCKET_VERBS] + [["accounts", "add"], ["accounts", "set"], ["share", "join"]]:
        assert program.main([*words, "--help"]) == 0
        said = capfd.readouterr().out
        assert [line for line in said.split("\n") if width_of(line) > MOST] == [], words
        assert (language == SOURCE) == said.startswith("Usage: "), "it speaks the language"


@pytest.mark.parametrize("parse", [option_parser.parse, option_parser.parse_agent])
def test_the_help_of_the_window_and_of_the_agent_is_translated(
    capsys: pytest.CaptureFixture[str], parse: Callable[[list[str]], object]
) -> None:
    with pseudo(), pytest.raises(SystemExit):
        parse(["--help"])
    assert unmarked(SYNTAX.sub("", capsys.readouterr().out)) == []


@pytest.mark.parametrize(
    "words",
    [
        *(["7"], ["token"], ["token", "7", "8"], ["token", "-7"], ["token", "7", "--min-valid"], ["token", ""]),
        *(["token", "7", "--min-valid", "x"], ["status", "7"], ["status", "--json=1"], ["run", "7"], ["run", "7", "8"]),
        *(["accounts"], ["accounts", "7"], ["accounts", "set", "7"], ["accounts", "remove", "7"]),
        *(["history"], ["history", "7"], ["export"], ["export", "7", "--hand-over", "--settings-only"]),
        *(["proxy", "--use", "7", "--try", "8"], ["proxy", "--user", "7"], ["proxy", "--use", "7@8"]),
        *(["completion"], ["completion", "7"], ["providers"], ["providers", "7"], ["settings", "set", "7"]),
        *(["settings", "--7"], ["login"], ["--sandbox", "token", "7"]),
    ],
    ids=" ".join,
)
def test_what_is_wrong_is_said_in_the_language(run: Run, words: list[str]) -> None:
    code, out, err = run(*words)
    assert code
    assert out == ""
    assert "⟦" in err
    assert unmarked(SYNTAX.sub("", err)) == []


@pytest.mark.parametrize(
    "changed",
    [
        {},
        {"running": "agent"},
        {"sandbox": True},
        {"sandbox": True, "running": "agent"},
        {"locked": True},
        {"locked": True, "locked_by_hand": True},
        {"keyring_in_memory": True},
        {"keyring": ""},
        {"accounts": []},
        *({"accounts": [{**BARE, "state": state, "needs_you": True}]} for state in ("ready", "refreshing", "retrying")),
        *({"accounts": [{**BARE, "state": state}] * 2} for state in ("unsaved", "signing_in", "closed")),
        {"accounts": [{**BARE, "state": "retrying", "retry_in": 70}]},
        *({"accounts": [{**BARE, "expires_in": seconds}]} for seconds in (70, 7_000, 90_000, 900_000, 1e9)),
    ],
    ids=str,
)
def test_status_and_the_list_of_accounts_are_translated(
    run: Run, keyrack: FakeSocket, changed: dict[str, object]
) -> None:
    keyrack.answer = reply({**STATUS, **changed})
    for words in (["status"], ["accounts", "list"]):
        code, out, err = run(*words)
        assert code == 0
        assert unmarked(out + err) == []


@pytest.mark.parametrize(
    ("words", "answer"),
    [
        (["refresh", "7"], {"name": "7", "joined": True}),
        (["refresh", "7"], {"name": "7", "renewed": False}),
        (["lock"], {}),
        (["lock"], {"passphrase": True}),
        (["lock"], {"passphrase": True, "outlives_restart": True}),
        (["unlock"], {}),
        (["logout", "7"], {"account": "7", "at_provider": "8"}),
        (["proxy"], {"proxy": "7", "connects": "8", "with_password": True}),
        (["history", "export", "--account", "7"], {"head": "", "lines": "", "after": None}),
        (["export", "7", "--settings-only"], {"accounts": ["7"]}),
        *((["accounts", "set", "7", "--name", "8"], {"account": "8", "scripts": policy}) for policy in ("off", "ask")),
        (["accounts", "remove", "7", "--yes"], {"account": "8", "at_provider": "9"}),
        (["settings", "reset", "theme"], {}),
    ],
    ids=str,
)
def test_what_was_done_is_said_in_the_language(
    run: Run, keyrack: FakeSocket, words: list[str], answer: dict[str, object]
) -> None:
    keyrack.answer = reply({"version": 1, "release": __version__, **answer})
    code, out, err = run(*words)
    assert code == 0
    assert "⟦" in err
    assert unmarked(err.replace(os.getcwd(), "").replace(command_name(os.getcwd()), "").replace("theme", "")) == []
    assert "⟦" not in out, "what scripts read is the same in every language"


def test_what_scripts_read_is_the_same_in_every_language(run: Run, keyrack: FakeSocket) -> None:
    assert run("token", "7") == (0, f"{TOKEN}\n", "")
    assert run("header", "7") == (0, f"Authorization: Bearer {TOKEN}\n", "")
    keyrack.answer = reply(STATUS)
    code, out, err = run("status", "--json")
    assert (code, json.loads(out), err) == (0, STATUS, "")
    for words in (["man"], ["completion", "bash"], ["completion", "zsh"], ["completion", "fish"]):
        assert "⟦" not in run(*words)[1]


def test_keyrack_is_asked_to_answer_in_the_same_language(run: Run, keyrack: FakeSocket) -> None:
    run("token", "7")
    assert keyrack.asked[0][0].endswith(f"\r\nAccept-Language: {LANGUAGE}")


def test_a_command_in_a_translated_sentence_is_called_as_it_is_here(run: Run) -> None:
    _, _, err = run("7")
    assert f"`{command_name(os.getcwd())} --help`" in err


@pytest.mark.parametrize(
    ("variables", "spoken"),
    [
        ({}, "en"),
        ({"LANG": "de_DE.UTF-8"}, "de"),
        ({"LANG": "de_DE.UTF-8", "LC_MESSAGES": "ko_KR.UTF-8"}, "ko"),
        ({"LANG": "de_DE.UTF-8", "LC_ALL": "C"}, "en"),
        ({"LANG": "en_GB.UTF-8"}, "en"),
        ({"LANG": "en_GB.UTF-8", "LANGUAGE": "uk:de"}, "uk"),
        ({"LANGUAGE": "uk"}, "en"),
        ({"LANG": "fr_FR.UTF-8"}, "en"),
    ],
    ids=str,
)
def test_the_language_is_that_of_the_terminal(
    run: Run, keyrack: FakeSocket, monkeypatch: pytest.MonkeyPatch, variables: dict[str, str], spoken: str
) -> None:
    translation.use("en")
    for name in ("LC_ALL", "LC_MESSAGES", "LANG", "LANGUAGE"):
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert run("token", "7") == (0, f"{TOKEN}\n", "")
    assert keyrack.asked[0][0].endswith(f"\r\nAccept-Language: {spoken}")


class WithYes(Pseudo):
    """A catalogue with a yes and a no of its own."""

    def gettext(self, message: str) -> str:
        """What it is there."""
        return {"y, yes": "j, ja", "n, no": "n, nein"}.get(message) or super().gettext(message)


@pytest.mark.parametrize(
    ("line", "yes", "no"),
    [
        *((line, True, False) for line in ("j", "Ja", "y", "YES")),
        *((line, False, True) for line in ("nein", "N", "no", "")),
        *((line, False, False) for line in ("j, ja", "ja!", "⟦")),
    ],
)
def test_a_yes_is_one_in_english_and_in_the_language(line: str, yes: bool, no: bool) -> None:
    with pseudo(WithYes()):
        assert (means_yes(line), means_no(line)) == (yes, no)


def test_argparse_knows_each_of_its_words() -> None:
    """A word that a later Python says otherwise would come in English."""
    source = Path(argparse.__file__).read_text("utf-8")
    said = {
        node.args[0].value
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "_" and isinstance(node.args[0], ast.Constant)
    }
    assert set(argparse_words.WORDS) <= said
