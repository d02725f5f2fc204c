"""The verbs of the command line: what they ask, what they print where, and how they end."""

import json
import os
import pty
import re
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pytest

from keyrack import __main__ as program
from keyrack import __version__
from keyrack.broker.instance.instance import SOCKET_NAME
from keyrack.cli.output import as_called
from keyrack.cli.status_table import NO_ACCOUNTS, table
from keyrack.command_name import command_name
from keyrack.core.accounts.draft import LONGEST_NAME
from tests.checkout import FROM_SOURCE
from tests.cli.fake_socket import GIVEN, TOKEN, FakeSocket, answering, refusal, reply
from tests.cli.verbs import SOCKET_VERBS, WITHOUT_SOCKET

CALLED = command_name(os.getcwd())

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="there is no local socket on Windows yet")

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(keyrack: FakeSocket, capfd: pytest.CaptureFixture[str]) -> Run:
    """Run a verb in this process, which `run` itself would replace: its exit code, stdout and stderr."""

    def run(*given: str) -> tuple[int, str, str]:
        try:
            code = program.main([*given])
        except SystemExit as ended:  # as argparse does
            code = int(str(ended.code))
        said = capfd.readouterr()
        return code, said.out, said.err

    return run


def command(*given: str) -> list[str]:
    return [sys.executable, "-c", "from keyrack.__main__ import main; raise SystemExit(main())", *given]


def environment(**more: str) -> dict[str, str]:
    return {**os.environ, **FROM_SOURCE, **more}


def start(
    *given: str, env: Mapping[str, str] = MappingProxyType({}), **how: Any
) -> "subprocess.CompletedProcess[bytes]":
    """Run a verb as a person does, in a separate process."""
    streams = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "stdin": subprocess.DEVNULL, **how}
    return subprocess.run(command(*given), env=environment(**env), timeout=60, check=False, **streams)


@pytest.mark.security("S89")
def test_token_prints_the_token_and_one_newline(run: Run, keyrack: FakeSocket) -> None:
    assert run("token", "Main desk") == (0, f"{TOKEN}\n", "")
    assert keyrack.lines == ["GET /v1/accounts/Main%20desk/token"]


def test_header_prints_the_header(run: Run) -> None:
    assert run("header", "Bot") == (0, f"Authorization: Bearer {TOKEN}\n", "")


@pytest.mark.security("S89")
@pytest.mark.parametrize("verb", ["token", "header"])
@pytest.mark.parametrize(
    "token", ["", "a b", "a\nb", "\x1b[31mred", "a\x00", "tök", "a\u202eb", "a\x7f", 7, None, ["x"], True], ids=repr
)
def test_what_cannot_be_a_token_is_never_printed(run: Run, keyrack: FakeSocket, verb: str, token: object) -> None:
    keyrack.answer = reply({**GIVEN, "access_token": token})
    assert run(verb, "Bot") == (1, "", "Keyrack answered with what cannot be a token.\n")


def test_min_valid_is_passed_on(run: Run, keyrack: FakeSocket) -> None:
    for given in (["token", "Bot", "--min-valid", "60"], ["header", "--min-valid=60", "Bot"]):
        assert run(*given)[0] == 0
    assert keyrack.lines == ["GET /v1/accounts/Bot/token?min_valid=60"] * 2


@pytest.mark.parametrize("verb", ["token", "header"])
@pytest.mark.parametrize("seconds", ["", "-1", "1.5", "x", "nan", "inf", "1e3", "٣", "1_0", " 1", "9" * 10, "1&x=y"])
def test_min_valid_is_a_number_of_seconds(run: Run, keyrack: FakeSocket, verb: str, seconds: str) -> None:
    code, out, err = run(verb, "Bot", "--min-valid", seconds)
    assert (code, out, keyrack.asked) == (2, "", [])
    assert err.startswith("--min-valid needs a whole number of seconds, such as 60.\nUsage: keyrack ")


@pytest.mark.parametrize(
    ("code", "exit_code"),
    [("no_account", 3), ("sign_in_needed", 4), ("keyring", 5), ("provider", 6), ("refused", 8), ("locked", 8)],
)
@pytest.mark.parametrize("verb", [["token", "Bot"], ["refresh", "Bot"]], ids=" ".join)
def test_a_refusal_is_its_exit_code_and_one_sentence_on_stderr(
    run: Run, keyrack: FakeSocket, verb: list[str], code: str, exit_code: int
) -> None:
    keyrack.answer = refusal(code, "It is so.", "", "Do that.")
    assert run(*verb) == (exit_code, "", "It is so. Do that.\n")


