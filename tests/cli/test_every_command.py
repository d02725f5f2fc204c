"""Every verb from a second terminal, as a new user tries them, against the window and against the agent."""

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from keyrack.command_name import command_name
from tests.checkout import FROM_SOURCE
from tests.keyring_session import KeyringSession, missing_programs
from tests.sandbox_process import RunningSandbox

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="there is no local socket on Windows yet")

SECONDS = 20.0
CALLED = command_name(os.getcwd())
LAST = "Own provider"  # of the accounts that the sandbox makes
KEYRACK = [sys.executable, "-m", "keyrack"]


class Terminal:
    """A shell's way to the sandbox that runs in `home`."""

    def __init__(self, home: Path) -> None:
        own = ("run", ".config", ".local/share", ".local/state", ".cache")
        variables = ("XDG_RUNTIME_DIR", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME")
        self.env = {**os.environ, "HOME": str(home), **FROM_SOURCE}
        self.env |= {variable: str(home / folder) for variable, folder in zip(variables, own, strict=True)}
        (home / "run").mkdir(mode=0o700, exist_ok=True)

    def type(self, *words: str, stdin: str = "") -> tuple[int, str, str]:
        """The exit code, stdout and stderr of `keyrack WORDS`."""
        command = [*KEYRACK, "--sandbox", *words]
        done = subprocess.run(
            command, env=self.env, input=stdin, capture_output=True, text=True, timeout=SECONDS, check=False
        )
        return done.returncode, done.stdout, done.stderr

    def begin(self, *words: str) -> "subprocess.Popen[bytes]":
        """`keyrack WORDS`, which runs on."""
        nothing = subprocess.DEVNULL
        command = [*KEYRACK, "--sandbox", *words]
        return subprocess.Popen(command, env=self.env, stdin=nothing, stdout=nothing, stderr=nothing)

    def wait_for_accounts(self) -> None:
        """Return when the accounts of the sandbox are there."""
        ends = time.monotonic() + SECONDS
        while True:
            code, out, err = self.type("status", "--json")
            if code == 0 and LAST in [account["name"] for account in json.loads(out)["accounts"]]:
                return
            assert time.monotonic() < ends, (code, out, err)
            time.sleep(0.05)


@pytest.fixture(scope="module")
def sandbox() -> Iterator[RunningSandbox]:
    with RunningSandbox.start() as running:
        yield running


@contextmanager
def running(home: Path, sandbox: RunningSandbox, *verb: str, **env: str) -> Iterator[Terminal]:
    """A terminal beside a Keyrack that uses the sandbox: the agent with that verb, else the window."""
    found = Terminal(home)
    found.env |= env
    command = [*KEYRACK, *verb, "--sandbox", "--join", str(sandbox.announce(home / "sandbox.json"))]
    with open(home / "log", "wb") as log:
        keyrack = subprocess.Popen(command, env=found.env, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
    try:
        found.wait_for_accounts()
        yield found
    finally:
        keyrack.terminate()
        keyrack.wait(SECONDS)


@pytest.fixture
def home() -> Iterator[Path]:
    """A short path: the socket's own must fit into 107 bytes."""
    with tempfile.TemporaryDirectory(prefix="kr") as name:
        yield Path(name)


@pytest.fixture(params=["agent", "window"])
def terminal(request: pytest.FixtureRequest, sandbox: RunningSandbox, home: Path) -> Iterator[Terminal]:
    if request.param == "window" and os.environ.get("KEYRACK_QT_PROBLEM"):
        pytest.skip("Qt cannot be loaded")
    with running(home, sandbox, *(["agent"] if request.param == "agent" else [])) as found:
        yield found


@pytest.mark.security("S71", "S89", "S90", "S91")
def test_a_whole_day_at_the_command_line(terminal: Terminal, sandbox: RunningSandbox) -> None:
    keyrack = terminal.type
    code, out, err = keyrack("status")
    assert (code, err) == (0, "")
    (line,) = (line for line in out.splitlines() if line.startswith("Deribit test"))
    assert line.split() == ["Deribit", "test", "deribit", "test", "sign", "in", "allow"]

    assert keyrack("token", "Deribit test")[:2] == (4, "")
    assert keyrack("token", "Nobody")[:2] == (3, "")
    assert keyrack("login", "Deribit test") == (0, "", "“Deribit test” is signed in.\n")
    asked = len(sandbox.log("deribit", "token"))

    code, token, err = keyrack("token", "deribit TEST")
    assert (code, err, token.count("\n")) == (0, "", 1)
    assert keyrack("header", "Deribit test") == (0, f"Authorization: Bearer {token}", "")
    code, out, err = keyrack("run", "Deribit test", "--", "/bin/sh", "-c", 'echo "$DERIBIT_TOKEN"; exit 9')
    assert (code, out, err) == (9, token, "")
    code, out, err = keyrack("token", "Deribit test", "--min-valid", "999999999")
    assert (code, out) == (2, "")
    assert "seconds at most" in err
    assert len(sandbox.log("deribit", "token")) == asked, "the verbs never make the provider work"

    assert keyrack("refresh", "Deribit test") == (0, "", "")
    assert keyrack("token", "Deribit test")[1] != token
    sandbox.fault("deribit", "token", "status:503")
    code, out, err = keyrack("refresh", "Deribit test")
    assert (code, out, err.count("\n")) == (6, "", 1)
    sandbox.clear_faults()
    assert keyrack("token", "Deribit test")[0] == 0, "the old one is still good"

    changed = "“Deribit test” was changed. No program gets its token.\n"
    assert keyrack("accounts", "set", "Deribit test", "--scripts", "off") == (0, "", changed)
    code, out, err = keyrack("token", "Deribit test")
    assert (code, out, err.count("\n")) == (8, "", 1)
    assert keyrack("accounts", "set", "Deribit test", "--scripts", "allow", "--name", "Desk")[0] == 0
    code, out, err = keyrack("accounts", "list")
    assert (code, err) == (0, "")
    assert any(line.split()[:1] == ["Desk"] and line.split()[-1] == "allow" for line in out.splitlines())

    assert keyrack("lock", "--set-passphrase", stdin="\nsample phrase\n") == (0, "", "The passphrase is set.\n")
    assert keyrack("lock")[0] == 0
    assert keyrack("token", "Desk")[:2] == (8, "")
    assert keyrack("status")[0] == 0
    assert keyrack("unlock", stdin="another phrase\n")[0] == 8
    assert keyrack("unlock", stdin="sample phrase\n") == (0, "", "Keyrack is unlocked.\n")
    assert keyrack("token", "Desk")[0] == 0

    own = sandbox.register_client("probit", "sample-client", "sample-client-secret")
    given = ["--provider", "probit", "--region", "global", "--client-id", own["client_id"]]
    assert keyrack("accounts", "add", "Second", *given, stdin="sample-client-secret\n")[0] == 0
    assert keyrack("login", "Second")[0] == 0
    assert keyrack("token", "Second")[0] == 0
    assert keyrack("logout", "Second")[0] == 0
    assert keyrack("token", "Second")[0] == 4
    assert keyrack("accounts", "remove", "Second")[0] == 2, "it asks, and there is nobody"
    assert keyrack("accounts", "remove", "Second", "--yes")[0] == 0
    assert keyrack("token", "Second")[0] == 3
    directly = "Keyrack connects directly, without a proxy.\n"
    assert keyrack("proxy") == (0, "none\n", directly)
    code, out, err = keyrack("proxy", "--use", "http://me:secret@proxy.example:3128")
    assert (code, out) == (2, "")
    assert "holds no user name and no password" in err
    assert "secret" not in err
    code, out, err = keyrack("proxy", "--use", "proxy.example:3128", "--user", "me", stdin="a sample password\n")
    assert (code, out) == (0, "")
    assert "through the proxy proxy.example:3128. The password for the proxy is kept in memory" in err
    assert keyrack("proxy", "--use", "proxy.example:3128", "--user", "me", stdin="\n")[0] == 2
    code, out, err = keyrack("proxy", "--try", "proxy.example:3128")
    assert (code, out, err.partition(".")[0]) == (0, "", "There is nothing to try")
    for wrong in (["--user", "me"], ["--use", "none", "--try", "none"]):
        assert keyrack("proxy", *wrong)[0] == 2
    through = "Keyrack connects through the proxy proxy.example:3128.\n"
    assert keyrack("proxy", "--use", "proxy.example:3128") == (0, "", through)
    assert keyrack("refresh", "Desk")[0] == 0, "this computer is never asked through a proxy"
    assert keyrack("proxy", "--use", "none") == (0, "", directly)
    code, out, err = keyrack("history", "export", "--account", "Desk", "--since", "2026-11-01")
    assert (code, out.partition(",")[0]) == (0, "time")
    assert "\n2" in out or err.startswith("Nothing is known of this time yet.")
    assert keyrack("history", "export", "--account", "Nobody")[0] == 3
    assert keyrack("history", "export", "--since", "yesterday")[:2] == (2, "")
    assert keyrack("history", "list")[:2] == (2, "")
    assert keyrack("settings", "get", "clipboard_seconds") == (0, "30\n", "")
    now = "clipboard_seconds is 15. It is in force now.\n"
    assert keyrack("settings", "set", "clipboard_seconds", "15") == (0, "", now)
    assert keyrack("settings", "get", "clipboard_seconds") == (0, "15\n", "")
    assert keyrack("settings", "set", "clipboard_seconds", "16")[0] == 2
    assert keyrack("settings", "reset", "clipboard_seconds")[0] == 0
    assert keyrack("settings", "get", "clipboard_seconds") == (0, "30\n", "")
    code, path, err = keyrack("socket")
    assert (code, err) == (0, "")
    assert Path(path.strip()).is_socket()


def test_a_frozen_keyring_keeps_neither_status_nor_a_good_token_waiting(sandbox: RunningSandbox, home: Path) -> None:
    """R7: a request that needed the keyring would take the five seconds of its deadline."""
    if missing := missing_programs():
        pytest.skip(f"not installed: {missing}")
    session = KeyringSession(home / "keyring").start()
    try:
        bus = {"DBUS_SESSION_BUS_ADDRESS": session.env["DBUS_SESSION_BUS_ADDRESS"]}
        with running(home, sandbox, "agent", **bus) as terminal:
            assert "secrets in memory" not in terminal.type("status")[1]
            assert terminal.type("login", "Deribit test")[0] == 0
            session.freeze()
            with terminal.begin("login", "Main desk") as asking:
                assert terminal.type("status")[0] == 0
                assert terminal.type("token", "Deribit test")[0] == 0
                assert asking.poll() is None, "it waits for the keyring"
                session.thaw()
                assert asking.wait(SECONDS) == 0
        code, out, err = terminal.type("token", "Deribit test")
        assert (code, out) == (7, "")
        start = f"Start it with `{CALLED} --sandbox`, or `{CALLED} agent --sandbox`."
        assert err == f"The sandbox is not running. {start}\n"
    finally:
        session.stop()


@pytest.mark.security("S52")
def test_a_proxy_s_password_is_in_the_keyring_and_nowhere_else(sandbox: RunningSandbox, home: Path) -> None:
    if missing := missing_programs():
        pytest.skip(f"not installed: {missing}")
    password = b"a sample password for the proxy"
    session = KeyringSession(home / "keyring").start()
    bus = {"DBUS_SESSION_BUS_ADDRESS": session.env["DBUS_SESSION_BUS_ADDRESS"]}
    through = "Keyrack connects through the proxy proxy.example:3128."
    try:
        with running(home, sandbox, "agent", **bus) as terminal:
            use = ["proxy", "--use", "proxy.example:3128", "--user", "me"]
            code, out, err = terminal.type(*use, stdin=f"{password.decode()}\n")
            assert (code, out) == (0, "")
            assert err.startswith(f"{through} The password for the proxy is kept in Secret Service (GNOME keyring)")
        with running(home, sandbox, "agent", **bus) as terminal:
            login = "It gets the user name and the password that are kept for it."
            assert terminal.type("proxy") == (0, "http://proxy.example:3128\n", f"{through} {login}\n")
            assert terminal.type("proxy", "--use", "none")[0] == 0
            assert terminal.type("proxy", "--use", "proxy.example:3128") == (0, "", f"{through}\n"), "it was deleted"
        assert not [path for path in home.rglob("*") if path.is_file() and password in path.read_bytes()]
    finally:
        session.stop()


def test_without_a_display_the_agent_is_named(home: Path) -> None:
    away = ("QT_QPA_PLATFORM", "DISPLAY", "WAYLAND_DISPLAY")
    env = {name: value for name, value in Terminal(home).env.items() if name not in away}
    done = subprocess.run(KEYRACK, env=env, capture_output=True, text=True, timeout=SECONDS, check=False)
    assert (done.returncode, done.stdout) == (1, "")
    assert f"`{CALLED} agent`" in done.stderr
