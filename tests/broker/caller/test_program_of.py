"""Which program is behind a connection, with real processes at the other end."""

import contextlib
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from keyrack.broker.caller import program_of as module
from keyrack.broker.caller.program_of import program_of
from keyrack.core.access.program import UNKNOWN, Program
from tests.checkout import DESKTOP

pytestmark = [
    pytest.mark.security("S92"),
    pytest.mark.skipif(sys.platform != "linux", reason="only Linux has the /proc that is read"),
]
PYTHON = os.path.realpath(sys.executable)
CONNECT = "import os, socket, sys; s = socket.socket(socket.AF_UNIX); s.connect(os.environ['PLACE']); s.recv(1)\n"
PERL = "use IO::Socket::UNIX; my $s = IO::Socket::UNIX->new(Peer => $ENV{PLACE}); my $x; sysread($s, $x, 1);\n"
NODE = "require('net').connect(process.env.PLACE)\n"
Asks = Callable[..., Program]


@pytest.fixture
def listener(tmp_path: Path) -> Iterator[socket.socket]:
    with socket.socket(socket.AF_UNIX) as made:
        made.bind(str(tmp_path / "s"))
        made.listen(8)
        made.settimeout(10)
        yield made


@pytest.fixture
def asks(listener: socket.socket, tmp_path: Path) -> Iterator[Asks]:
    """Start a command in the test's folder and say which program its connection comes from."""
    (tmp_path / "bot.py").write_text(CONNECT)
    # A module of this name stands in for the command: as it is started with -m, so it is told.
    (tmp_path / "keyrack.py").write_text(CONNECT)
    with contextlib.ExitStack() as ends:

        def run(*command: str | bytes, executable: str = PYTHON, given: str = "", **env: str) -> Program:
            process = subprocess.Popen(
                command,
                executable=executable,
                cwd=tmp_path,
                env={**os.environ, "PLACE": str(tmp_path / "s"), **env},
                stdin=subprocess.PIPE,
                text=True,
            )
            ends.callback(process.wait, 10)
            assert process.stdin is not None
            with process.stdin:
                process.stdin.write(given)
            return program_of(ends.enter_context(listener.accept()[0]))

        yield run


def found_program(name: str) -> str:
    path = shutil.which(name)
    if path is None:
        pytest.skip(f"no {name} here")
    return os.path.realpath(path)


@pytest.mark.parametrize("options", [(), ("-SW", "ignore"), ("-W", "ignore", "-Xdev", "-S", "--")])
def test_a_script_is_its_interpreter_and_its_absolute_path(
    asks: Asks, tmp_path: Path, options: tuple[str, ...]
) -> None:
    found = asks("python3", *options, "bot.py", "other.py")
    assert (found.executable, found.script, found.lasting) == (PYTHON, str(tmp_path / "bot.py"), True)
    assert found.key == f"{PYTHON} {tmp_path}/bot.py"
    assert found.place == str(tmp_path)
    assert found.words.endswith(" bot.py")


@pytest.mark.skipif(not os.path.islink("/usr/bin/python3"), reason="no python3 of the system here")
def test_the_words_have_the_name_that_was_called_where_it_is_true(asks: Asks, tmp_path: Path) -> None:
    system = os.path.realpath("/usr/bin/python3")
    assert asks("python3", "-S", "bot.py", executable=system).words == "/usr/bin/python3 bot.py"
    found = asks("/usr/bin/trader", "-S", "bot.py", executable=system)
    assert (found.words, found.key) == (f"{system} bot.py", f"{system} {tmp_path}/bot.py")


def test_a_program_is_the_same_however_its_script_is_named(asks: Asks, tmp_path: Path) -> None:
    script = tmp_path / "bot"
    script.write_text(f"#!{PYTHON}\n{CONNECT}")
    script.chmod(0o755)
    started = [
        asks("bot", executable=str(script)),
        asks("python3", "-S", ".//bot"),
        asks("python", "-S", str(script)),
    ]
    assert {(found.key, found.lasting) for found in started} == {(f"{PYTHON} {script}", True)}
    assert len({found.pid for found in started}) == 3


@pytest.mark.parametrize(
    ("command", "end"),
    [(("-Sc", CONNECT, "bot.py"), ""), (("-Sm", "bot", "bot.py"), " -m bot"), (("-S", "-", "bot.py"), ""), ((), "")],
    ids=["code", "module", "stdin", "nothing"],
)
def test_an_interpreter_without_a_script_is_allowed_once_at_a_time(
    asks: Asks, command: tuple[str, ...], end: str
) -> None:
    found = asks("python3", *command, given=CONNECT)
    assert (found.executable, found.script, found.lasting) == (PYTHON, "", False)
    assert found.words in {PYTHON + end, f"{os.path.dirname(PYTHON)}/python3{end}"}