@pytest.mark.security("S88")
@pytest.mark.parametrize("verb", ["token", "header", "refresh"])
@pytest.mark.parametrize(
    "name",
    [
        "",
        " ",
        "x" * (LONGEST_NAME + 1),
        "x" * 10_000,
        "a\x00b",
        "a\rb",
        "a\nb",
        "\x1b[31mb",
        "a\u202eb",
        "a\u2066b",
        "\x85",
        "\udcff",
    ],
    ids=repr,
)
def test_a_name_that_no_account_can_have_is_never_asked_for(
    run: Run, keyrack: FakeSocket, verb: str, name: str
) -> None:
    """C3.4, C3.5."""
    code, out, err = run(verb, name)
    assert (code, out, keyrack.asked) == (2, "", [])
    assert err.startswith(f"An account's name has 1 to {LONGEST_NAME} ordinary characters.\nUsage: keyrack ")
    assert err.replace("\n", "").isprintable()


@pytest.mark.security("S88")
@pytest.mark.parametrize(
    ("given", "path"),
    [
        (["../x"], "..%2Fx"),
        ([".."], ".."),
        (["--", "-x"], "-x"),
        (["--", "--help"], "--help"),
        (["--", "--sandbox"], "--sandbox"),
        (["a?b#c%2e&d"], "a%3Fb%23c%252e%26d"),
        (["토큰"], "%ED%86%A0%ED%81%B0"),
    ],
)
def test_any_other_name_reaches_keyrack_as_it_is(run: Run, keyrack: FakeSocket, given: list[str], path: str) -> None:
    """C3.5: the answer is Keyrack's, and no name is an option, another path or another request."""
    keyrack.answer = refusal("no_account", "There is no account of that name.", status=404)
    assert run("token", *given) == (3, "", "There is no account of that name.\n")
    assert keyrack.lines == [f"GET /v1/accounts/{path}/token"]


@pytest.mark.parametrize(
    ("given", "told"),
    [
        (["token"], "The account's name is missing."),
        (["token", "a", "b"], "“b” is one argument too many. Put a name with spaces into quotes."),
        (["token", "-x"], "There is no option “-x” here."),
        (["token", "Bot", "--nope=1"], "There is no option “--nope” here."),
        (["token", "Bot", "--json"], "There is no option “--json” here."),
        (["token", "Bot", "--min-valid"], "--min-valid needs a value."),
        (["token", "-\x1b[31m\u202e"], "There is no option “- [31m” here."),
        (["status", "Bot"], "“Bot” is one argument too many."),
        (["status", "--json=1"], "--json takes no value."),
        (["run", "Bot"], "The command is missing; it comes after “--”."),
        (["run", "Bot", "--"], "The command is missing; it comes after “--”."),
        (["run", "Bot", "--", "", "x"], "The command is missing; it comes after “--”."),
        (["run", "Bot", "ls"], "“ls” is one argument too many. The command comes after “--”."),
        (["lock", "--passphrase", "x"], "There is no option “--passphrase” here."),
        (["unlock", "sample"], "“sample” is one argument too many."),
        (["socket", "x"], "“x” is one argument too many."),
        (["refresh"], "The account's name is missing."),
    ],
    ids=repr,
)
def test_a_wrong_command_line_names_what_is_wrong_and_the_usage(
    run: Run, keyrack: FakeSocket, given: list[str], told: str
) -> None:
    code, out, err = run(*given)
    assert (code, out, keyrack.asked) == (2, "", [])
    lines = err.splitlines()
    assert lines[0] == told
    assert lines[1].startswith(f"Usage: keyrack {given[0]}")
    assert len(lines) == 2


@pytest.mark.parametrize("verb", SOCKET_VERBS)
@pytest.mark.parametrize("asked", [["--help"], ["-h"], ["Bot", "--help"]], ids=" ".join)
def test_every_verb_says_how_it_is_used(run: Run, keyrack: FakeSocket, verb: str, asked: list[str]) -> None:
    if verb in ("accounts", "share"):
        asked = asked[-1:]  # their second word is a verb of its own
    code, out, err = run(verb, *asked)
    assert (code, err, keyrack.asked) == (0, "", [])
    assert out.startswith(f"Usage: keyrack {verb}")
    assert max(map(len, out.splitlines())) <= 110


