"""Sends requests to the running Keyrack at its local socket, over HTTP/1.1.

Importing takes most of a verb's time, so this module imports little of the standard library and next to nothing else.
"""

import os
import socket
import time
from collections.abc import Mapping

from keyrack.cli.exit_codes import NOT_RUNNING, REFUSED, UNEXPECTED, CommandFailed, of_answer
from keyrack.cli.socket_path import socket_paths
from keyrack.language.translation import mark, spoken, tr
from keyrack.net.unix_peer import peer_uid
from keyrack.net.unix_request import BadResponse, UnixRequest, connect

SECONDS = 35.0
_NOBODY = mark("Keyrack is not running. Start it with `keyrack`, or `keyrack agent`.")
_NOBODY_THERE = mark("The sandbox is not running. Start it with `keyrack --sandbox`, or `keyrack agent --sandbox`.")
_UNRESERVED = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~"


class SocketClient:
    """The connection to the running Keyrack. One call takes `seconds` at most.

    Calls raise CommandFailed: with 7 when no Keyrack listens, else with what the response says.
    """

    def __init__(self, *, sandbox: bool, seconds: float = SECONDS) -> None:
        self.sandbox = sandbox
        self._paths = socket_paths(sandbox=sandbox)
        self.path = self._paths[0] if self._paths else ""
        self._seconds = seconds
        self.command = "keyrack --sandbox" if sandbox else "keyrack"

    def call(self, method: str, path: str, body: Mapping[str, object] | None = None) -> dict[str, object]:
        """The answer's object."""
        ends = time.monotonic() + self._seconds
        with self._connected(ends) as sock:
            answer = self._asked(UnixRequest(sock, ends), method, path, body)
        if "error" in answer:
            raise self._declined(answer["error"])
        return answer

    def _declined(self, error: object) -> CommandFailed:
        """The failure of an error response. Commands in its text are made to reach the same Keyrack."""
        problem = of_answer(error)
        problem.text = problem.text.replace("`keyrack ", f"`{self.command} ")
        return problem

    def _said(self, keyrack: str, sandbox: str, **values: object) -> str:
        """The sentence about the one that was asked."""
        sentence = sandbox if self.sandbox else keyrack
        return tr(sentence, **values)

    def knock(self) -> None:
        """Check that a Keyrack of this user listens."""
        self._connected(time.monotonic() + self._seconds).close()

    def _asked(
        self, request: UnixRequest, method: str, path: str, body: Mapping[str, object] | None
    ) -> dict[str, object]:
        try:
            request.send(method, path, body, spoken())
            return request.response()[1]
        except TimeoutError:
            late = mark("Keyrack runs, but did not answer within {seconds} seconds.")
            late_there = mark("The sandbox runs, but did not answer within {seconds} seconds.")
            raise CommandFailed(NOT_RUNNING, self._said(late, late_there, seconds=f"{self._seconds:g}")) from None
        except OSError:
            ended = self._said(mark("Keyrack ended before it answered."), mark("The sandbox ended before it answered."))
            raise CommandFailed(NOT_RUNNING, ended) from None
        except (BadResponse, ValueError, RecursionError):
            odd = mark("Keyrack answered what this command does not understand.")
            odd_there = mark("The sandbox answered what this command does not understand.")
            raise CommandFailed(UNEXPECTED, self._said(odd, odd_there)) from None

    def _connected(self, ends: float) -> socket.socket:
        """The connection at the first path where a Keyrack of this user listens."""
        if not self._paths:
            raise CommandFailed(NOT_RUNNING, tr("Keyrack has no local socket on Windows yet."))
        problems = []
        for path in self._paths:
            try:
                sock = self._connected_at(path, ends)
            except CommandFailed as problem:
                problems.append(problem)
            except OSError as error:
                if not isinstance(error, FileNotFoundError | NotADirectoryError | ConnectionRefusedError):
                    problems.append(self._unreachable(path, error))
            else:
                self.path = path
                return sock
        raise problems[0] if problems else self._nobody()

    def _connected_at(self, path: str, ends: float) -> socket.socket:
        sock = socket.socket(socket.AF_UNIX)
        try:
            connect(sock, path, ends)
            if peer_uid(sock) != os.geteuid():
                said = tr("A program of another user listens at {path}, and was asked nothing.", path=path)
                raise CommandFailed(NOT_RUNNING, said)
        except BaseException:
            sock.close()
            raise
        return sock

    def _unreachable(self, path: str, error: OSError) -> CommandFailed:
        if isinstance(error, BlockingIOError):
            busy = self._said(mark("Keyrack is busy. Try again."), mark("The sandbox is busy. Try again."))
            return CommandFailed(REFUSED, busy)
        out, out_there = (
            mark("Keyrack cannot be reached at {path}: {why}."),
            mark("The sandbox cannot be reached at {path}: {why}."),
        )
        return CommandFailed(NOT_RUNNING, self._said(out, out_there, path=path, why=error.strerror or error))

    def _nobody(self) -> CommandFailed:
        """The failure when no Keyrack listens. It says whether the other one does: the sandbox, or Keyrack itself."""
        if not any(map(_listens, socket_paths(sandbox=not self.sandbox))):
            return CommandFailed(NOT_RUNNING, self._said(_NOBODY, _NOBODY_THERE))
        if self.sandbox:
            return CommandFailed(
                NOT_RUNNING, tr("The sandbox is not running, but Keyrack itself is: leave out --sandbox.")
            )
        return CommandFailed(NOT_RUNNING, tr("Keyrack is not running, but its sandbox is: add --sandbox."))


def path_of(*parts: str) -> str:
    """The path of these segments, each percent-encoded (RFC 3986 section 2.1)."""
    return "".join("/" + "".join(map(_encoded, part.encode())) for part in parts)


def _encoded(byte: int) -> str:
    return chr(byte) if byte in _UNRESERVED else f"%{byte:02X}"


def _listens(path: str) -> bool:
    with socket.socket(socket.AF_UNIX) as sock:
        try:
            connect(sock, path, time.monotonic())
        except OSError:
            return False
    return True
