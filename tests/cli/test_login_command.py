"""`keyrack login`, `logout` and `accounts` as a person runs them: real processes against one running agent."""

import os
import pty
import re
import select
import signal
import subprocess
import sys
import time
from collections.abc import Iterator

import pytest

from keyrack.command_name import command_name
from tests.agent.agent_process import AgentHome, AgentProcess
from tests.broker.remote_browser import address_bar
from tests.checkout import DESKTOP
from tests.sandbox_process import RunningSandbox
from tests.until import wait_for

BROWSER = """#!/bin/sh
read -r how < "{folder}/how"
case "$how" in
  nothing) exit 0 ;;
  missing) exit 1 ;;
  refuse) PYTHONPATH="{desktop}" "{python}" -m keyrack.sandbox.browser --refuse "$1" & ;;
  *) PYTHONPATH="{desktop}" "{python}" -m keyrack.sandbox.browser "$1" & ;;
esac
"""
SECONDS = 20.0
CALLED = command_name(os.getcwd())
SECRET = "sandbox-secret-made-up"


class Computer:
    """A computer with an agent and a browser. `browser` says what the person does in it."""

    def __init__(self, place: AgentHome, sandbox: RunningSandbox) -> None:
        self.place = place
        self.sandbox = sandbox
        script = place.home / "browser"
        script.write_text(BROWSER.format(folder=place.home, desktop=DESKTOP, python=sys.executable))
        script.chmod(0o700)
        self.browser("approve")
        announcement = sandbox.announce(place.home / "sandbox.json")
        nothing = place.home / "nothing"
        nothing.mkdir()
        command = [sys.executable, "-m", "keyrack", "agent", "--sandbox", "--join", str(announcement)]
        self.agent = AgentProcess(place, command, env={"BROWSER": str(script), "PATH": str(nothing)})

    def browser(self, does: str) -> None:
        """From now on the person does this: approve, refuse, nothing. Or the browser is missing."""
        (self.place.home / "how").write_text(f"{does}\n")

    def start(self, *words: str) -> "subprocess.Popen[str]":
        """Begin a verb."""
        pipe = subprocess.PIPE
        return subprocess.Popen(
            self.command(*words), env=self.place.env, stdin=pipe, stdout=pipe, stderr=pipe, text=True
        )

    def run(self, *words: str, given: str = "") -> tuple[int, str, str]:
        """Run a verb with this on stdin: exit code, stdout, stderr."""
        done = subprocess.run(
            self.command(*words),
            env=self.place.env, input=given, capture_output=True, text=True, timeout=SECONDS, check=False,
        )  # fmt: skip
        return done.returncode, done.stdout, done.stderr

    @staticmethod
    def command(*words: str) -> list[str]:
        """The command of a verb."""
        return [sys.executable, "-m", "keyrack", "--sandbox", *words]

    def state(self, name: str) -> str:
        """The state of an account."""
        return str(self.agent.account(name)["state"])

    def step(self, name: str) -> str:
        """The step of a sign-in under way."""
        return str(self.agent.ask("GET", f"/v1/accounts/{name.replace(' ', '%20')}/login").get("step", ""))


class Terminal:
    """A verb at a terminal."""

    def __init__(self, computer: Computer, *words: str) -> None:
        self.text = ""
        self._pid, self._master = pty.fork()
        if self._pid == 0:
            os.execve(sys.executable, computer.command(*words), computer.place.env)

    def until(self, pattern: str) -> str:
        """Wait for some text. Returns the first group of the pattern, or all of it."""
        ends = time.monotonic() + SECONDS
        while (found := re.search(pattern, self.text)) is None:
            assert time.monotonic() < ends, self.text
            assert self._read(), self.text
        self.text = self.text[found.end() :]
        return found.group(found.lastindex or 0)

    def type(self, text: str) -> None:
        """Type a line."""
        os.write(self._master, f"{text}\n".encode())

    def press(self, key: bytes) -> None:
        """Press a key."""
        os.write(self._master, key)

    def end(self) -> int:
        """Read to the end. Returns the exit code."""
        ends = time.monotonic() + SECONDS
        while self._read():
            if time.monotonic() > ends:
                os.kill(self._pid, signal.SIGKILL)
        os.close(self._master)
        return os.waitstatus_to_exitcode(os.waitpid(self._pid, 0)[1])

    def _read(self) -> bool:
        if not select.select([self._master], [], [], 0.1)[0]:
            return True
        try:
            found = os.read(self._master, 65_536)
        except OSError:  # the other end is closed
            return False
        self.text += found.decode().replace("\r", "")
        return bool(found)