def test_the_help_of_the_program_names_every_verb(run: Run) -> None:
    code, out, err = run("--help")
    assert (code, err) == (0, "")
    for verb in {*SOCKET_VERBS, *WITHOUT_SOCKET}:
        assert re.search(rf"\b{verb}\b", out), verb


@pytest.mark.parametrize("word", ["tokn", "halp", "Token", "a\x1b[31m\nb", "x" * 500])
def test_a_verb_that_there_is_not_is_2(run: Run, keyrack: FakeSocket, word: str) -> None:
    code, out, err = run(word, "Bot")
    assert (code, out, keyrack.asked) == (2, "", [])
    assert re.fullmatch(r"There is no verb “[ -~…]{1,60}”\. `" + re.escape(CALLED) + r" --help` lists them\.\n", err)


def test_the_sandbox_is_asked_wherever_it_is_named(run: Run, keyrack: FakeSocket) -> None:
    told = "The sandbox is not running, but Keyrack itself is: leave out --sandbox.\n"
    for given in (["--sandbox", "token", "Bot"], ["token", "--sandbox", "Bot"], ["token", "Bot", "--sandbox"]):
        assert run(*given) == (7, "", told)
    assert start("run", "--sandbox", "Bot", "--", "true").returncode == 7
    assert keyrack.asked == []
    assert start("run", "Bot", "--", "true", "--sandbox").returncode == 0, "that is the command's own"


def test_refresh_says_that_it_worked_at_a_terminal_only(run: Run, keyrack: FakeSocket) -> None:
    keyrack.answer = reply({"version": 1, **ACCOUNT})
    assert run("refresh", "Bot") == (0, "", "")
    assert keyrack.lines == ["POST /v1/accounts/Bot/refresh"]
    assert at_a_terminal(["refresh", "Bot"], []) == (0, "“Bot” is fresh for 4:32.\r\n")


@pytest.mark.parametrize(
    ("done", "said"),
    [
        ({"renewed": True, "joined": True}, "A renewal of “Bot” was under way already, and no other was asked for.\n"),
        (
            {"renewed": False, "joined": False},
            "“Bot” has a key, which needs no renewal. Its figures were asked for.\n",
        ),
        ({"renewed": True, "joined": False}, ""),
    ],
)
def test_refresh_says_what_it_did_not_do(run: Run, keyrack: FakeSocket, done: dict[str, bool], said: str) -> None:
    keyrack.answer = reply({"version": 1, **ACCOUNT, **done})
    assert run("refresh", "Bot") == (0, "", said)


@pytest.mark.security("S49")
def test_the_providers_own_words_come_last(run: Run, keyrack: FakeSocket) -> None:
    problem = {"happened": "It refused.", "means": "", "todo": "Look.", "detail": "odd\x1b[31m: no (HTTP 400)"}
    keyrack.answer = reply({"version": 1, "error": {"code": "provider", **problem}}, 502)
    assert run("token", "Bot") == (6, "", "It refused. Look. “odd [31m: no (HTTP 400)”\n")
    keyrack.answer = reply({**STATUS, "accounts": [{**ACCOUNT, "state": "retrying", "problem": problem}]})
    assert "It refused. Look. “odd [31m: no (HTTP 400)”\n" in run("status")[1]


def test_socket_prints_the_path_and_says_when_nobody_listens(run: Run) -> None:
    folder = os.environ["XDG_RUNTIME_DIR"]
    assert run("socket") == (0, f"{folder}/keyrack/{SOCKET_NAME}\n", "")
    code, out, err = run("socket", "--sandbox")
    assert (code, out) == (7, f"{folder}/keyrack-sandbox/{SOCKET_NAME}\n")
    assert err.startswith("The sandbox is not running")


