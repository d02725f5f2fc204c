"""`keyrack share` from two terminals: two agents with separate homes, one sandbox, and one real etcd."""

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.cli.test_every_command import CALLED, KEYRACK, SECONDS, Terminal, running
from tests.etcd_cluster import EtcdCluster
from tests.sandbox_process import RunningSandbox
from tests.until import wait_for

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="there is no local socket on Windows yet")


@dataclass
class TwoHosts:
    """Two agents, and the words by which both reach the etcd."""

    one: Terminal
    two: Terminal
    store: tuple[str, ...]

    def invited(self, *words: str, stdin: str = "") -> "Inviting":
        """The first host invites."""
        return Inviting(self.one, words, stdin)


class Inviting:
    """`keyrack share invite`, which waits."""

    def __init__(self, terminal: Terminal, words: tuple[str, ...], stdin: str) -> None:
        pipe = subprocess.PIPE
        self._process = subprocess.Popen(
            [*KEYRACK, "--sandbox", "share", "invite", *words],
            env=terminal.env,
            stdin=pipe,
            stdout=pipe,
            stderr=pipe,
            text=True,
        )
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        if stdin:
            self._process.stdin.write(stdin)
            self._process.stdin.flush()
        self.code = self._process.stdout.readline()

    def interrupt(self) -> None:
        """As Ctrl+C."""
        self._process.send_signal(2)

    def ended(self) -> tuple[int, str]:
        """The exit code and what was said."""
        _, said = self._process.communicate(timeout=SECONDS)
        return self._process.returncode, said


@pytest.fixture(scope="module")
def etcd(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EtcdCluster]:
    with EtcdCluster(tmp_path_factory.mktemp("etcd")) as cluster:
        yield cluster


@pytest.fixture(scope="module")
def hosts(etcd: EtcdCluster) -> Iterator[TwoHosts]:
    with ExitStack() as stack:
        sandbox = stack.enter_context(RunningSandbox.start())
        homes = [Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="kr"))) for _ in range(2)]
        one, two = (stack.enter_context(running(home, sandbox, "agent")) for home in homes)
        yield TwoHosts(one, two, ("--member", etcd.addresses[0]))


@pytest.fixture
def both(hosts: TwoHosts) -> Iterator[TwoHosts]:
    """Both, in no group before and after the test."""
    yield hosts
    for terminal in (hosts.two, hosts.one):
        terminal.type("share", "leave", "--drop", "--yes")
    hosts.one.type("lock", "--set-passphrase", stdin="sample phrase\n\n")


def renewed_by(terminal: Terminal) -> dict[str, list[str]]:
    """What each host renews."""
    code, out, err = terminal.type("share", "list", "--json")
    assert code == 0, err
    return {host["name"]: [each["name"] for each in host["renews"]] for host in json.loads(out)["hosts"]}


@pytest.mark.security("S90")
def test_a_second_host_joins_serves_and_is_shut_out(both: TwoHosts) -> None:
    one, two, store = both.one.type, both.two.type, both.store
    code, out, err = one("share", "list")
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert "belongs to no group" in err

    assert one("share", "init", *store, "--group", "a", "--name", "desk-1")[0] == 0
    assert "belongs to a group already" in one("share", "init", *store, "--group", "b")[2]
    inviting = both.invited("--let-in", "desk-2")
    code, out, err = two("share", "join", *store, "--group", "a", "--name", "desk-2", stdin=inviting.code.lower())
    assert (code, out) == (0, ""), err
    assert err.splitlines() == [
        "“desk-1” invites. This goes on by itself once its person lets this host in.",
        "This host is in the group “a” now, as “desk-2”.",
    ]
    code, said = inviting.ended()
    assert (code, said.splitlines()[-1]) == (0, "“desk-2” is in the group now.")

    assert one("login", "Deribit test")[0] == 0
    assert one("share", "add", "Deribit test")[2] == "“Deribit test” is shared with every host of the group.\n"
    wait_for(
        lambda: renewed_by(both.two) == {"desk-1": ["Deribit test 2"], "desk-2": []}, "the hosts to agree", SECONDS
    )
    assert two("accounts", "set", "Deribit test 2", "--scripts", "allow")[0] == 0
    wait_for(
        lambda: two("token", "Deribit test 2")[1] == one("token", "Deribit test")[1] != "",
        "the hosts to agree",
        SECONDS,
    )
    assert two("share", "take", "Deribit test 2")[0] == 0
    wait_for(lambda: renewed_by(both.one) == {"desk-1": [], "desk-2": ["Deribit test"]}, "the hosts to agree", SECONDS)
    (line,) = (each for each in one("share", "list")[1].splitlines() if each.startswith("desk-2"))
    assert line.split()[:4] == ["desk-2", "renews", "Deribit", "test"]
    assert "since" in line

    code, out, err = one("share", "rotate-key", "--yes")
    assert (code, out) == (0, ""), err
    assert "share invite`" in err
    code, out, err = two("share", "list")
    assert (code, out) == (2, "")
    assert err.startswith("The group has another key: number 2, and this host knows 1.")
    wait_for(lambda: renewed_by(both.one) == {"desk-1": ["Deribit test"]}, "the hosts to agree", SECONDS)
    inviting = both.invited("--let-in", "desk-2")
    assert two("share", "join", stdin=inviting.code)[0] == 0
    assert inviting.ended()[0] == 0
    wait_for(lambda: "desk-2" in renewed_by(both.two), "the hosts to agree", SECONDS)

    assert one("share", "remove", "Deribit test")[2] == "“Deribit test” is this host's own now.\n"
    assert one("share", "remove", "Deribit test")[0] == 2
    code, out, err = two("share", "leave", "--drop", "--yes")
    assert (code, err) == (0, "This host is in no group any more, and has forgotten its key.\n")
    wait_for(lambda: renewed_by(both.one) == {"desk-1": []}, "the hosts to agree", SECONDS)


