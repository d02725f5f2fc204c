"""The command line's way to the socket: where it is, who listens there, and answers of every kind."""

import contextlib
import os
import socket
import subprocess
import sys
import tempfile
import textwrap
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from keyrack.broker.instance.instance import SOCKET_NAME
from keyrack.cli.exit_codes import EXIT_CODES, CommandFailed
from keyrack.cli.socket_client import SocketClient, path_of
from keyrack.cli.socket_path import socket_paths
from keyrack.core.system.paths import paths
from tests.cli.fake_socket import FakeSocket, answering, refusal, reply

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="there is no local socket on Windows yet")


@pytest.fixture
def runtime(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The session's folder: short, because a socket's path must be."""
    with tempfile.TemporaryDirectory(prefix="kr") as name:
        monkeypatch.setenv("XDG_RUNTIME_DIR", name)
        yield Path(name)


@pytest.fixture
def other(runtime: Path) -> Iterator[FakeSocket]:
    with answering(runtime / "keyrack" / SOCKET_NAME) as found:
        yield found


def problem(client: SocketClient, path: str = "/v1/status") -> CommandFailed:
    with pytest.raises(CommandFailed) as raised:
        client.call("GET", path)
    return raised.value


@pytest.mark.security("S82")
@pytest.mark.parametrize("sandbox", [False, True])
@pytest.mark.parametrize(
    "changed",
    [
        {},
        {"XDG_RUNTIME_DIR": ""},
        {"XDG_RUNTIME_DIR": "relative"},
        {"XDG_RUNTIME_DIR": "", "XDG_STATE_HOME": "/sample/state"},
        {"XDG_RUNTIME_DIR": "", "XDG_STATE_HOME": ""},
        {"XDG_RUNTIME_DIR": "", "XDG_STATE_HOME": " "},
    ],
    ids=repr,
)
def test_the_socket_is_looked_for_where_it_is_made(
    monkeypatch: pytest.MonkeyPatch, changed: dict[str, str], sandbox: bool
) -> None:
    for variable, value in changed.items():
        monkeypatch.setenv(variable, value)
    made = paths(sandbox)
    assert socket_paths(sandbox=sandbox) == [str(folder / SOCKET_NAME) for folder in (made.runtime, *made.spare)]


def test_a_request_says_what_is_asked_and_nothing_more(other: FakeSocket) -> None:
    other.answer = reply({"version": 1, "fine": True})
    assert SocketClient(sandbox=False).call("GET", path_of("v1", "accounts", "Ünï/code ?#%", "token")) == {
        "version": 1,
        "fine": True,
    }
    line = "GET /v1/accounts/%C3%9Cn%C3%AF%2Fcode%20%3F%23%25/token HTTP/1.1"
    assert other.asked == [
        (f"{line}\r\nHost: keyrack\r\nConnection: close\r\nAccept-Language: en", b""),
    ]


def test_a_body_is_json_with_its_length(other: FakeSocket) -> None:
    SocketClient(sandbox=False).call("POST", "/v1/unlock", {"passphrase": "sample ü"})
    head, body = other.asked[0]
    assert body == b'{"passphrase": "sample \\u00fc"}'
    assert head.endswith(f"\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\nAccept-Language: en")


@pytest.mark.parametrize("code", [*EXIT_CODES, "unexpected", "of a later version"])
def test_each_code_of_an_answer_is_an_exit_code(other: FakeSocket, code: str) -> None:
    other.answer = refusal(code, "It is so.", "It means this.", "Do that.")
    found = problem(SocketClient(sandbox=False))
    assert found.text == "It is so. It means this. Do that."
    assert found.exit_code == EXIT_CODES.get(code, 1)


def test_control_characters_of_an_answer_become_spaces(other: FakeSocket) -> None:
    other.answer = refusal("refused", "a\x1b[31mred\r\nb\u202etxt.exe\x00\x9b", "\x07", "x" * 5000)
    text = problem(SocketClient(sandbox=False)).text
    assert text.startswith("a [31mred b txt.exe xxx")
    assert text.isprintable()
    assert len(text) <= 1000


@pytest.mark.parametrize(
    "error", [None, "text", [], {}, {"code": 7}, {"code": "locked", "happened": 1}, {"code": ["x"]}], ids=repr
)
def test_an_error_without_words_has_some(other: FakeSocket, error: object) -> None:
    other.answer = reply({"version": 1, "error": error}, 500)
    assert problem(SocketClient(sandbox=False)).text == "Keyrack refused without saying why."


STRANGE = {
    "not http": b"220 mail.example ESMTP\r\n\r\n",
    "http 1.0": b"HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\n{}",
    "no length": b"HTTP/1.1 200 OK\r\n\r\n{}",
    "a bad length": b"HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n{}",
    "a length in words": b"HTTP/1.1 200 OK\r\nContent-Length: two\r\n\r\n{}",
    "a huge length": b"HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n{}",
    "an endless line": b"HTTP/1.1 200 " + b"x" * 200_000,
    "no json": reply(b"<html>"),
    "a list": reply(b"[]"),
    "deep json": reply(b'{"a":' * 90_000),
    "no utf-8": reply(b'{"a": "\xff"}'),
}


@pytest.mark.parametrize("answer", STRANGE.values(), ids=STRANGE)
def test_a_strange_answer_is_one_sentence(other: FakeSocket, answer: bytes) -> None:
    other.answer = answer
    found = problem(SocketClient(sandbox=False))
    assert (found.exit_code, found.text) == (1, "Keyrack answered what this command does not understand.")


@pytest.mark.parametrize("answer", [b"", b"HTTP/1.1 200", reply({"a": "b"})[:-1]], ids=["none", "head", "body"])
def test_an_answer_that_breaks_off_is_7(other: FakeSocket, answer: bytes) -> None:
    other.answer = answer
    found = problem(SocketClient(sandbox=False))
    assert (found.exit_code, found.text) == (7, "Keyrack ended before it answered.")


def test_a_refusal_before_the_request_was_read_is_told(runtime: Path) -> None:
    """As a full server does it (C3.9)."""
    path = runtime / "keyrack" / SOCKET_NAME
    path.parent.mkdir(mode=0o700)
    with socket.socket(socket.AF_UNIX) as sock:
        sock.bind(str(path))
        sock.listen()

        def refuse() -> None:
            connection, _ = sock.accept()
            connection.sendall(refusal("busy", "Keyrack is busy."))
            connection.close()

        for body in ({}, {"passphrase": "x" * 1_000_000}):  # the first is taken by the kernel, the second never
            thread = threading.Thread(target=refuse)
            thread.start()
            with pytest.raises(CommandFailed) as raised:
                SocketClient(sandbox=False).call("POST", "/v1/unlock", body)
            thread.join()
            assert (raised.value.exit_code, raised.value.text) == (8, "Keyrack is busy.")


def test_silence_ends_at_the_deadline(other: FakeSocket) -> None:
    other.answer = None
    found = problem(SocketClient(sandbox=False, seconds=0.2))
    assert (found.exit_code, found.text) == (7, "Keyrack runs, but did not answer within 0.2 seconds.")


def test_the_deadline_is_for_the_whole_answer(runtime: Path) -> None:
    """An answer that comes byte by byte, each within the time, is cut off all the same."""
    path = runtime / "keyrack" / SOCKET_NAME
    path.parent.mkdir(mode=0o700)
    over = threading.Event()

    def trickle(sock: socket.socket) -> None:
        connection, _ = sock.accept()
        with connection, contextlib.suppress(BrokenPipeError):
            connection.recv(65536)
            connection.sendall(b"HTTP/1.1 200 OK\r\n")
            for _ in range(100):
                if over.wait(0.05):
                    return
                connection.sendall(b"X: y\r\n")

    with socket.socket(socket.AF_UNIX) as sock:
        sock.bind(str(path))
        sock.listen()
        thread = threading.Thread(target=trickle, args=(sock,))
        thread.start()
        try:
            assert "within 0.3 seconds" in problem(SocketClient(sandbox=False, seconds=0.3)).text
        finally:
            over.set()
            thread.join()


def test_nobody_listens(runtime: Path) -> None:
    told = "Keyrack is not running. Start it with `keyrack`, or `keyrack agent`."
    assert problem(SocketClient(sandbox=False)).text == told
    path = runtime / "keyrack" / SOCKET_NAME
    path.parent.mkdir()
    with socket.socket(socket.AF_UNIX) as stale:
        stale.bind(str(path))
    found = problem(SocketClient(sandbox=False))
    assert (found.exit_code, found.text) == (7, told)
    path.unlink()
    path.write_text("x")
    assert problem(SocketClient(sandbox=False)).exit_code == 7


def test_the_sandbox_is_named_when_it_is_the_one_that_runs(other: FakeSocket, runtime: Path) -> None:
    found = problem(SocketClient(sandbox=True))
    told = "The sandbox is not running, but Keyrack itself is: leave out --sandbox."
    assert (found.exit_code, found.text) == (7, told)
    (runtime / "keyrack").rename(runtime / "keyrack-sandbox")
    found = problem(SocketClient(sandbox=False))
    assert (found.exit_code, found.text) == (7, "Keyrack is not running, but its sandbox is: add --sandbox.")
    (runtime / "keyrack-sandbox").rename(runtime / "keyrack")
    assert other.asked == []


@pytest.mark.security("S82")
def test_a_path_that_no_socket_can_have_is_7(runtime: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """R42: the window runs without a socket there, and says so itself."""
    monkeypatch.setenv("XDG_RUNTIME_DIR", f"/{'x' * 120}")
    assert problem(SocketClient(sandbox=False)).exit_code == 7
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(runtime))
    (runtime / "keyrack").write_text("a file")
    assert problem(SocketClient(sandbox=False)).exit_code == 7


def test_a_full_queue_is_waited_for_and_then_busy(runtime: Path) -> None:
    """C3.9: more clients than wait to be accepted."""
    path = runtime / "keyrack" / SOCKET_NAME
    path.parent.mkdir(mode=0o700)
    with socket.socket(socket.AF_UNIX) as sock, socket.socket(socket.AF_UNIX) as waiting:
        sock.bind(str(path))
        sock.listen(0)
        waiting.connect(str(path))
        began = time.monotonic()
        found = problem(SocketClient(sandbox=False, seconds=0.1))
        assert (found.exit_code, found.text) == (8, "Keyrack is busy. Try again.")
        assert time.monotonic() - began >= 0.1, "it waited for a place"
        found_later: list[CommandFailed] = []
        late = threading.Thread(target=lambda: found_later.append(problem(SocketClient(sandbox=False, seconds=20))))
        late.start()
        sock.accept()[0].close()
        sock.accept()[0].close()
        late.join()
        assert found_later[0].text == "Keyrack ended before it answered."


@pytest.mark.security("S84")
def test_a_program_of_another_user_is_told_nothing(runtime: Path) -> None:
    if os.geteuid() != 0:
        pytest.skip("only root may become another user")
    folder = runtime / "keyrack"
    folder.mkdir()
    for path in (runtime, folder):
        path.chmod(0o777)
    code = f"""
        import os, socket
        os.setgroups([]); os.setresgid(65534, 65534, 65534); os.setresuid(65534, 65534, 65534)
        with socket.socket(socket.AF_UNIX) as sock:
            sock.bind({str(folder / SOCKET_NAME)!r})
            sock.listen()
            print("listens", flush=True)
            print(sock.accept()[0].recv(100), flush=True)
    """
    with subprocess.Popen([sys.executable, "-c", textwrap.dedent(code)], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "listens\n"
        found = problem(SocketClient(sandbox=False), "/v1/unlock")
        assert process.stdout.readline() == "b''\n"
    assert found.exit_code == 7
    assert found.text.startswith("A program of another user listens at ")