@pytest.mark.security("S89")
@pytest.mark.parametrize("verb", [["token", "Bot"], ["token", "--help"]], ids=" ".join)
def test_a_stdout_that_cannot_be_written_is_1_and_the_token_is_nowhere(keyrack: FakeSocket, verb: list[str]) -> None:
    """C3.12."""
    with open("/dev/full", "wb") as full:
        done = start(*verb, stdout=full)
    told = "The answer could not be written to stdout: "
    assert (done.returncode, done.stderr.decode()) == (1, f"{told}No space left on device.\n")
    reading, writing = os.pipe()
    os.close(reading)
    done = start(*verb, stdout=writing)
    os.close(writing)
    assert (done.returncode, done.stderr.decode()) == (1, f"{told}Broken pipe.\n")
    done = start(*verb, stdout=None, preexec_fn=lambda: os.close(1))
    assert (done.returncode, done.stderr.decode()) == (1, f"{told}it is closed.\n")


def test_a_closed_stderr_changes_nothing_else(keyrack: FakeSocket) -> None:
    """A message must not end up in the socket, which would get the number of stderr."""
    done = start("token", "Bot", stderr=None, preexec_fn=lambda: os.close(2))
    assert (done.returncode, done.stdout) == (0, f"{TOKEN}\n".encode())
    keyrack.answer = refusal("locked", "It is locked.")
    done = start("token", "Bot", stderr=None, preexec_fn=lambda: os.close(2))
    assert (done.returncode, done.stdout) == (8, b"")
    assert [body for _, body in keyrack.asked] == [b"", b""]


def test_run_gives_the_token_in_one_variable_and_changes_nothing_else(keyrack: FakeSocket) -> None:
    script = """
        import json, os, sys
        files = [name for name in os.listdir("/proc/self/fd") if int(name) > 2]
        print(json.dumps([sys.argv[1:], dict(os.environ), len(files)]))
        sys.exit(42)
    """
    code = "\n".join(line[8:] for line in script.splitlines())
    shell = f"exec {sys.executable} -E -S -c '{code}' \"$@\""
    words = ["--sandbox", "--", "--help", "a b", "$HOME", "*"]
    done = start("run", "Bot", "--min-valid", "9", "--", "/bin/sh", "-c", shell, "x", *words, env={"OWN": "kept"})
    assert (done.returncode, done.stderr) == (42, b"")
    arguments, environment, files = json.loads(done.stdout)
    assert arguments == words
    assert environment["WHITEBIT_TOKEN"] == TOKEN
    assert environment["OWN"] == "kept"
    by_others = {"PYTHONPATH", "LC_CTYPE", "PWD", "SHLVL", "_"}
    assert set(environment) - set(os.environ) - by_others == {"WHITEBIT_TOKEN", "OWN"}
    assert files == 1, "the folder that is being read"
    assert keyrack.lines == ["GET /v1/accounts/Bot/token?min_valid=9"]


def test_run_leaves_the_death_by_sigpipe_to_the_command(keyrack: FakeSocket) -> None:
    """Python itself ignores SIGPIPE, and what is ignored stays so in the command."""
    done = start("run", "Bot", "--", "/bin/sh", "-c", "kill -PIPE $$; echo survived")
    assert (done.returncode, done.stdout) == (-13, b"")


@pytest.mark.parametrize(
    ("name", "code", "why"),
    [
        ("no-such-command", 127, "No such file or directory"),
        ("/dev/null/x", 127, "Not a directory"),
        ("/etc", 126, "Permission denied"),
    ],
)
def test_a_command_that_cannot_be_run_ends_as_in_a_shell(keyrack: FakeSocket, name: str, code: int, why: str) -> None:
    done = start("run", "Bot", "--", name)
    assert (done.returncode, done.stdout) == (code, b"")
    assert done.stderr.decode() == f"“{name}” could not be run: {why}.\n"


def test_run_does_not_start_the_command_after_a_refusal(keyrack: FakeSocket) -> None:
    keyrack.answer = refusal("locked", "Keyrack is locked.")
    done = start("run", "Bot", "--", "echo", "started")
    assert (done.returncode, done.stdout, done.stderr) == (8, b"", b"Keyrack is locked.\n")
    keyrack.answer = reply(GIVEN)
    done = start("run", "Bot", "--min-valid", "x", "--", "echo", "started")
    assert (done.returncode, done.stdout) == (2, b"")


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"variable": "LD_PRELOAD"}, "Keyrack named a variable that cannot hold a token.\n"),
        ({"variable": "A=B_TOKEN"}, "Keyrack named a variable that cannot hold a token.\n"),
        ({"variable": None}, "Keyrack named a variable that cannot hold a token.\n"),
        ({"access_token": "a\x1b[31m"}, "Keyrack answered with what cannot be a token.\n"),
    ],
    ids=repr,
)
def test_run_starts_nothing_with_what_cannot_be_a_token(
    keyrack: FakeSocket, changed: dict[str, object], told: str
) -> None:
    keyrack.answer = reply({**GIVEN, **changed})
    done = start("run", "Bot", "--", "echo", "started")
    assert (done.returncode, done.stdout.decode(), done.stderr.decode()) == (1, "", told)


