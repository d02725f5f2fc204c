"""The examples for people who write programs, run as they stand on their pages, against one agent."""

import json
import re
import shlex
import shutil
import stat
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from keyrack.cli.exit_codes import (
    KEYRING,
    NO_ACCOUNT,
    NOT_RUNNING,
    PROVIDER,
    REFUSED,
    SIGN_IN_NEEDED,
    UNEXPECTED,
    USAGE,
)
from keyrack.sandbox.browser import Browser
from tests.agent.agent_process import AgentHome, AgentProcess
from tests.agent.systemd_unit import settings
from tests.checkout import ROOT
from tests.cli.verbs import SOCKET_VERBS, WITHOUT_SOCKET
from tests.etcd_cluster import EtcdCluster
from tests.independent.environments import python_of
from tests.recipes.environment import ACCOUNT, Environment
from tests.recipes.pages import README, blocks
from tests.recipes.reader import PAGE, EnoughError, Reader, as_documented
from tests.recipes.rejecting_proxy import proxy
from tests.sandbox_process import RunningSandbox

RECIPES = blocks(README)
SERVICE = "https://test.deribit.com"
EVENTS, STOP = "GET /v1/events", "POST /v1/agent/stop"
PASSPHRASE = "an invented passphrase"
SPARE = {"provider": "probit", "region": "global", "client_id": "invented-id", "client_secret": "invented-secret"}
BOT = """
import os, subprocess
print(os.environ["DERIBIT_TOKEN"])
print(subprocess.check_output(["printenv", "DERIBIT_TOKEN"], text=True), end="")
"""


@pytest.fixture(scope="module")
def environment() -> Iterator[Environment]:
    with RunningSandbox.start() as sandbox:
        made = Environment(sandbox)
        yield made
        made.close()


@pytest.fixture(scope="module")
def reader(environment: Environment) -> Iterator[Reader]:
    with pytest.MonkeyPatch.context() as patch:
        for name in ("PATH", "HOME", "XDG_RUNTIME_DIR"):
            patch.setenv(name, environment.place.env[name])
        yield Reader(environment)


def token(environment: Environment) -> str:
    """The token that the account has now."""
    return str(environment.agent.ask("GET", f"/v1/accounts/{ACCOUNT.replace(' ', '%20')}/token")["access_token"])


def code(environment: Environment) -> str:
    """A fresh code from the page where Bitport shows one."""
    page = environment.sandbox.announced["providers"]["bitport"]["user_code_page"]
    return Browser().answer(page, "approve", None).form.code


def deribit(environment: Environment) -> str:
    return environment.sandbox.base("deribit")


def recipe(heading: str, language: str, number: int = 0) -> str:
    return RECIPES[heading][language][number]


def in_python(environment: Environment, python: Path | str, text: str) -> str:
    """What a script of the person's prints."""
    script = environment.place.home / "script.py"
    script.write_text(text)
    return environment.run(f"exec {shlex.quote(str(python))} {shlex.quote(str(script))}")


def test_the_page_names_every_verb_and_no_other() -> None:
    text = README.read_text("utf-8")
    table = "".join(re.findall(r"(?m)^\| `keyrack .+$", text))
    verbs = {*SOCKET_VERBS, *WITHOUT_SOCKET}
    assert verbs <= set(re.findall(r"`(?:keyrack )?([a-z]+)", table))
    assert set(re.findall(r"`keyrack ([a-z]+)", text)) <= verbs


def test_the_page_tells_how_a_verb_ends() -> None:
    (sentence,) = re.findall(r"(?s)A verb ends with 0, or (.+?)\n\n", README.read_text("utf-8"))
    words = ("unexpected", "wrong", "no such account", "sign-in", "keyring", "provider", "Keyrack is not", "refused")
    codes = (UNEXPECTED, USAGE, NO_ACCOUNT, SIGN_IN_NEEDED, KEYRING, PROVIDER, NOT_RUNNING, REFUSED)
    assert re.findall(r"\d", sentence) == [str(code) for code in codes]
    assert all(f"{code} {word}" in sentence.replace("\n", " ") for code, word in zip(codes, words, strict=True))