@pytest.mark.parametrize("script", ["/dev/stdin", "//dev/fd/0", "/proc/self/fd/0", "/usr/../dev/stdin"])
def test_a_script_that_is_whatever_is_piped_in_is_allowed_once_at_a_time(asks: Asks, script: str) -> None:
    assert not asks("python3", "-S", script, given=CONNECT).lasting


def test_the_command_in_a_program_that_starts_any_other_is_allowed_once_at_a_time(asks: Asks, tmp_path: Path) -> None:
    start = (PYTHON, "-S", "-m", "keyrack")
    for command in (("find", "s", "-exec", *start, ";"), ("flock", "-E", "9", str(tmp_path), *start)):
        found = asks(*command, executable=found_program(command[0]))
        assert (os.path.basename(found.executable), found.lasting) == (command[0], False)


def test_other_interpreters(asks: Asks, tmp_path: Path) -> None:
    perl = found_program("perl")
    (tmp_path / "bot.pl").write_text(PERL)
    found = asks("perl", "-w", "bot.pl", executable=perl)
    assert (found.key, found.lasting) == (f"{perl} {tmp_path}/bot.pl", True)
    assert not asks("perl", "-we", PERL, "bot.pl", executable=perl).lasting


def test_node(asks: Asks, tmp_path: Path) -> None:
    node = found_program("node")
    (tmp_path / "bot.js").write_text(NODE)
    found = asks("node", "--no-warnings", "bot.js", executable=node)
    assert (found.key, found.lasting) == (f"{node} {tmp_path}/bot.js", True)
    found = asks("node", "--trace-sigint", "bot.js", executable=node)
    assert (found.script, found.lasting) == (f"{tmp_path}/bot.js", False)


def test_curl_is_allowed_once_at_a_time(asks: Asks, tmp_path: Path) -> None:
    curl = found_program("curl")
    found = asks("curl", "-s", "--unix-socket", str(tmp_path / "s"), "http://keyrack/bot.py", executable=curl)
    assert (found.executable, found.script, found.lasting) == (curl, "", False)


@pytest.fixture
def trader(tmp_path: Path) -> Path:
    """A program that is no interpreter, by its name."""
    return Path(shutil.copy(PYTHON, tmp_path / "trader"))


def test_any_other_program_is_its_executable(asks: Asks, trader: Path) -> None:
    found = asks("/usr/bin/trader", "-Sc", CONNECT, executable=str(trader), PYTHONHOME=sys.base_prefix)
    assert (found.executable, found.script, found.lasting) == (str(trader), "", True)
    assert found.words == found.key == str(trader)


def test_the_name_that_a_program_gives_itself_counts_for_nothing(asks: Asks) -> None:
    found = asks("/usr/bin/trader", "-Sc", CONNECT, PYTHONHOME=sys.base_prefix)
    assert (found.executable, found.words, found.lasting) == (PYTHON, PYTHON, False)


def test_a_program_whose_file_was_replaced_is_allowed_once_at_a_time(asks: Asks, trader: Path) -> None:
    gone = "import os; os.unlink(os.environ['GONE']); " + CONNECT
    found = asks("trader", "-Sc", gone, executable=str(trader), PYTHONHOME=sys.base_prefix, GONE=str(trader))
    assert (found.executable, found.lasting) == (f"{trader} (deleted)", False)


@pytest.mark.parametrize(
    "name", [b"evil\xe2\x80\xaegnp.yp", b"two\nlines.py", b"\x1b[2Jbot.py", b"\xffbot.py"], ids=repr
)
def test_a_name_that_cannot_be_shown_as_it_is_is_allowed_once_at_a_time(
    asks: Asks, tmp_path: Path, name: bytes
) -> None:
    Path(os.fsdecode(bytes(tmp_path) + b"/" + name)).write_text(CONNECT)
    found = asks(b"python3", b"-S", name)
    assert not found.lasting
    assert found.words.isprintable()
    assert found.script == os.fsdecode(bytes(tmp_path) + b"/" + name)


def test_a_folder_that_is_gone_leaves_no_path_to_trust(asks: Asks, tmp_path: Path) -> None:
    (tmp_path / "gone.py").write_text("import os; os.mkdir('x'); os.chdir('x'); os.rmdir('../x')\n" + CONNECT)
    found = asks("python3", "-S", "gone.py")
    assert (found.script, found.lasting) == ("gone.py", False)