ACCOUNT = {
    "name": "Bot",
    "provider": "whitebit",
    "region": "global",
    "identity": "",
    "state": "ready",
    "reason": "",
    "needs_you": False,
    "expires_in": 272,
    "renews_in": 212,
    "retry_in": None,
    "sign_in_ends_in": 572,
    "scripts": "allow",
    "programs": [],
    "problem": None,
    "left_out": None,
}
STATUS = {
    "version": 1,
    "release": __version__,
    "running": "window",
    "sandbox": False,
    "locked": False,
    "locked_by_hand": False,
    "keyring": "GNOME Keyring",
    "keyring_in_memory": False,
    "accounts": [ACCOUNT],
}
LOCKED = reply({
    "version": 1, "locked": True, "locked_by_hand": True, "passphrase": True, "outlives_restart": True,
})  # fmt: skip
NONE = {"expires_in": None, "renews_in": None, "sign_in_ends_in": None}


def test_status_is_a_table(run: Run, keyrack: FakeSocket) -> None:
    down = {"happened": "WhiteBIT does not answer.", "means": "…", "todo": "Wait."}
    new = {"happened": "Nobody has signed in yet.", "means": "…", "todo": "Sign in to get one."}
    accounts = [
        ACCOUNT,
        {**ACCOUNT, "name": "거래 계정", "region": "eu", "state": "retrying", "retry_in": 8, "problem": down},
        {**ACCOUNT, **NONE, "name": "Trading", "state": "needs_login", "reason": "new", "problem": new},
        {
            **ACCOUNT,
            **NONE,
            "name": "New",
            "state": "needs_login",
            "reason": "new",
            "needs_you": True,
            "problem": {"happened": "WhiteBIT does not know this client id.", "means": "…", "todo": "Enter it again."},
        },
        {**ACCOUNT, **NONE, "name": "Archive", "provider": "bitport", "expires_in": 315360000, "scripts": "off"},
        {
            **ACCOUNT,
            **NONE,
            "name": "Savings",
            "provider": "gemini",
            "expires_in": 86399,
            "renews_in": 86400,
            "left_out": {"unread": 2, "beyond": 0, "happened": "2 rows could not be read, or not as a whole."},
        },
    ]
    keyrack.answer = reply({**STATUS, "accounts": accounts})
    code, out, err = run("status")
    assert (code, err) == (0, "")
    assert out.splitlines() == [
        "Keyrack runs in its window. Keyring: GNOME Keyring. 1 of 6 needs you.",
        "",
        "ACCOUNT    PROVIDER     STATE             ENDS IN      RENEWS IN  SIGN-IN ENDS  SCRIPTS",
        "Bot        whitebit     ready             4:32         3:32       9:32          allow",
        "거래 계정  whitebit eu  retrying in 0:08  4:32         3:32       9:32          allow",
        "  WhiteBIT does not answer. Wait.",
        "Trading    whitebit     sign in                                                 allow",
        "New        whitebit     sign in                                                 allow",
        "  WhiteBIT does not know this client id. Enter it again.",
        "Archive    bitport      ready             10 years                              off",
        "Savings    gemini       ready             23 h 59 min  1 day                    allow",
        "  2 rows could not be read, or not as a whole.",
    ]
    assert keyrack.lines == ["GET /v1/status"]