@pytest.fixture(scope="module")
def running() -> Iterator[Computer]:
    with RunningSandbox.start() as sandbox:
        place = AgentHome()
        computer = Computer(place, sandbox)
        try:
            computer.agent.ready()
            yield computer
        finally:
            computer.agent.close()
            place.remove()


@pytest.fixture
def computer(running: Computer) -> Computer:
    running.sandbox.clear_faults()
    running.browser("approve")
    return running


def test_login_waits_until_the_browser_is_done(computer: Computer) -> None:
    code, out, err = computer.run("login", "Trading")
    assert (code, out) == (0, "")
    assert err.splitlines()[-1] == "“Trading” is signed in."
    assert computer.state("Trading") == "ready"


def test_login_needs_nobody_where_a_key_is_enough(computer: Computer) -> None:
    assert computer.run("login", "Main desk") == (0, "", "“Main desk” is signed in.\n")


def test_a_refusal_at_the_provider_is_exit_code_4(computer: Computer) -> None:
    computer.browser("refuse")
    code, out, err = computer.run("login", "Trading EU")
    assert (code, out) == (4, "")
    assert err.splitlines()[-1].startswith("Access was refused at the provider. ")


def test_a_provider_that_is_away_is_exit_code_6(computer: Computer) -> None:
    computer.sandbox.fault("probit", "token", "status:503")
    code, _, err = computer.run("login", "Seoul desk")
    assert code == 6
    assert err.count("\n") == 1


@pytest.mark.security("S33")
@pytest.mark.parametrize(("said", "code", "state"), [("n\n", 4, "needs_login"), ("what\ny\n", 0, "ready")])
def test_the_question_is_asked_on_the_terminal(computer: Computer, said: str, code: int, state: str) -> None:
    found, out, err = computer.run("login", "Archive", given=said)
    assert "Bitport signed in s…r@example.org. Is this the account you meant? [y/N]" in err
    assert (found, out, computer.state("Archive")) == (code, "", state)
    assert ("Answer y or n." in err) is said.startswith("what")


def test_a_question_that_was_answered_elsewhere_is_over_here_too(computer: Computer) -> None:
    terminal = Terminal(computer, "login", "Archive")
    terminal.until(r"\[y/N\]")
    computer.agent.ask("POST", "/v1/accounts/Archive/login/answer", confirm=True)
    assert terminal.end() == 0
    assert "is signed in" in terminal.text


@pytest.mark.security("S33")
def test_a_refusal_that_nothing_proves_is_asked_about(computer: Computer) -> None:
    assert computer.run("logout", "Archive")[0] == 0
    computer.browser("refuse")
    terminal = Terminal(computer, "login", "Archive")
    terminal.until(r"reported a refusal, which may not be yours. End this sign-in\? \[y/N\]")
    terminal.type("y")
    assert terminal.end() == 4
    assert "Access was refused at the provider." in terminal.text


@pytest.mark.security("S26")
@pytest.mark.parametrize("given", [["--print"], []], ids=["print", "no browser"])
def test_the_printed_address_and_the_pasted_one(computer: Computer, given: list[str]) -> None:
    computer.browser("nothing" if given else "missing")
    terminal = Terminal(computer, "login", "Trading EU", *given)
    address = terminal.until(r"(http://\S+)\n")
    redirect = terminal.until(r"begins with (\S+)\n")
    terminal.until("Paste that whole address here:")
    landed = address_bar(address, redirect)
    terminal.type("http://example.org/?code=other&state=other")
    assert "This is not the address that Keyrack waits for." in terminal.until(r"\n(This is .*)\n")
    terminal.until("Paste it here:")
    terminal.type(landed)
    assert terminal.end() == 0
    assert "“Trading EU” is signed in." in terminal.text