def test_the_command_counts_as_the_program_that_started_it(asks: Asks, tmp_path: Path) -> None:
    bot = tmp_path / "starts.py"
    bot.write_text(
        "import subprocess, sys\nsubprocess.run([sys.executable, '-S', '-m', 'keyrack', 'token', 'Main'], check=True)\n"
    )
    found = asks("python3", "-S", "starts.py")
    assert (found.executable, found.script, found.lasting) == (PYTHON, str(bot), True)


def test_the_command_started_by_its_path_counts_as_the_program_that_started_it(asks: Asks, tmp_path: Path) -> None:
    """Whoever starts Keyrack's own `__main__.py` by its path is the caller, wherever the package lies."""
    folder = tmp_path / "run" / "keyrack"
    folder.mkdir(mode=0o700, parents=True)
    os.link(tmp_path / "s", folder / "keyrack.sock")
    command = ["python3", "-S", str(DESKTOP / "keyrack" / "__main__.py"), "token", "Main"]
    bot = tmp_path / "starts.py"
    bot.write_text(f"import subprocess, sys\nsubprocess.run({command!r}, executable=sys.executable)\n")
    found = asks("python3", "-S", "starts.py", XDG_RUNTIME_DIR=str(tmp_path / "run"), PYTHONPATH=str(DESKTOP))
    assert (found.executable, found.script, found.lasting) == (PYTHON, str(bot), True)


ASKED = """
import os, socket, subprocess, sys
from keyrack.broker.caller.program_of import program_of
with socket.socket(socket.AF_UNIX) as listener:
    listener.bind(os.environ["PLACE"])
    listener.listen()
    child = subprocess.Popen([sys.argv[1]], stdin=subprocess.DEVNULL)
    connection, _ = listener.accept()
    print(program_of(connection).script)
    connection.close()
    child.wait()
"""


@pytest.mark.parametrize("ours", [True, False], ids=["our own", "another's"])
def test_a_link_on_the_path_to_our_command_is_our_command(tmp_path: Path, ours: bool) -> None:
    """As Debian's package, pipx and uv lay it: a script beside the private Python, and a link to it elsewhere."""
    private, links, strange = tmp_path / "private", tmp_path / "links", tmp_path / "strange"
    for folder in (private, links, strange):
        folder.mkdir()
    (private / "python3").symlink_to(sys.executable)
    script = (private if ours else strange) / "keyrack"
    script.write_text(f"#!{private / 'python3'} -S\n{CONNECT}")
    script.chmod(0o755)
    (links / "keyrack").symlink_to(script)
    (tmp_path / "starts.py").write_text(ASKED)
    environment = {"PATH": f"{links}:{os.environ['PATH']}", "PYTHONPATH": str(DESKTOP), "PLACE": str(tmp_path / "own")}
    command = [str(private / "python3"), "-S", str(tmp_path / "starts.py"), str(links / "keyrack")]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=30, check=True)
    assert done.stdout.strip() == str(tmp_path / "starts.py" if ours else links / "keyrack")


def test_the_command_in_a_shell_is_allowed_once_at_a_time(asks: Asks, tmp_path: Path) -> None:
    shell = found_program("bash")
    (tmp_path / "backup.sh").write_text(f"x=$('{PYTHON}' -S -m keyrack token Main)\necho $x\n")
    found = asks("bash", "-e", "backup.sh", executable=shell)
    assert (found.executable, found.script, found.lasting) == (shell, str(tmp_path / "backup.sh"), False)


def test_the_command_whose_parent_is_gone_is_nobodys(asks: Asks, tmp_path: Path) -> None:
    (tmp_path / "leaves.py").write_text(
        "import os, sys\n"
        "starter = os.getpid()\n"
        "if os.fork() == 0:\n"
        "    while os.getppid() == starter: pass\n"
        "    os.execv(sys.executable, ['python3', '-S', '-m', 'keyrack'])\n"
    )
    found = asks("python3", "-S", "leaves.py")
    assert not found.lasting
    assert "leaves.py" not in found.words


