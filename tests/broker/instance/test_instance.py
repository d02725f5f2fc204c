"""One Keyrack per user, and a local socket that no other user can use."""

import asyncio
import errno
import fcntl
import os
import socket
import stat
import subprocess
import sys
import tempfile
import textwrap
import time
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path

import pytest

from keyrack.broker.instance.instance import SOCKET_NAME, Instance, NotTheOnly
from keyrack.broker.instance.lock_file import NoInstanceLock
from keyrack.broker.instance.other_instance import OtherInstance, knock
from keyrack.broker.instance.socket_folder import SocketRefused
from keyrack.broker.protocol.route import Host
from keyrack.broker.socket_server import SocketServer
from keyrack.net.unix_peer import peer_uid
from tests.checkout import FROM_SOURCE

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="there is no local socket on Windows yet")

ENV = {"PATH": os.environ["PATH"], **FROM_SOURCE}

LIVING = """
    import asyncio, sys
    from pathlib import Path
    from keyrack.broker.instance.instance import Instance
    instance = Instance.acquire(Path(sys.argv[1]), Path(sys.argv[2]))
    if instance is None:
        print("raised", flush=True)
        sys.exit(0)
    from keyrack.broker.protocol.route import Host
    from keyrack.broker.socket_server import SocketServer
    async def main():
        service = SocketServer(instance, Host("window", lambda: print("asked", flush=True)))
        await service.serve(None)
        print("lives", flush=True)
        await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)
        await service.close()
    asyncio.run(main())
    instance.close()
"""


@pytest.fixture
def folder() -> Iterator[Path]:
    """A short path: the socket's own must fit into 107 bytes."""
    with tempfile.TemporaryDirectory(prefix="kr") as name:
        yield Path(name)


@pytest.fixture
def runtime(folder: Path) -> Path:
    return folder / "keyrack"


@pytest.fixture
async def living(runtime: Path) -> AsyncIterator[tuple[Instance, list[str]]]:
    """An instance of this process that serves, and what it was asked."""
    instance = Instance.acquire(runtime)
    assert instance is not None
    asked: list[str] = []
    service = SocketServer(instance, Host("window", lambda: asked.append("raise")))
    await service.serve(None)
    yield instance, asked
    await service.close()
    instance.close()


