"""The socket, the lock and the note come back when something removes them, and nothing is taken from another."""

import asyncio
import shutil
import socket
import stat
import subprocess
import sys
import tempfile
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path

import pytest

from keyrack.broker.instance.instance import LOCK_NAME, SOCKET_NAME, AgentRuns, Instance
from keyrack.broker.instance.other_instance import OtherInstance, knock
from keyrack.broker.instance.socket_record import RECORD_NAME
from keyrack.broker.instance.take_over import take_over
from keyrack.broker.protocol.route import Host
from keyrack.broker.socket_server import SocketServer
from keyrack.cli import socket_path
from tests.until import until

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="there is no local socket on Windows yet")


class Kept:
    """One person's folders, and an instance of this process that serves in them and looks after its socket."""

    def __init__(self, folder: Path) -> None:
        self.session, self.state = folder / "session", folder / "state"
        self.session.mkdir(mode=0o700)
        self.runtime, self.spare = self.session / "keyrack", self.state / "run"
        self.lock = self.state / LOCK_NAME
        self.asked: list[str] = []
        instance = self.acquire()
        assert instance is not None
        self.instance = instance
        host = Host("window", lambda: self.asked.append("raise"))
        self.server = SocketServer(instance, host, watch_seconds=0.01)

    def acquire(self, session: str = "session") -> Instance | None:
        """A start in a session whose runtime folder has this name."""
        return Instance.acquire(
            self.session.with_name(session) / "keyrack", self.lock, spare=(self.spare,), timeout=0.5
        )

    async def answers(self, folder: Path) -> bool:
        """Whether the instance answers at the socket of this folder."""
        return await asyncio.to_thread(knock, folder / SOCKET_NAME, 5) is OtherInstance.RAISED


@pytest.fixture
def folder() -> Iterator[Path]:
    """A short path: the socket's own must fit into 107 bytes."""
    with tempfile.TemporaryDirectory(prefix="kr") as name:
        yield Path(name)


@pytest.fixture
async def kept(folder: Path) -> AsyncIterator[Kept]:
    made = Kept(folder)
    await made.server.serve(None)
    yield made
    await made.server.close()
    made.instance.close()


def file_gone(kept: Kept) -> None:
    (kept.runtime / SOCKET_NAME).unlink()


def folder_gone(kept: Kept) -> None:
    shutil.rmtree(kept.runtime)


def session_gone_and_made_again(kept: Kept) -> None:
    shutil.rmtree(kept.session)
    kept.session.mkdir(mode=0o700)


def session_and_state_gone(kept: Kept) -> None:
    session_gone_and_made_again(kept)
    shutil.rmtree(kept.state)


def another_socket_in_its_place(kept: Kept) -> None:
    file_gone(kept)
    with socket.socket(socket.AF_UNIX) as stale:
        stale.bind(str(kept.runtime / SOCKET_NAME))


@pytest.mark.security("S83", "S85")
@pytest.mark.parametrize(
    "remove",
    [file_gone, folder_gone, session_gone_and_made_again, session_and_state_gone, another_socket_in_its_place],
)
async def test_what_is_removed_comes_back(kept: Kept, remove: Callable[[Kept], None]) -> None:
    for _ in range(2):
        remove(kept)
        await until(lambda: kept.answers(kept.runtime))
        assert stat.S_IMODE((kept.runtime / SOCKET_NAME).lstat().st_mode) == 0o600
    assert await asyncio.to_thread(kept.acquire) is None, "a second start finds the first"


@pytest.mark.security("S86")
@pytest.mark.parametrize("name", [LOCK_NAME, RECORD_NAME])
async def test_the_lock_and_the_note_come_back(kept: Kept, name: str) -> None:
    for _ in range(2):
        (kept.state / name).unlink()
        await until((kept.state / name).exists)
        await asyncio.sleep(0)
    other = await asyncio.to_thread(kept.acquire, "elsewhere")
    assert other is None, "the lock is held, and the note names the socket that answers"


async def test_without_the_session_folder_it_moves_to_the_spare_one_and_back(kept: Kept) -> None:
    shutil.rmtree(kept.session)
    await until(lambda: kept.answers(kept.spare))
    assert await asyncio.to_thread(kept.acquire) is None
    kept.session.mkdir(mode=0o700)
    await until(lambda: kept.answers(kept.runtime))
    assert not (kept.spare / SOCKET_NAME).exists()