@pytest.mark.security("S26")
def test_an_address_that_the_terminal_broke_into_two_lines_is_taken(computer: Computer) -> None:
    computer.browser("nothing")
    terminal = Terminal(computer, "login", "Trading EU", "--print")
    address = terminal.until(r"(http://\S+)\n")
    redirect = terminal.until(r"begins with (\S+)\n")
    terminal.until("Paste that whole address here:")
    landed = address_bar(address, redirect)
    terminal.type(landed[:-20])
    terminal.until("Paste it here:")
    terminal.type(landed[-20:])
    assert terminal.end() == 0
    assert "“Trading EU” is signed in." in terminal.text


@pytest.mark.security("S26")
def test_the_address_may_come_from_a_pipe(computer: Computer) -> None:
    process = computer.start("login", "Kraken", "--print")
    assert process.stdin is not None
    assert process.stdout is not None
    assert process.stderr is not None
    address = process.stdout.readline().strip()
    redirect = re.search(r"begins with (\S+)\n", process.stderr.readline() + process.stderr.readline())
    assert redirect is not None
    process.stdin.write(address_bar(address, redirect.group(1)) + "\n")
    process.stdin.flush()
    out, err = process.communicate(timeout=SECONDS)
    assert (process.returncode, out) == (0, "")
    assert "“Kraken” is signed in as l…t@example.org.\n" in err


def test_a_pipe_that_ends_after_a_wrong_address_ends_the_sign_in(computer: Computer) -> None:
    code, out, err = computer.run("login", "Uphold cards", "--print", given="nonsense\n")
    assert (code, out.count("\n")) == (4, 1)
    assert "This is not the address that Keyrack waits for." in err
    assert computer.step("Uphold cards") == ""


@pytest.mark.security("S25")
def test_ctrl_c_cancels_the_sign_in(computer: Computer) -> None:
    computer.browser("nothing")
    terminal = Terminal(computer, "login", "Alpaca paper")
    terminal.until("Sign in to Alpaca in the browser")
    terminal.press(b"\x03")
    assert terminal.end() == 130
    assert "The sign-in was cancelled." in terminal.text
    assert computer.state("Alpaca paper") == "needs_login"


@pytest.mark.security("S25")
def test_a_caller_that_dies_leaves_the_sign_in_to_the_next_one(computer: Computer) -> None:
    computer.browser("nothing")
    process = computer.start("login", "Alpaca paper")
    wait_for(lambda: computer.step("Alpaca paper") == "browser", "the sign-in")
    process.send_signal(signal.SIGKILL)
    process.communicate()
    second = computer.start("login", "Alpaca paper", "--print")
    assert second.stdout is not None
    address = second.stdout.readline().strip()
    computer.sandbox.browse(address).wait()
    _, err = second.communicate(timeout=SECONDS)
    assert (second.returncode, err.splitlines()[-1]) == (0, "“Alpaca paper” is signed in.")


def test_a_device_code_is_printed_with_its_page(computer: Computer) -> None:
    process = computer.start("login", "Own provider")
    assert process.stdout is not None
    assert process.stderr is not None
    address = process.stdout.readline().strip()
    assert re.search(r"approve the code [A-Z]{4}-[A-Z]{4} there", process.stderr.readline())
    computer.sandbox.browse(address).wait()
    computer.sandbox.fault("example", "token", "status:503")  # the next poll is some seconds away
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=SECONDS)
    assert (process.returncode, err.splitlines()[-1].split(".")[0]) == (130, "The sign-in was cancelled")


@pytest.mark.security("S55", "S90")
def test_the_user_code_is_typed_without_an_echo(computer: Computer) -> None:
    terminal = Terminal(computer, "login", "Archive by code")
    assert terminal.until(r"Get a code at (\S+)\n").endswith("/get-access")
    terminal.until("Code from Bitport: ")
    code = computer.sandbox.user_code()
    terminal.type(code)
    assert terminal.end() == 0
    assert "“Archive by code” is signed in as s…r@example.org." in terminal.text
    assert code not in terminal.text


@pytest.mark.security("S55", "S90")
def test_a_refresh_token_is_typed_without_an_echo(computer: Computer) -> None:
    code, _, err = computer.run(
        *("accounts", "add", "By token", "--provider=example", "--flow=refresh_token", "--client-id=sandbox-example")
    )
    assert code == 0, err
    terminal = Terminal(computer, "login", "By token")
    terminal.until("Refresh token from Example exchange: ")
    token = computer.sandbox.refresh_token("family")
    terminal.type(token)
    assert terminal.end() == 0
    assert "“By token” is signed in as f…y@example.net." in terminal.text
    assert token not in terminal.text
    assert computer.run("refresh", "By token")[0] == 0
    assert computer.run("accounts", "remove", "By token", "--yes")[0] == 0


