"""`keyrack agent` on a terminal: ready, alone, hardened, asking, and ended by a signal."""

import os
import select
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from keyrack.startup.sandbox_accounts import READY_ACCOUNTS
from tests.agent.agent_process import SECONDS, AgentHome, AgentProcess
from tests.checkout import ROOT

# Root may read every process; a root without its rights may read only what any user's programs may read.
PLAIN = ["setpriv", "--bounding-set=-all", "--inh-caps=-all"] if os.geteuid() == 0 else []
ASKER = """
import http.client, json, socket, sys
line = http.client.HTTPConnection("keyrack")
line.sock = socket.socket(socket.AF_UNIX)
line.sock.connect(sys.argv[1])
line.request("GET", "/v1/accounts/" + sys.argv[2] + "/token")
answer = json.loads(line.getresponse().read())
print(answer["error"]["code"] if "error" in answer else "given")
"""


class Terminal:
    """The agent's terminal, as the person at it sees it."""

    def __init__(self, agent: AgentProcess) -> None:
        self._descriptor = agent.tty
        self._seen = ""

    def until(self, text: str) -> str:
        """Wait until a text appears that was not there before. Returns everything up to then."""
        ends = time.monotonic() + SECONDS
        while text not in self._seen:
            assert time.monotonic() < ends, f"no {text!r} in {self._seen!r}"
            if select.select([self._descriptor], [], [], 0.02)[0]:
                self._seen += os.read(self._descriptor, 4096).decode()
        before, _, self._seen = self._seen.partition(text)
        return before + text

    def type(self, text: str) -> None:
        """Press keys."""
        os.write(self._descriptor, text.encode())


@pytest.fixture(scope="module")
def agent() -> Iterator[AgentProcess]:
    """An agent on a terminal, with a private keyring and no credential for it."""
    place = AgentHome()
    command = [*PLAIN, sys.executable, "-m", "keyrack", "agent", "--sandbox", "--own-keyring", "--speed", "1"]
    running = AgentProcess(place, command, tty=True)
    try:
        yield running.ready()
    finally:
        running.close()
        place.remove()


@pytest.fixture
def terminal(agent: AgentProcess) -> Terminal:
    return Terminal(agent)


@pytest.fixture
def asking(agent: AgentProcess, tmp_path: Path) -> Iterator["AskingPrograms"]:
    """Programs that ask for the token of an account set to ask."""
    if agent.account("Main desk")["state"] != "ready":
        agent.sign_in("Main desk")
    agent.ask("PATCH", "/v1/accounts/Main%20desk", scripts="ask")
    made = AskingPrograms(agent, tmp_path)
    yield made
    made.close()


class AskingPrograms:
    """Starts programs that ask. Each file name is another program."""

    def __init__(self, agent: AgentProcess, folder: Path) -> None:
        self._agent = agent
        self.folder = folder
        self._started: list[subprocess.Popen[str]] = []

    def begin(self, name: str) -> "subprocess.Popen[str]":
        """Start a program that asks for the token and prints what it got."""
        script = self.folder / name
        script.write_text(ASKER)
        # The agent sees only what a program with no more rights than its own runs.
        command = [*PLAIN, sys.executable, "-I", str(script), str(self._agent.socket), "Main%20desk"]
        self._started.append(subprocess.Popen(command, stdout=subprocess.PIPE, text=True))
        return self._started[-1]

    def close(self) -> None:
        for process in self._started:
            process.kill()
            process.communicate()


def said(program: "subprocess.Popen[str]") -> str:
    """What a program printed at its end."""
    return program.communicate(timeout=SECONDS)[0].strip()


def test_it_needs_no_qt() -> None:
    code = "import sys, keyrack.agent.agent; print(*sys.modules)"
    imported = subprocess.check_output([sys.executable, "-c", code], cwd=ROOT / "desktop", text=True).split()
    assert "keyrack.core.rack" in imported
    assert [name for name in imported if name.startswith(("PySide6", "shiboken6", "qasync", "keyrack.ui"))] == []


def test_it_is_ready_with_its_accounts_and_says_how_they_stand(agent: AgentProcess) -> None:
    assert f"Ready: {len(READY_ACCOUNTS)} accounts (" in agent.until_noted("READY=1")
    told = agent.ask("GET", "/v1/status")
    assert (told["running"], told["sandbox"], len(told["accounts"])) == ("agent", True, len(READY_ACCOUNTS))
    agent.sign_in("Main desk")
    stand = f"{len(READY_ACCOUNTS)} accounts ({len(READY_ACCOUNTS) - 1} waiting for a sign-in, 1 ready)."
    agent.until_noted(f"STATUS=Ready: {stand} Secrets are in memory only.")
    assert "INFO Main desk: ready.\n" in agent.log()