FIRST = """
import os, sys
sys.path.insert(0, sys.argv[1])
from keyrack.broker.caller import program_of as module
assert os.getpid() == 1
child = os.fork()
if child == 0:
    os.read(0, 1)
    os._exit(0)
found = module.parent_of(child)
print(found.pid, found.script, found.lasting)
"""


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may make a namespace of processes")
def test_the_first_process_stands_for_whoever_is_gone(tmp_path: Path) -> None:
    """In a container the first process may be a script, and every process whose parent ended becomes its child."""
    script = tmp_path / "first.py"
    script.write_text(FIRST)
    command = [found_program("unshare"), "--pid", "--fork", "--mount-proc", PYTHON, "-BS", str(script), str(DESKTOP)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if "unshare" in done.stderr:
        pytest.skip("no namespaces here")
    assert done.stdout.split() == ["1", str(script), "False"], done.stderr


LEAVES = CONNECT.replace("s.recv(1)", "os._exit(0) if os.fork() else s.recv(1)")
LAST_PID = Path("/proc/sys/kernel/ns_last_pid")


def test_a_connection_that_outlived_its_program_is_nobodys(listener: socket.socket, tmp_path: Path) -> None:
    process = subprocess.Popen([PYTHON, "-S", "-c", LEAVES], env={**os.environ, "PLACE": str(tmp_path / "s")})
    with listener.accept()[0] as connection:
        process.wait(10)
        found = program_of(connection)
    assert (found.executable, found.lasting) == ("", False)


@pytest.mark.skipif(os.geteuid() != 0 or not LAST_PID.exists(), reason="only root may choose the next process number")
def test_a_number_that_passed_to_another_program_is_not_taken_for_the_caller(
    listener: socket.socket, tmp_path: Path
) -> None:
    if not _holds_on():
        pytest.skip("this kernel does not hold on to the process that connected")
    (tmp_path / "bot.py").write_text("input()")
    process = subprocess.Popen([PYTHON, "-S", "-c", LEAVES], env={**os.environ, "PLACE": str(tmp_path / "s")})
    with listener.accept()[0] as connection:
        process.wait(10)
        with _process_with(process.pid, [PYTHON, "-S", str(tmp_path / "bot.py")]):
            found = program_of(connection)
    assert (found.executable, found.lasting) == ("", False)


def _holds_on() -> bool:
    """Whether the kernel names the process itself and not its number alone (Linux 6.5)."""
    ours, theirs = socket.socketpair(socket.AF_UNIX)
    with ours, theirs:
        try:
            os.close(ours.getsockopt(socket.SOL_SOCKET, module.SO_PEERPIDFD))
        except OSError:
            return False
    return True


@contextlib.contextmanager
def _process_with(pid: int, command: list[str]) -> Iterator[None]:
    """Run the command as the process of this number. Other processes start meanwhile, so it may take a few tries."""
    for _ in range(50):
        LAST_PID.write_text(str(pid - 1))
        with subprocess.Popen(command, stdin=subprocess.PIPE, stderr=subprocess.DEVNULL) as process:
            if process.pid == pid:
                ends = time.monotonic() + 10
                # While a program is being started, it has no arguments yet.
                while module.program_at(pid)[0].script != command[-1] and time.monotonic() < ends:
                    time.sleep(0.001)
                assert module.program_at(pid)[0].script == command[-1]
                yield
                return
    pytest.skip("the number went to somebody else")


PROBE = """
import ctypes, os, socket, sys
sys.path.insert(0, sys.argv[1])
from keyrack.broker.caller.program_of import program_of
ours, theirs = socket.socketpair(socket.AF_UNIX)
made = os.getpid()
ctypes.CDLL(None).prctl(4, 0, 0, 0, 0)
if os.fork() == 0:
    found = program_of(ours)
    print(found.pid == made, found.executable, found.script, found.lasting, found.words, sep="|", flush=True)
    os._exit(0)
os.wait()
"""


def test_a_program_that_may_not_be_looked_into_is_unknown() -> None:
    """Such as one that was setuid. Root may inspect every program, so the test runs as another user."""
    as_nobody = [found_program("setpriv"), "--reuid=65534", "--clear-groups"] if os.geteuid() == 0 else []
    command = [*as_nobody, PYTHON, "-B", "-c", PROBE, str(DESKTOP)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd="/")
    if as_nobody and "No module named 'keyrack'" in done.stderr:
        pytest.skip("another user may not read the sources here")
    assert done.stdout.strip() == f"True|||False|a program that calls itself “{os.path.basename(PYTHON)}”", done.stderr


def test_no_descriptor_is_left_open(listener: socket.socket, tmp_path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as client:
        client.connect(str(tmp_path / "s"))
        with listener.accept()[0] as connection:
            assert program_of(connection).pid == os.getpid()
            before = len(os.listdir("/proc/self/fd"))
            for _ in range(50):
                program_of(connection)
            assert len(os.listdir("/proc/self/fd")) == before


def test_a_connection_that_no_process_made_is_unknown() -> None:
    with socket.socket(socket.AF_INET) as other:
        assert program_of(other) == UNKNOWN