def test_a_wrong_refresh_token_from_a_pipe_is_exit_code_4(computer: Computer) -> None:
    added = ("accounts", "add", "Wrong token", "--provider=example", "--flow=refresh_token")
    assert computer.run(*added, "--client-id=sandbox-example")[0] == 0
    code, _, err = computer.run("login", "Wrong token", given="invented-wrong\n")
    assert code == 4
    assert "invented-wrong" not in err
    assert computer.run("accounts", "remove", "Wrong token", "--yes")[0] == 0


def test_a_wrong_user_code_from_a_pipe_is_exit_code_4(computer: Computer) -> None:
    code, _, err = computer.run("login", "Archive by code", given="wrong-code\n")
    assert code == 4
    assert err.splitlines()[-1].startswith("Bitport did not accept the code.")


def test_the_public_key_is_asked_for_until_it_fits(computer: Computer) -> None:
    computer.sandbox.fault("whitebit-fast-key", "create", "deliver:paste", 2)
    terminal = Terminal(computer, "login", "Trading key")
    terminal.until("Paste the public key of the new key, from WhiteBIT API key’s page, here:")
    terminal.type("no key")
    terminal.until("Paste it here:")
    terminal.type("0123456789abcdef0123456789abcdef")
    terminal.until("does not know this key")
    (key,) = computer.sandbox.ask("GET", "/keys")
    terminal.type(key["apiKey"])
    assert terminal.end() == 0
    assert "“Trading key” is signed in." in terminal.text


def test_a_service_that_has_ended_is_exit_code_6_for_every_verb(computer: Computer) -> None:
    for endpoint in ("token", "refresh"):
        computer.sandbox.fault("whitebit", endpoint, "ended:410")
    code, _, err = computer.run("login", "Trading")
    assert code == 6
    assert "WhiteBIT has ended this service." in err
    assert "Add the account as WhiteBIT API key." in err
    assert computer.state("Trading") == "closed"
    for verb in ("token", "header", "refresh"):
        code, out, err = computer.run(verb, "Trading")
        assert (code, out) == (6, ""), (verb, err)
        assert "WhiteBIT has ended this service." in err


def test_logout_says_what_happened(computer: Computer) -> None:
    assert computer.run("login", "Main desk")[0] == 0
    assert computer.run("logout", "Main desk") == (0, "", "“Main desk” is signed out.\n")
    assert computer.state("Main desk") == "needs_login"


@pytest.mark.parametrize("words", [["login"], ["login", "a", "b"], ["login", "Trading", "--secret=x"], ["logout"]])
def test_a_wrong_command_line_is_exit_code_2(computer: Computer, words: list[str]) -> None:
    code, out, err = computer.run(*words)
    assert (code, out) == (2, "")
    assert "Usage: keyrack " in err


def test_an_account_that_is_not_there_is_exit_code_3(computer: Computer) -> None:
    for verb in (["login"], ["logout"], ["accounts", "set", "--name", "X"], ["accounts", "remove"]):
        assert computer.run(*verb, "Nobody")[0] == 3


def listed(computer: Computer, name: str) -> str:
    """The account's line of `accounts list`, "" without one."""
    code, out, err = computer.run("accounts", "list")
    assert (code, err) == (0, "")
    return next((line for line in out.splitlines() if line.startswith(name)), "")