def test_without_a_credential_secrets_are_in_memory_and_it_says_so(agent: AgentProcess) -> None:
    assert "WARNING Secrets are kept in memory only" in agent.log()
    assert agent.ask("GET", "/v1/status")["keyring_in_memory"] is True


@pytest.mark.security("S101")
def test_it_leaves_no_core_and_lets_no_program_of_the_same_user_read_it(agent: AgentProcess) -> None:
    limits = Path(f"/proc/{agent.process.pid}/limits").read_text().splitlines()
    core = next(line.split() for line in limits if line.startswith("Max core file size"))
    assert core[4:6] == ["0", "0"]
    command = [*PLAIN, "head", "-c1", f"/proc/{agent.process.pid}/environ"]
    assert subprocess.run(command, capture_output=True, check=False).returncode == 1
    assert subprocess.run([*PLAIN, "head", "-c1", "/proc/self/environ"], capture_output=True, check=False).stdout


@pytest.mark.security("S85", "S86")
def test_a_second_agent_says_so_and_exits_with_0(agent: AgentProcess, agents: list[AgentProcess]) -> None:
    second = AgentProcess.start(agent.place, "--sandbox")
    agents.append(second)
    assert second.ended() == 0
    assert "An agent runs already" in second.log()
    second.until_noted("READY=1")  # else systemd would call it a failure and start it again and again
    assert agent.ask("GET", "/v1/status")["running"] == "agent"


@pytest.mark.security("S92")
@pytest.mark.parametrize(("typed", "outcome"), [("o", "given"), ("Once", "given"), ("n", "refused")])
def test_its_terminal_is_asked(terminal: Terminal, asking: AskingPrograms, typed: str, outcome: str) -> None:
    program = asking.begin(f"bot-{typed}.py")
    shown = terminal.until("[o]nce, [a]lways for this program, [n]o? ")
    assert f"bot-{typed}.py in {asking.folder} " in shown
    assert f"(process {program.pid}) wants the token of Main desk." in shown
    terminal.type("perhaps\n")
    terminal.until("[o]nce, [a]lways for this program, [n]o? ")
    terminal.type(f"{typed}\n")
    assert said(program) == outcome


@pytest.mark.security("S92")
def test_always_is_for_this_program_alone(agent: AgentProcess, terminal: Terminal, asking: AskingPrograms) -> None:
    first = asking.begin("lasting.py")
    terminal.until("[n]o? ")
    terminal.type("always\n")
    assert said(first) == "given"
    assert said(asking.begin("lasting.py")) == "given"
    assert any("lasting.py" in program for program in agent.account("Main desk")["programs"])
    other = asking.begin("other.py")
    terminal.until("other.py in ")
    terminal.until("[n]o? ")
    terminal.type("n\n")
    assert said(other) == "refused"


def test_what_was_typed_before_the_question_is_no_answer(terminal: Terminal, asking: AskingPrograms) -> None:
    terminal.type("o\n")
    terminal.until("o\r\n")
    program = asking.begin("early.py")
    terminal.until("[n]o? ")
    with pytest.raises(subprocess.TimeoutExpired):
        program.wait(0.2)
    terminal.type("n\n")
    assert said(program) == "refused"


def test_a_program_that_goes_away_takes_its_question_along(terminal: Terminal, asking: AskingPrograms) -> None:
    program = asking.begin("gone.py")
    terminal.until("[n]o? ")
    program.kill()
    terminal.until("This is no longer asked.")


@pytest.mark.security("S102")
def test_its_log_holds_no_token_and_is_no_file(agent: AgentProcess) -> None:
    agent.ask("PATCH", "/v1/accounts/Main%20desk", scripts="allow")
    token = agent.token("Main desk")["access_token"]
    assert len(token) > 10
    assert token not in agent.log()
    assert list(agent.place.home.rglob("*.log")) == []


def test_ctrl_c_ends_it_cleanly_and_its_sandbox_with_it(agent: AgentProcess, terminal: Terminal) -> None:
    sandboxes = children(agent.process.pid)
    assert sandboxes
    began = time.monotonic()
    terminal.type("\x03")
    assert agent.ended() == 0
    assert time.monotonic() - began < 5
    agent.until_noted("STOPPING=1")
    assert agent.log().endswith("INFO Stopped.\n")
    assert "Traceback" not in agent.log()
    assert not agent.socket.exists()
    assert not any(Path(f"/proc/{pid}").exists() for pid in sandboxes)


def children(pid: int) -> list[int]:
    """The processes that a process started and that still run."""
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