def test_curl_takes_the_header_from_stdin(environment: Environment) -> None:
    answer = json.loads(environment.run(recipe("curl", "sh").replace(SERVICE, deribit(environment))))
    assert answer["result"]["summaries"]


def test_curl_asks_the_socket(environment: Environment) -> None:
    assert json.loads(environment.run(recipe("curl", "sh", 1)))["access_token"] == token(environment)


def test_httpx_asks_before_a_request_and_renews_once_after_a_401(environment: Environment) -> None:
    first = token(environment)
    with proxy(deribit(environment)) as provider:
        printed = in_python(environment, sys.executable, recipe("httpx", "python").replace(SERVICE, provider.base))
    assert "'summaries'" in printed
    assert provider.seen == [f"Bearer {first}", f"Bearer {token(environment)}"]
    assert first != token(environment)


def test_ccxt_is_given_the_token_in_place_of_its_signature(environment: Environment) -> None:
    """The sandbox has no list of markets, so ccxt is told that it has read it."""
    ours = f'deribit.urls["api"] = {{"rest": "{deribit(environment)}"}}\nderibit.markets = {{}}'
    text = recipe("ccxt", "python")
    assert text.count("deribit.set_sandbox_mode(True)") == 1
    printed = in_python(environment, python_of("ccxt-4.5.90.txt"), text.replace("deribit.set_sandbox_mode(True)", ours))
    assert "'BTC': " in printed
    assert "ccxt 4.5.90" in README.read_text("utf-8")


@pytest.fixture
def unit(environment: Environment) -> Path:
    """The person's own unit, with the program that it starts."""
    (environment.place.home / "bot.py").write_text(BOT)
    file = environment.place.home / "bot.service"
    file.write_text(recipe("A systemd service", "ini"))
    return file