@pytest.mark.security("S90")
def test_an_account_is_added_used_changed_and_removed(computer: Computer) -> None:
    computer.sandbox.register_client("deribit", "sandbox-added", SECRET, None)
    words = ("accounts", "add", "Added", "--provider", "deribit", "--region=test", "--client-id", "sandbox-added")
    code, out, err = computer.run(*words, given=f"{SECRET}\n")
    assert (code, out) == (0, ""), "there is no address to register"
    assert err == f"“Added” was added. Sign in with `{CALLED} --sandbox login Added`.\n"
    assert computer.run("accounts", "set", "Added", "--secret", given="mistyped\n")[0] == 0
    code, out, err = computer.run("login", "Added")
    assert (code, out) == (4, "")
    assert f"in the window or with `{CALLED} --sandbox accounts set Added --secret`, and sign in." in err
    again = ("accounts", "set", "Added", "--secret", "--client-id=sandbox-added")
    assert computer.run(*again, given=f"{SECRET}\n")[0] == 0
    assert computer.run("login", "Added")[0] == 0
    assert listed(computer, "Added").split() == ["Added", "deribit", "test", "ready", "allow"]
    assert computer.run("accounts", "set", "added", "--scripts", "off", "--name", "Renamed") == (
        *(0, ""),
        "“Renamed” was changed. No program gets its token.\n",
    )
    assert listed(computer, "Renamed").split() == ["Renamed", "deribit", "test", "ready", "off"]
    code, out, err = computer.run("accounts", "remove", "Renamed", "--yes")
    assert (code, out) == (0, "")
    assert err.startswith("“Renamed” was removed. ")
    assert "Deribit" in err
    assert listed(computer, "Renamed") == ""


@pytest.mark.security("S90")
def test_the_secret_is_typed_without_an_echo(computer: Computer) -> None:
    terminal = Terminal(
        computer, "accounts", "add", "Typed", "--provider=bitport", "--flow=authorization_code", "--client-id=x"
    )
    terminal.until("Client secret from Bitport: ")
    terminal.type(SECRET)
    assert terminal.end() == 0
    assert SECRET not in terminal.text
    assert "http://127.0.0.1:17463/cb/bitport\nRegister exactly this redirect address at Bitport." in terminal.text
    terminal = Terminal(computer, "accounts", "remove", "Typed")
    terminal.until(r"Remove “Typed” and its secrets from this computer\? That cannot be undone. \[y/N\]")
    terminal.type("")
    assert terminal.end() == 2
    assert listed(computer, "Typed")
    terminal = Terminal(computer, "accounts", "remove", "Typed")
    terminal.until(r"\[y/N\]")
    terminal.type("y")
    assert terminal.end() == 0
    assert listed(computer, "Typed") == ""


@pytest.mark.security("S90")
def test_no_option_and_no_variable_takes_a_secret(computer: Computer) -> None:
    words = ("accounts", "add", "X", "--provider=bitport", "--flow=user_code", "--client-id=x")
    for option in (f"--client-secret={SECRET}", f"--secret={SECRET}"):
        code, _, err = computer.run(*words, option)
        assert code == 2
        assert SECRET not in err
    computer.place.env["KEYRACK_CLIENT_SECRET"] = SECRET
    assert computer.run(*words)[0] == 2, "nothing came from stdin, and nothing else is looked at"
    assert listed(computer, "X") == ""


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["add", "X", "--client-id", "x"], "Keyrack knows these: "),
        (["add", "X", "--client-id", "x", "--provider", "krakn"], "There is no provider “krakn”."),
        (["add", "X", "--client-id", "x", "--provider", "whitebit"], "Name one of these: global, eu."),
        (["add", "X", "--client-id", "x", "--provider", "kraken", "--flow", "x"], "authorization_code"),
        (["add", "Trading", "--client-id", "x", "--provider", "kraken"], "Another account has this name."),
        (["add", "X", "--client-id", "x", "--provider", "whitebit-fast-key"], "say so with --yes"),
        (["set", "Trading"], "There is nothing to change."),
        (["set", "Trading", "--scripts", "perhaps"], "off, ask, allow"),
        (["set", "Trading", "--forget", "/usr/bin/python3"], "is not allowed for always"),
        (["remove", "Trading"], "say so with --yes"),
        (["rename", "Trading"], "There is no “accounts rename”."),
        ([], "What to do is missing."),
    ],
)
def test_a_wrong_accounts_line_says_what_is_right(computer: Computer, words: list[str], said: str) -> None:
    code, out, err = computer.run("accounts", *words)
    assert (code, out) == (2, "")
    assert said in err


def test_each_of_them_explains_itself(computer: Computer) -> None:
    for words in (["login"], ["logout"], ["accounts"], ["accounts", "add"], ["accounts", "set"]):
        code, out, err = computer.run(*words, "--help")
        assert (code, err) == (0, "")
        assert out.startswith(f"Usage: keyrack {' '.join(words)}")