@pytest.mark.security("S85")
async def test_a_socket_that_another_program_took_is_left_to_it(kept: Kept, caplog: pytest.LogCaptureFixture) -> None:
    shutil.rmtree(kept.spare, ignore_errors=True)
    kept.spare.write_text("in the way")
    path = kept.runtime / SOCKET_NAME
    with socket.socket(socket.AF_UNIX) as other:
        path.unlink()
        other.bind(str(path))
        other.listen()
        made = path.lstat()
        await until(lambda: "another program answers" in caplog.text)
        looks = kept.instance.restore(), kept.instance.restore()
        assert looks == (None, None)
        assert path.lstat().st_ino == made.st_ino
    await until(lambda: kept.answers(kept.runtime))
    assert caplog.text.count("another program answers") == 1, "told once, not at each look"


async def test_requests_of_before_are_answered_after_the_move(kept: Kept) -> None:
    reader, writer = await asyncio.open_unix_connection(kept.runtime / SOCKET_NAME)
    writer.write(b"POST /v1/window/raise HTTP/1.1\r\nHost: keyrack\r\n")
    session_gone_and_made_again(kept)
    await until(lambda: kept.answers(kept.runtime))
    writer.write(b"\r\n")
    assert (await reader.readline()).startswith(b"HTTP/1.1 200")
    writer.close()


@pytest.mark.security("S85", "S86")
async def test_a_start_in_another_session_finds_the_first(kept: Kept, monkeypatch: pytest.MonkeyPatch) -> None:
    assert await asyncio.to_thread(kept.acquire, "another") is None
    assert kept.asked == ["raise"]
    kept.lock.unlink()
    assert await asyncio.to_thread(kept.acquire, "another") is None, "the note is enough where the lock was removed"
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(kept.session.with_name("another")))
    (kept.state.parent / "home").mkdir()
    kept.state.rename(kept.state.parent / "home" / "keyrack")
    monkeypatch.setenv("XDG_STATE_HOME", str(kept.state.parent / "home"))
    assert socket_path.socket_paths(sandbox=False)[-1] == str(kept.runtime / SOCKET_NAME)


@pytest.mark.security("S86")
async def test_a_window_takes_over_an_agent_of_another_session(folder: Path) -> None:
    kept = Kept(folder)
    stopped = asyncio.Event()
    loop = asyncio.get_running_loop()
    agent = SocketServer(kept.instance, Host("agent", stop=stopped.set), watch_seconds=0.01)
    await agent.serve(None)
    with pytest.raises(AgentRuns):
        await asyncio.to_thread(kept.acquire, "another")
    another = kept.session.with_name("another") / "keyrack"
    taking = loop.run_in_executor(None, lambda: take_over(another, kept.lock, spare=(kept.spare,)))
    await stopped.wait()
    await agent.close()
    kept.instance.close()
    taken = await taking
    assert taken is not None
    assert taken.path == kept.spare / SOCKET_NAME
    taken.close()
    assert not (kept.state / RECORD_NAME).exists()


def test_the_note_is_read_by_the_command_line(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(folder / "none"))
    monkeypatch.setenv("XDG_STATE_HOME", str(folder))
    instance = Instance.acquire(folder / "ké\ttwo", folder / "keyrack" / LOCK_NAME)
    assert instance is not None
    assert socket_path.RECORD_NAME == RECORD_NAME
    assert socket_path.socket_paths(sandbox=False)[-1] == str(instance.path)
    instance.close()
    assert str(instance.path) not in socket_path.socket_paths(sandbox=False)


@pytest.mark.parametrize("noted", [b"", b"relative\n", b"/a\0b\n", b"\n", b"/" + b"x" * 9_000], ids=repr)
def test_a_damaged_note_is_none(folder: Path, monkeypatch: pytest.MonkeyPatch, noted: bytes) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(folder))
    (folder / "keyrack").mkdir()
    (folder / "keyrack" / RECORD_NAME).write_bytes(noted)
    code = "from keyrack.__main__ import main; raise SystemExit(main(['status']))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (7, "")
    assert "Traceback" not in done.stderr