def test_a_narrow_terminal_gets_the_columns_that_matter_most() -> None:
    down = {"happened": "WhiteBIT does not answer, and has not for a while.", "means": "…", "todo": "Wait, or try it."}
    key = {**ACCOUNT, "name": "Trading key", "provider": "whitebit-fast-key", "expires_in": 86399, "problem": down}
    told = {**STATUS, "accounts": [{**ACCOUNT, "name": "Archive by code"}, key]}
    seen = {columns: table(told, columns).splitlines() for columns in (0, 80, 60)}
    assert max(map(len, seen[0])) > 80, "or this shows nothing"
    assert max(map(len, seen[80])) <= 80
    assert max(map(len, seen[60])) <= 60
    assert seen[80][2].split("  ")[0] == "ACCOUNT"
    assert "SIGN-IN ENDS" in seen[80][2]
    assert "RENEWS IN" not in seen[80][2]
    assert [line.split() for line in seen[60][2:4]] == [
        ["ACCOUNT", "STATE", "ENDS", "IN", "SCRIPTS"],
        ["Archive", "by", "code", "ready", "4:32", "allow"],
    ]
    below = [line for line in seen[60] if line.startswith("  ")]
    assert " ".join(line.strip() for line in below) == f"{down['happened']} {down['todo']}"


def test_the_accounts_are_listed_as_status_tells_them_with_who_is_always_allowed(run: Run, keyrack: FakeSocket) -> None:
    bot = {**ACCOUNT, "region": "eu", "state": "needs_login", "scripts": "ask", "programs": ["/usr/bin/python3 a.py"]}
    keyrack.answer = reply({**STATUS, "accounts": [bot, {**ACCOUNT, "name": "Spare"}]})
    assert run("accounts", "list")[1].splitlines() == [
        "ACCOUNT  PROVIDER     STATE    SCRIPTS",
        "Bot      whitebit eu  sign in  ask",
        "  always: /usr/bin/python3 a.py",
        "Spare    whitebit     ready    allow",
    ]
    keyrack.answer = reply({**STATUS, "accounts": []})
    assert run("accounts", "list") == (0, "", f"{as_called(NO_ACCOUNTS)}\n")


def test_an_answer_of_the_sandbox_names_the_commands_of_the_sandbox() -> None:
    where = tempfile.TemporaryDirectory(prefix="kr")
    with where as name, answering(Path(name, "keyrack-sandbox", SOCKET_NAME)) as sandbox:
        sandbox.answer = refusal("sign_in_needed", "Not signed in.", "", "Sign in first: `keyrack login Bot`.")
        done = start("token", "Bot", "--sandbox", env={"XDG_RUNTIME_DIR": name})
    assert (done.returncode, done.stdout) == (4, b"")
    assert done.stderr == f"Not signed in. Sign in first: `{CALLED} --sandbox login Bot`.\n".encode()


def test_help_is_a_word_too(run: Run, keyrack: FakeSocket) -> None:
    assert run("help", "token") == run("token", "--help")
    assert run("help") == run("--help")
    assert keyrack.asked == []


@pytest.mark.parametrize(
    ("changed", "first"),
    [
        ({"running": "agent", "sandbox": True}, "The sandbox runs as an agent. Keyring: GNOME Keyring."),
        (
            {"locked": True, "locked_by_hand": True},
            "Keyrack runs in its window. It is locked and gives no token of any account. Keyring: GNOME Keyring.",
        ),
        (
            {"locked": True, "running": "agent"},
            "Keyrack runs as an agent. It is locked and gives no token of accounts that ask. Keyring: GNOME Keyring.",
        ),
        ({"keyring": ""}, "Keyrack runs in its window. No keyring is open yet."),
        (
            {"keyring": "memory", "keyring_in_memory": True},
            "Keyrack runs in its window. It keeps secrets in memory and forgets them when it ends.",
        ),
    ],
)
def test_status_says_how_keyrack_itself_is(
    run: Run, keyrack: FakeSocket, changed: dict[str, object], first: str
) -> None:
    keyrack.answer = reply({**STATUS, **changed, "accounts": []})
    assert run("status") == (0, f"{first}\n\n{as_called(NO_ACCOUNTS)}\n", "")


def test_no_text_of_an_account_reaches_the_terminal_with_control_characters(run: Run, keyrack: FakeSocket) -> None:
    bad = "a\x1b]0;title\x07\r\n\u202eb"
    hostile = {**ACCOUNT, "name": bad, "provider": bad, "region": bad, "state": bad, "scripts": bad}
    hostile["problem"] = {"happened": bad, "means": bad, "todo": bad}
    keyrack.answer = reply({**STATUS, "keyring": bad, "accounts": [hostile]})
    for given in (["status"], ["status", "--json"]):
        code, out, _ = run(*given)
        assert code == 0
        assert out.replace("\n", "").isprintable()