def start(folder: Path) -> "subprocess.Popen[str]":
    command = [sys.executable, "-c", textwrap.dedent(LIVING), str(folder / "keyrack"), str(folder / "lock")]
    return subprocess.Popen(command, env=ENV, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


def said(process: "subprocess.Popen[str]") -> str:
    assert process.stdout is not None
    return process.stdout.readline().strip()


async def talk(path: Path, request: bytes) -> bytes:
    reader, writer = await asyncio.open_unix_connection(path)
    writer.write(request)
    writer.write_eof()
    answer = await asyncio.wait_for(reader.read(), 20)
    writer.close()
    await writer.wait_closed()
    return answer


def request(line: str = "POST /v1/window/raise", *headers: str) -> bytes:
    return "\r\n".join((f"{line} HTTP/1.1", *(headers or ("Host: localhost",)), "", "")).encode()


@pytest.mark.security("S86", "S85")
def test_of_twenty_started_together_exactly_one_lives(folder: Path) -> None:
    processes = [start(folder) for _ in range(20)]
    try:
        first = [said(process) for process in processes]
        assert sorted(first) == ["lives", *["raised"] * 19]
        (alive,) = (process for process, word in zip(processes, first, strict=True) if word == "lives")
        assert [process.wait(10) for process in processes if process is not alive] == [0] * 19
        assert [said(alive) for _ in range(19)] == ["asked"] * 19
        assert knock(folder / "keyrack" / SOCKET_NAME, 5) is OtherInstance.RAISED
    finally:
        for process in processes:
            process.kill()
            process.communicate()


@pytest.mark.security("S86", "S85")
def test_after_a_kill_the_next_start_works_without_cleaning_up(folder: Path) -> None:
    for _ in range(3):
        process = start(folder)
        assert said(process) == "lives"
        process.kill()
        process.communicate()
        assert (folder / "keyrack" / SOCKET_NAME).exists()
    process = start(folder)
    assert said(process) == "lives"
    process.communicate("")
    assert process.returncode == 0
    assert not (folder / "keyrack" / SOCKET_NAME).exists()
    assert (folder / "lock").exists()


@pytest.mark.security("S86")
def test_the_content_of_the_lock_file_means_nothing(folder: Path, runtime: Path) -> None:
    lock = folder / "lock"
    lock.write_text(f"{os.getppid()}\n")
    instance = Instance.acquire(runtime, lock)
    assert instance is not None
    assert lock.read_text() == f"{os.getppid()}\n"
    instance.close()


@pytest.mark.security("S85", "S86")
def test_a_lock_file_replaced_meanwhile_does_not_make_two(folder: Path) -> None:
    first = start(folder)
    assert said(first) == "lives"
    (folder / "lock").unlink()  # somebody cleans up: the second gets a lock of its own, but the socket answers
    second = start(folder)
    assert said(second) == "raised"
    assert knock(folder / "keyrack" / SOCKET_NAME, 5) is OtherInstance.RAISED, "the living one keeps its socket"
    for process in (first, second):
        process.communicate("")


@pytest.mark.security("S83", "S82")
def test_the_socket_is_0600_and_its_folder_0700_whatever_the_umask(runtime: Path) -> None:
    before = os.umask(0)
    try:
        instance = Instance.acquire(runtime)
        assert instance is not None
        assert os.umask(0) == 0, "the umask is put back"
    finally:
        os.umask(before)
    found = instance.path.lstat()
    assert stat.S_ISSOCK(found.st_mode)
    assert stat.S_IMODE(found.st_mode) == 0o600
    assert stat.S_IMODE(runtime.stat().st_mode) == 0o700
    assert found.st_uid == os.geteuid()
    instance.close()


@pytest.mark.security("S83")
def test_the_umask_is_around_the_bind_itself(runtime: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[int] = []

    class Watched(socket.socket):
        def listen(self, backlog: int = 1, /) -> None:
            seen.append(stat.S_IMODE((runtime / SOCKET_NAME).lstat().st_mode))
            super().listen(backlog)

    monkeypatch.setattr(socket, "socket", Watched)
    before = os.umask(0)
    try:
        instance = Instance.acquire(runtime)
    finally:
        os.umask(before)
    assert instance is not None
    instance.close()
    assert seen == [0o600]


def as_link(runtime: Path) -> None:
    (runtime.parent / "real").mkdir(mode=0o700)
    runtime.symlink_to(runtime.parent / "real")


def open_to_all(runtime: Path) -> None:
    runtime.mkdir()
    runtime.chmod(0o777)


def open_to_group(runtime: Path) -> None:
    runtime.mkdir()
    runtime.chmod(0o710)


def of_another(runtime: Path) -> None:
    if os.geteuid() != 0:
        pytest.skip("only root may give a folder away")
    runtime.mkdir(mode=0o700)
    os.chown(runtime, 65534, 65534)


def a_file(runtime: Path) -> None:
    runtime.write_text("x")


def parent_open(runtime: Path) -> None:
    runtime.parent.chmod(0o777)


def parent_of_another(runtime: Path) -> None:
    of_another(runtime)
    runtime.rmdir()
    os.chown(runtime.parent, 65534, 65534)


def parent_missing(runtime: Path) -> None:
    runtime.parent.rmdir()


@pytest.mark.security("S82")
@pytest.mark.parametrize(
    ("spoil", "told"),
    [
        (as_link, "is a link"),
        (open_to_all, "others have rights"),
        (open_to_group, "others have rights"),
        (of_another, "belongs to another user"),
        (a_file, "File exists"),
        (parent_open, "others may write"),
        (parent_of_another, "belongs to another user"),
        (parent_missing, "No such file"),
    ],
)
def test_an_unsafe_folder_is_refused_with_text_and_the_instance_lives(
    folder: Path, spoil: Callable[[Path], None], told: str
) -> None:
    session = folder / "session"
    session.mkdir(mode=0o700)
    spoil(session / "keyrack")
    with pytest.raises(SocketRefused, match=told):
        Instance.acquire(session / "keyrack")
    instance = Instance.acquire(session / "keyrack", folder / "state" / "lock")
    assert instance is not None, "the window works without the socket"
    assert instance.sock is None
    assert instance.problem is not None
    assert told in instance.problem.happened
    assert "everything else works" in instance.problem.means
    with pytest.raises(NotTheOnly):
        Instance.acquire(session / "keyrack", folder / "state" / "lock", timeout=0.1)
    instance.close()


@pytest.mark.security("S82")
def test_a_path_that_is_too_long_is_refused_with_text(folder: Path) -> None:
    long = folder / ("x" * (108 - len(str(folder)) - len(SOCKET_NAME) - 2))
    instance = Instance.acquire(long, folder / "lock")
    assert instance is not None
    assert instance.problem is not None
    assert "107 bytes" in instance.problem.happened
    instance.close()
    fitting = long.with_name(long.name[1:])
    instance = Instance.acquire(fitting, folder / "lock")
    assert instance is not None
    assert instance.problem is None
    instance.close()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may mount a small file system")
def test_a_full_runtime_folder_is_told(folder: Path) -> None:
    disk = folder / "disk"
    disk.mkdir()
    options = ["-o", "size=16k,nr_inodes=2,mode=700"]
    if subprocess.run(["mount", "-t", "tmpfs", *options, "tmpfs", disk], capture_output=True, check=False).returncode:
        pytest.skip("mounting is not allowed here")
    try:
        (disk / "last inode").touch()
        instance = Instance.acquire(disk / "keyrack", folder / "lock")
        assert instance is not None
        assert instance.problem is not None
        assert "No space" in instance.problem.happened
        instance.close()
    finally:
        subprocess.run(["umount", disk], check=True)


@pytest.mark.security("S85")
def test_a_live_socket_is_never_removed(runtime: Path, folder: Path) -> None:
    """Another program listens there, or none accepts: the socket stays, and it is not taken over."""
    runtime.mkdir(mode=0o700)
    path = runtime / SOCKET_NAME
    with socket.socket(socket.AF_UNIX) as other:
        other.bind(str(path))
        other.listen(1)
        made = path.lstat()
        instance = Instance.acquire(runtime, folder / "lock", timeout=0.2)
        assert instance is not None
        assert instance.sock is None
        assert instance.problem is not None
        assert "another program answers" in instance.problem.happened
        instance.close()
        assert os.path.samestat(path.lstat(), made)
    instance = Instance.acquire(runtime, folder / "lock", timeout=0.2)
    assert instance is not None, "now it is stale"
    assert instance.problem is None
    instance.close()


@pytest.mark.security("S85")
@pytest.mark.parametrize("kind", ["file", "folder", "link"])
def test_what_is_not_a_socket_is_left_alone(runtime: Path, folder: Path, kind: str) -> None:
    runtime.mkdir(mode=0o700)
    path = runtime / SOCKET_NAME
    if kind == "file":
        path.write_text("x")
    elif kind == "folder":
        path.mkdir()
    else:
        path.symlink_to("elsewhere")
    instance = Instance.acquire(runtime, folder / "lock")
    assert instance is not None
    assert instance.problem is not None
    assert "is not a socket" in instance.problem.happened
    instance.close()
    assert os.path.lexists(path)


def test_closing_does_not_remove_the_socket_of_another(runtime: Path, folder: Path) -> None:
    instance = Instance.acquire(runtime, folder / "lock")
    assert instance is not None
    instance.path.unlink()
    with socket.socket(socket.AF_UNIX) as other:
        other.bind(str(instance.path))
        instance.close()
        instance.close()
        assert instance.path.exists()


def test_a_holder_that_does_not_answer_is_an_error_with_words(runtime: Path) -> None:
    instance = Instance.acquire(runtime)
    assert instance is not None
    began = time.monotonic()
    with pytest.raises(NotTheOnly, match="already running"):
        Instance.acquire(runtime, timeout=0.2)
    assert time.monotonic() - began < 2
    instance.close()


async def test_a_second_start_raises_the_window(living: tuple[Instance, list[str]]) -> None:
    instance, asked = living
    answer = await asyncio.to_thread(knock, instance.path, 5)
    assert answer is OtherInstance.RAISED
    assert asked == ["raise"]


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        (request("GET /v1/window/raise"), b"405"),
        (request("POST /"), b"404"),
        (request("POST /v2/window/raise"), b"404"),
        (request("POST /v1/window/raise?x=1"), b"400"),
        (request("POST /v1/window/raise", "Host: evil.example"), b"421"),
        (request("POST /v1/window/raise", "Host: localhost", "Host: localhost"), b"4"),
        (request("POST /v1/window/raise", "Host: localhost", "Origin: https://evil.example"), b"403"),
        (request("POST /v1/window/raise", "Host: localhost", "Content-Length: 99999999999"), b"4"),
        (request("POST /v1/window/raise", "Host: localhost", "Content-Length: -1"), b"4"),
        (b"POST /v1/window/raise HTTP/1.1\r\n\r\n", b"4"),
    ],
    ids=repr,
)
async def test_everything_else_is_refused(living: tuple[Instance, list[str]], sent: bytes, status: bytes) -> None:
    instance, asked = living
    answer = await talk(instance.path, sent)
    assert answer.startswith(b"HTTP/1.1 " + status)
    assert asked == []