def test_a_host_of_another_name_is_not_let_in(both: TwoHosts) -> None:
    assert both.one.type("share", "init", *both.store, "--group", "c", "--name", "desk-1")[0] == 0
    inviting = both.invited("--let-in", "desk-2")
    door = (*both.store, "--group", "c", "--name", "someone")
    code, out, err = both.two.type("share", "join", *door, stdin=inviting.code)
    assert (code, out) == (2, "")
    assert "did not let this one in" in err
    assert inviting.ended() == (8, inviting_said("“someone” was not let in."))
    assert both.two.type("share", "list")[0] == 2


def test_without_a_terminal_nobody_is_let_in_unasked(both: TwoHosts) -> None:
    assert both.one.type("share", "init", *both.store, "--group", "d", "--name", "desk-1")[0] == 0
    inviting = both.invited()
    door = (*both.store, "--group", "d", "--name", "desk-2")
    assert both.two.type("share", "join", *door, stdin=inviting.code)[0] == 2
    code, said = inviting.ended()
    assert code == 2
    assert "--let-in" in said


def test_ctrl_c_ends_the_invitation(both: TwoHosts) -> None:
    assert both.one.type("share", "init", *both.store, "--group", "e", "--name", "desk-1")[0] == 0
    inviting = both.invited()
    inviting.interrupt()
    code, said = inviting.ended()
    assert (code, said.splitlines()[-1]) == (130, "The invitation was ended. Nobody was let in.")
    code, out, err = both.two.type("share", "join", *both.store, "--group", "e", stdin=inviting.code)
    assert (code, out) == (2, "")
    assert err.startswith("There is no invitation with this code.")


@pytest.mark.security("S91")
def test_an_invitation_needs_the_lock_passphrase(both: TwoHosts) -> None:
    one = both.one.type
    assert one("share", "init", *both.store, "--group", "f", "--name", "desk-1")[0] == 0
    assert one("lock", "--set-passphrase", stdin="\nsample phrase\n")[0] == 0
    code, out, _ = one("share", "invite", stdin="another phrase\n")
    assert (code, out) == (8, "")
    inviting = both.invited("--let-in", "desk-2", stdin="sample phrase\n")
    door = (*both.store, "--group", "f", "--name", "desk-2")
    assert both.two.type("share", "join", *door, stdin=inviting.code)[0] == 0
    assert inviting.ended()[0] == 0
    for words in (("rotate-key", "--yes"), ("leave", "--drop", "--yes")):
        assert one("share", *words, stdin="sample phrase\n")[0] == 0
    assert one("share", "init", *both.store, "--group", "g", stdin="another phrase\n")[0] == 8
    assert one("share", "init", *both.store, "--group", "g", stdin="sample phrase\n")[0] == 0
    code, _, err = one("share", "add", "Deribit test")
    assert (code, "Passphrase that unlocks Keyrack" in err) == (2, True)


@pytest.mark.parametrize(
    ("words", "stdin", "said"),
    [
        (("share",), "", "What to do is missing."),
        (("share", "everything"), "", "There is no “share everything”."),
        (("share", "init"), "", "--member is missing."),
        (("share", "init", "--member", "http://127.0.0.1:1", "--cert", "x"), "", "--cert and --key are"),
        (("share", "init", "--member", "http://example.invalid:2379"), "", "http://example.invalid:2379"),
        (("share", "init", "--member", "http://127.0.0.1:1", "--group", "A/B"), "", "“group” has no value"),
        (("share", "init", "--member", "http://127.0.0.1:1", "--name", " "), "", "“host” has no value"),
        (("share", "join", "--group", "desk"), "", "--member is missing."),
        (("share", "join", "--member", "http://127.0.0.1:1"), "no code\n", "This is not a code for joining a group."),
        (("share", "leave"), "", "Say either --keep or --drop."),
        (("share", "leave", "--keep"), "", "There is no terminal to ask at"),
        (("share", "rotate-key"), "", "There is no terminal to ask at"),
        (("share", "add", "Main desk"), "", "This host belongs to no group."),
        (("share", "invite"), "", "This host belongs to no group."),
        (("share", "leave", "--drop", "--yes"), "", "This host belongs to no group."),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else "",
)
def test_what_is_wrong_is_told_and_changes_nothing(
    hosts: TwoHosts, words: tuple[str, ...], stdin: str, said: str
) -> None:
    code, out, err = hosts.one.type(*words, stdin=stdin)
    assert out == ""
    assert code == 2 or said.startswith("http")
    assert said in err
    assert "belongs to no group" in hosts.one.type("share", "list")[2]


def test_an_etcd_that_is_away_is_told(hosts: TwoHosts) -> None:
    code, out, err = hosts.one.type("share", "init", "--member", "http://127.0.0.1:1")
    assert (code, out, err.count("\n")) == (6, "", 1)


def inviting_said(last: str) -> str:
    return f"Enter this code within ten minutes on the other host, in `{CALLED} share join`.\n{last}\n"