def test_status_for_programs_is_the_answer_itself(run: Run, keyrack: FakeSocket) -> None:
    keyrack.answer = reply({**STATUS, "of a later version": ["ü"]})
    code, out, err = run("status", "--json")
    assert (code, err) == (0, "")
    assert json.loads(out) == {**STATUS, "of a later version": ["ü"]}


@pytest.mark.parametrize("given", [["status"], ["status", "--json"]])
def test_status_says_when_another_release_runs_than_the_one_that_is_installed(
    run: Run, keyrack: FakeSocket, given: list[str]
) -> None:
    """As after an update of a package while Keyrack runs."""
    keyrack.answer = reply({**STATUS, "release": "0.0.9\x1b"})
    code, _, err = run(*given)
    assert code == 0
    assert err == (
        f"Keyrack 0.0.9 runs, and this command is of {__version__}. After an update quit Keyrack and start it again.\n"
    )
    keyrack.answer = reply({name: value for name, value in STATUS.items() if name != "release"})
    assert run(*given)[2].startswith("An older release of Keyrack runs, ")


@pytest.mark.security("S90")
def test_a_passphrase_is_one_line_of_stdin(keyrack: FakeSocket) -> None:
    keyrack.answer = LOCKED
    done = start("unlock", stdin=None, input=b"correct horse \xc3\xbc\nnext line\n")
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"Keyrack is unlocked.\n")
    assert keyrack.lines == ["GET /v1/lock", "POST /v1/unlock"]
    assert keyrack.body == {"passphrase": "correct horse ü"}


def test_no_passphrase_is_asked_for_where_none_is_set(keyrack: FakeSocket) -> None:
    keyrack.answer = reply({"version": 1, "locked": True, "locked_by_hand": True, "passphrase": False})
    assert start("unlock").returncode == 0
    assert keyrack.body == {"passphrase": ""}


@pytest.mark.security("S90")
def test_no_passphrase_is_read_from_an_argument_or_the_environment(keyrack: FakeSocket) -> None:
    keyrack.answer = LOCKED
    named = dict.fromkeys(("PASSPHRASE", "KEYRACK_PASSPHRASE", "KEYRACK_PASSWORD"), "sample")
    for how in ({"stdin": subprocess.DEVNULL}, {"stdin": None, "preexec_fn": lambda: os.close(0)}):
        done = start("unlock", env=named, **how)
        assert done.returncode == 2
        assert done.stderr.startswith(b"Passphrase: ")
    assert start("unlock", "sample").returncode == 2
    assert start("unlock", "--passphrase=sample").returncode == 2
    assert set(keyrack.lines) == {"GET /v1/lock"}, "none was sent"


@pytest.mark.parametrize(
    ("given", "body", "said"),
    [
        ("\nnew sample\n", {"old": None, "new": "new sample"}, "The passphrase is set."),
        ("old sample\nnew sample\n", {"old": "old sample", "new": "new sample"}, "The passphrase is set."),
        ("old sample\n\n", {"old": "old sample", "new": None}, "There is no passphrase now."),
    ],
)
def test_a_passphrase_is_set_from_two_lines(keyrack: FakeSocket, given: str, body: object, said: str) -> None:
    done = start("lock", "--set-passphrase", stdin=None, input=given.encode())
    assert (done.returncode, done.stdout.decode(), done.stderr.decode()) == (0, "", f"{said}\n")
    assert keyrack.lines == ["PUT /v1/lock/passphrase"]
    assert keyrack.body == body


def test_one_line_alone_sets_nothing(keyrack: FakeSocket) -> None:
    """A pipe that ends too early must not take the passphrase away."""
    done = start("lock", "--set-passphrase", stdin=None, input=b"old sample\n")
    assert done.returncode == 2
    assert keyrack.asked == []