@pytest.mark.parametrize("sent", [b"\x16\x03\x01\x02\x00\x01", b"\x00" * 4096, b"raise\n\n"], ids=repr)
async def test_bytes_that_are_not_http_raise_nothing(living: tuple[Instance, list[str]], sent: bytes) -> None:
    instance, asked = living
    _, writer = await asyncio.open_unix_connection(instance.path)
    writer.write(sent)
    writer.close()
    assert await asyncio.to_thread(knock, instance.path, 5) is OtherInstance.RAISED
    assert asked == ["raise"]


@pytest.mark.security("S84")
async def test_a_client_of_another_user_is_refused_although_the_modes_would_let_it(
    living: tuple[Instance, list[str]], folder: Path
) -> None:
    if os.geteuid() != 0:
        pytest.skip("only root may become another user")
    instance, asked = living
    for path in (folder, instance.path.parent):
        path.chmod(0o755)
    instance.path.chmod(0o777)
    client = f"""
        import os, socket
        os.setgroups([]); os.setresgid(65534, 65534, 65534); os.setresuid(65534, 65534, 65534)
        with socket.socket(socket.AF_UNIX) as client:
            client.connect({str(instance.path)!r})
            client.sendall({request()!r})
            print(client.recv(12).decode())
    """
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", textwrap.dedent(client), stdout=subprocess.PIPE, env=ENV
    )
    answer, _ = await process.communicate()
    assert answer.strip() == b"HTTP/1.1 403"
    assert asked == []