def test_the_units_command_runs_with_the_token_in_its_environment(environment: Environment, unit: Path) -> None:
    """A program that the command starts finds it there too, as the page says."""
    (line,) = re.findall(r"(?m)^ExecStart=(.+)$", unit.read_text())
    home = str(environment.place.home)
    env = {"HOME": home, "XDG_RUNTIME_DIR": str(environment.place.runtime), "PATH": "/usr/bin:/bin"}
    command = [word.replace("%h", home) for word in shlex.split(line)]
    printed = subprocess.run(command, env=env, capture_output=True, text=True, check=True).stdout
    assert printed.split() == [token(environment)] * 2


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="no systemd-analyze")
def test_systemd_understands_the_units(environment: Environment, unit: Path) -> None:
    """The agent's own beside it, which it names."""
    shutil.copy(ROOT / "packaging" / "keyrack-agent.service", environment.place.home)
    command = ["systemd-analyze", "verify", "--user", str(unit)]
    done = subprocess.run(command, env=environment.place.env, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def test_crons_line_runs_in_the_little_environment_that_cron_gives(environment: Environment) -> None:
    (environment.place.home / "report.py").write_text(BOT)
    *times, command = recipe("cron", "crontab").strip().split(maxsplit=5)
    assert len(times) == 5
    assert "%" not in command
    little = {
        "HOME": str(environment.place.home),
        "PATH": "/usr/bin:/bin",
        "XDG_RUNTIME_DIR": str(environment.place.runtime),
    }
    printed = subprocess.run(["/bin/sh", "-c", command], env=little, capture_output=True, text=True, check=True).stdout
    assert printed.split() == [token(environment)] * 2


def test_the_servers_recipe_leaves_a_password_for_the_unit_and_an_account(environment: Environment) -> None:
    """What belongs to systemd and apt is not here: those commands are noted instead of run."""
    stubs = environment.place.home / "stubs"
    stubs.mkdir()
    for name in ("sudo", "python3", "loginctl", "systemctl"):
        (stubs / name).write_text(f'#!/bin/sh\necho {name} "$@"\n')
        (stubs / name).chmod(0o755)
    client = environment.sandbox.client("deribit", "test")
    text = recipe("On a server", "sh").replace("CLIENT_ID", client["client_id"])
    path = f"{stubs}:{environment.place.env['PATH']}"
    printed = environment.run(text, given=f"{client['client_secret']}\n", PATH=path)
    assert printed.splitlines() == [
        "sudo apt install gnome-keyring dbus-daemon",
        "python3 desktop --install",
        "loginctl enable-linger",
        "systemctl --user daemon-reload",
        "systemctl --user enable --now keyrack-agent",
    ]
    (credential,) = settings()["LoadCredential"]
    password = Path(credential.partition(":")[2].replace("%E", str(environment.place.home / ".config")))
    assert stat.S_IMODE(password.stat().st_mode) == 0o600
    assert re.fullmatch(r"[A-Za-z0-9+/]{32}\n", password.read_text())
    assert environment.agent.ask("GET", "/v1/accounts/My%20desk/token")["access_token"]


def remove(environment: Environment) -> None:
    environment.agent.ask("DELETE", "/v1/accounts/Spare%20desk")


def add(environment: Environment) -> None:
    environment.agent.ask("POST", "/v1/accounts", name="Spare desk", **SPARE)


def begin(environment: Environment) -> None:
    told = environment.agent.ask("POST", "/v1/accounts/Kraken/login", open_browser=False)
    assert told["step"] == "browser", told


def sign_out(environment: Environment) -> None:
    environment.agent.ask("POST", "/v1/accounts/Archive%20by%20code/logout")


def without_passphrase(environment: Environment) -> None:
    environment.agent.ask("PUT", "/v1/lock/passphrase", old=PASSPHRASE, new=None)


def with_passphrase(environment: Environment) -> None:
    if not environment.agent.ask("GET", "/v1/lock")["passphrase"]:
        environment.agent.ask("PUT", "/v1/lock/passphrase", old=None, new=PASSPHRASE)


def with_exported_settings(environment: Environment) -> None:
    if not (environment.place.home / "house.keyrack").exists():
        file = str(environment.place.home / "house.keyrack")
        told = environment.agent.ask("POST", "/v1/export", file=file, accounts=[ACCOUNT], settings_only=True)
        assert told["accounts"] == [ACCOUNT], told


def locked(environment: Environment) -> None:
    with_passphrase(environment)
    assert environment.agent.ask("POST", "/v1/lock")["locked"]


class SecondHost:
    """An etcd, and another agent that is or is not in a group there."""

    def __init__(self, environment: Environment, etcd: EtcdCluster) -> None:
        self.environment, self.etcd = environment, etcd
        self.place = AgentHome()
        announced = environment.sandbox.announce(self.place.home / "sandbox.json")
        self.agent = AgentProcess.start(self.place, "--sandbox", "--join", str(announced)).ready()

    def forget_groups(self) -> None:
        """Have neither host in a group, and no group in the etcd."""
        for agent in (self.environment.agent, self.agent):
            agent.ask("POST", "/v1/share/leave", keep=True)
        everything: dict[str, object] = {"key": "AA==", "range_end": "AA=="}
        self.etcd.ask(self.etcd.members[0], "/v3/kv/deleterange", everything)

    def make(self, agent: AgentProcess, host: str) -> None:
        """Have one of them in a group that runs."""
        self.forget_groups()
        made = {"members": list(self.etcd.addresses), "group": "desk", "host": host}
        told = agent.ask("POST", "/v1/share/group", **made)
        assert told.get("host") == host, told

    def close(self) -> None:
        """End the agent."""
        self.agent.close()
        self.place.remove()


@pytest.fixture(scope="module")
def second(environment: Environment, tmp_path_factory: pytest.TempPathFactory) -> Iterator[SecondHost]:
    with EtcdCluster(tmp_path_factory.mktemp("etcd")) as etcd:
        made = SecondHost(environment, etcd)
        yield made
        made.close()


def prepare(second: SecondHost, heading: str) -> str:
    """What the example of several hosts needs to find. Returns the code of an invitation, or ""."""
    agent = second.environment.agent
    Environment.sign_in(second.environment)
    without_passphrase(second.environment)
    if "joining" in heading:
        second.make(second.agent, "desk-2")
        invitation = str(second.agent.ask("POST", "/v1/share/invitation")["code"])
        if heading.startswith("POST"):
            return invitation
        door = {"members": list(second.etcd.addresses), "group": "desk", "host": "desk-1", "code": invitation}
        assert agent.ask("POST", "/v1/share/joining", **door).get("inviting") == "desk-2"
    elif heading == "POST /v1/share/group":
        second.forget_groups()
    else:
        second.make(agent, "desk-1")
    if "invitation" in heading and heading != "POST /v1/share/invitation":
        agent.ask("POST", "/v1/share/invitation")
    if heading in ("DELETE /v1/accounts/NAME/share", "POST /v1/accounts/NAME/share/take"):
        assert agent.ask("POST", f"/v1/accounts/{ACCOUNT.replace(' ', '%20')}/share").get("account") == ACCOUNT
    return ""


# What an example needs to find.
BEFORE: dict[str, Callable[[Environment], None]] = {
    "GET /v1/accounts/NAME/login": begin,
    "POST /v1/accounts/NAME/login/answer": sign_out,
    "DELETE /v1/accounts/NAME/login": begin,
    "POST /v1/accounts/NAME/logout": Environment.sign_in,
    "POST /v1/accounts": remove,
    "PATCH /v1/accounts/NAME": add,
    "DELETE /v1/accounts/NAME": add,
    "POST /v1/export": without_passphrase,
    "POST /v1/import": with_exported_settings,
    "PUT /v1/lock/passphrase": without_passphrase,
    "POST /v1/lock": with_passphrase,
    "GET /v1/lock": locked,
    "POST /v1/unlock": locked,
}


@pytest.mark.security("S88")
@pytest.mark.parametrize("language", ["sh", "python"])
@pytest.mark.parametrize(
    "heading", [each for each in PAGE if " /v1/" in each and each not in (EVENTS, STOP) and "/share" not in each]
)
def test_an_example_is_answered_as_the_page_says(reader: Reader, heading: str, language: str) -> None:
    """Every field and every sentence, and no field more."""
    (text,), (answer,) = PAGE[heading][language], PAGE[heading]["json"]
    if heading in BEFORE:
        BEFORE[heading](reader.environment)
    if "INVENTED" in text:
        text = text.replace("INVENTED", code(reader.environment))
    text = text.replace("wait=20", "wait=0")
    found = reader.shell(text) if language == "sh" else reader.python(text)
    assert as_documented(json.loads(answer), found), json.dumps(found, ensure_ascii=False)


@pytest.mark.parametrize("language", ["sh", "python"])
@pytest.mark.parametrize("heading", [heading for heading in PAGE if "/share" in heading])
def test_an_example_of_several_hosts_is_answered_as_the_page_says(
    reader: Reader, second: SecondHost, heading: str, language: str
) -> None:
    (text,), (answer,) = PAGE[heading][language], PAGE[heading]["json"]
    invitation = prepare(second, heading)
    text = text.replace("INVITATION", invitation).replace("wait=20", "wait=0")
    text, answer = (each.replace("http://127.0.0.1:2379", second.etcd.addresses[0]) for each in (text, answer))
    found = reader.shell(text) if language == "sh" else reader.python(text)
    assert as_documented(json.loads(answer), found), json.dumps(found, ensure_ascii=False)


def test_the_stream_of_changes_begins_as_the_page_says(reader: Reader) -> None:
    Environment.sign_in(reader.environment)
    (shell,), (python,), (answer,) = (PAGE[EVENTS][language] for language in ("sh", "python", "json"))
    assert list(reader.first_line(shell)) == list(json.loads(answer))
    with pytest.raises(EnoughError):
        reader.python(python)
    assert reader.printed[-1] == ("account", "Main desk", "needs_login")


def test_the_last_example_ends_the_agent(reader: Reader) -> None:
    """One agent can be ended once, which curl does. Python's example sends the same request."""
    (shell,), (python,), (answer,) = (PAGE[STOP][language] for language in ("sh", "python", "json"))
    assert re.findall(r'ask\("(\w+)", "(.+?)"\)', python) == [tuple(STOP.split())]
    assert as_documented(json.loads(answer), reader.shell(shell))
    assert reader.environment.agent.process.wait(10) == 0