@pytest.mark.security("S90")
def test_at_a_terminal_a_passphrase_is_typed_unseen_and_twice(keyrack: FakeSocket) -> None:
    told, seen = at_a_terminal(["lock", "--set-passphrase"], ["old sample", "new sample", "new sample"])
    assert told == 0
    assert keyrack.body == {"old": "old sample", "new": "new sample"}
    assert "sample" not in seen
    assert seen.endswith("The passphrase is set.\r\n")
    told, seen = at_a_terminal(["lock", "--set-passphrase"], ["old sample", "new sample", "other sample"])
    assert told == 2
    assert len(keyrack.asked) == 1
    assert "sample" not in seen


def at_a_terminal(given: list[str], typed: list[str]) -> tuple[int, str]:
    """Run a verb at a new terminal, typing a line at each prompt. Returns its exit code and its output."""
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        command(*given), env=environment(), stdin=theirs, stdout=theirs, stderr=theirs, start_new_session=True
    )
    os.close(theirs)
    seen = ""
    for line in typed:
        while not seen.endswith(": "):
            more = read(ours)
            assert more, f"no prompt for {line}: {seen}"
            seen += more
        os.write(ours, f"{line}\n".encode())
        seen += read(ours)
    while more := read(ours):
        seen += more
    os.close(ours)
    return process.wait(), seen


def read(terminal: int) -> str:
    """The next output, "" once the program has ended."""
    try:
        return os.read(terminal, 1000).decode()
    except OSError:
        return ""


def test_an_interrupted_verb_ends_without_a_word(keyrack: FakeSocket) -> None:
    keyrack.answer = None
    process = subprocess.Popen(command("token", "Bot"), env=environment(), stderr=subprocess.PIPE)
    ends = time.monotonic() + 20
    while not keyrack.asked:
        assert time.monotonic() < ends
        time.sleep(0.005)
    process.send_signal(signal.SIGINT)
    assert process.communicate()[1] == b""
    assert process.returncode == 130


def test_lock_and_unlock_say_what_they_did(run: Run, keyrack: FakeSocket) -> None:
    keyrack.answer = LOCKED
    assert run("lock") == (0, "", f"Keyrack is locked. `{CALLED} unlock` unlocks it.\n")
    keyrack.answer = reply({"version": 1, "locked": True, "locked_by_hand": True, "passphrase": False})
    assert run("lock") == (0, "", "Keyrack is locked. Press Unlock in its window to unlock it.\n")
    keyrack.answer = reply({"version": 1, "locked": True, "passphrase": True, "outlives_restart": False})
    assert run("lock")[2] == (
        f"Keyrack is locked. `{CALLED} unlock` unlocks it. A restart would unlock it too, because the disk could not "
        "take a note of the lock: it is full or takes no changes. Free some space, then lock again.\n"
    )
    assert keyrack.lines == ["POST /v1/lock"] * 3


SHARED = {"keyrack", "keyrack.__main__", "keyrack.net", "keyrack.net.unix_peer", "keyrack.net.unix_request"}
SHARED |= {"keyrack.command_name", "keyrack.language", "keyrack.language.translation"}
FOR_A_HELP = {"keyrack.language.terminal_width"}
HEAVY = {
    "argparse",
    "gettext",
    "keyrack.language.languages",
    "keyrack.resources",
    "asyncio",
    "dataclasses",
    "inspect",
    "typing",
    "pathlib",
    "subprocess",
    "logging",
    "getpass",
}


@pytest.mark.parametrize("verb", ["token", "run", "status", "lock", "login", "accounts"])
def test_a_verb_imports_little_and_of_the_standard_library_alone(verb: str) -> None:
    """Its time is the time to import: what is added here is paid by every call of every script."""
    code = f"""
        import sys
        sys.argv = ["keyrack", {verb!r}, "--help"]
        from keyrack.__main__ import main
        main()
        print(*sys.modules, file=sys.stderr)
    """
    python = [sys.executable, "-S", "-c", "\n".join(line[8:] for line in code.splitlines())]
    done = subprocess.run(python, env=FROM_SOURCE, capture_output=True, text=True, check=True)
    imported = set(done.stderr.split())
    ours = {name for name in imported if name.split(".")[0] == "keyrack"}
    assert {name.split(".")[0] for name in imported - ours - {"__main__"}} <= sys.stdlib_module_names
    assert {name for name in ours if not name.startswith("keyrack.cli")} <= SHARED | FOR_A_HELP
    if verb == "token":
        assert imported & HEAVY == set()
        assert len(ours - FOR_A_HELP) <= 16