@pytest.mark.security("S84")
def test_a_program_of_another_user_cannot_pass_for_the_one_that_runs(folder: Path) -> None:
    if os.geteuid() != 0:
        pytest.skip("only root may become another user")
    folder.chmod(0o777)
    place = folder / SOCKET_NAME
    code = f"""
        import os, socket
        os.setgroups([]); os.setresgid(65534, 65534, 65534); os.setresuid(65534, 65534, 65534)
        with socket.socket(socket.AF_UNIX) as sock:
            sock.bind({str(place)!r})
            sock.listen()
            print("listens", flush=True)
            with sock.accept()[0] as client:
                print(client.recv(100), flush=True)
                client.send(b"HTTP/1.1 200 OK\\r\\n\\r\\n")
    """
    quiet = subprocess.DEVNULL
    with subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(code)], stdout=subprocess.PIPE, stderr=quiet, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "listens\n"
        assert knock(place, 5) is OtherInstance.STRANGE
        assert process.stdout.readline() == "b''\n", "it was asked nothing"


@pytest.mark.security("S84")
def test_a_peer_that_the_kernel_does_not_name_is_nobody() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as other:
        assert peer_uid(other) != os.geteuid()
    closed = socket.socket(socket.AF_UNIX)
    closed.close()
    assert peer_uid(closed) is None
    ours, theirs = socket.socketpair(socket.AF_UNIX)
    with ours, theirs:
        assert peer_uid(ours) == os.geteuid()


@pytest.mark.security("S84")
async def test_unreadable_credentials_are_refused(
    living: tuple[Instance, list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    instance, asked = living
    monkeypatch.setattr("keyrack.broker.socket_server.peer_uid", lambda _: None)
    assert (await talk(instance.path, request())).startswith(b"HTTP/1.1 403")
    assert asked == []


def test_the_second_start_needs_the_standard_library_alone() -> None:
    code = """
        import sys
        before = set(sys.modules)
        import keyrack.broker.instance.instance
        loaded = {name.split(".")[0] for name in set(sys.modules) - before} - {"keyrack"}
        print(sorted(loaded - sys.stdlib_module_names), "asyncio" in sys.modules)
    """
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(code)], env=ENV, capture_output=True, text=True, timeout=30, check=True
    )
    assert done.stdout == "[] False\n"


@pytest.mark.security("S82")
async def test_nothing_listens_on_tcp_or_in_the_abstract_namespace(living: tuple[Instance, list[str]]) -> None:
    instance, _ = living
    assert instance.sock is not None
    assert instance.sock.family == socket.AF_UNIX
    table = Path("/proc/net/unix").read_text()
    assert str(instance.path) in table
    assert f"@{instance.path}" not in table


def test_a_home_without_locks_is_told_with_the_place_and_the_way_out(
    folder: Path, runtime: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def without_locks(descriptor: int, operation: int) -> None:
        raise OSError(errno.ENOLCK, "No locks available")

    (folder / "state").mkdir()
    (folder / "state" / "accounts.json").write_text("kept")
    monkeypatch.setattr(fcntl, "flock", without_locks)
    with pytest.raises(NoInstanceLock) as why:
        Instance.acquire(runtime, folder / "state" / "lock")
    assert f"The file system of {folder / 'state'} has no file locks." in why.value.happened
    assert "Set XDG_STATE_HOME" in why.value.todo
    assert not runtime.exists(), "nothing was begun"
    assert (folder / "state" / "accounts.json").read_text() == "kept"


def test_a_lock_file_that_cannot_be_made_is_told(folder: Path, runtime: Path) -> None:
    (folder / "state").write_text("a file")
    with pytest.raises(NoInstanceLock, match="cannot make its lock file") as why:
        Instance.acquire(runtime, folder / "state" / "lock")
    assert str(folder / "state" / "lock") in why.value.happened
    assert "set XDG_STATE_HOME to another one" in why.value.todo
