"""Keyrack runs once per user: the instance lock and the local socket (S82 to S86).

Needs the standard library alone, so that a second start is over at once. `SocketServer` serves the socket once the
first window is up. On Windows there is the lock but no socket.
"""

import os
import socket
import stat
from dataclasses import dataclass
from pathlib import Path

from keyrack.broker.instance import lock_file as file_lock
from keyrack.broker.instance.other_instance import OtherInstance, knock, knock_until_open
from keyrack.broker.instance.socket_folder import SocketRefused, check_length, checked_folder
from keyrack.core.system.private_file import make_folder
from keyrack.primitives.failure import Failure, plain

SOCKET_NAME = "keyrack.sock"
LOCK_NAME = "instance.lock"
_HAS_SOCKETS = hasattr(socket, "AF_UNIX") and os.name == "posix"
_BACKLOG = 128
_TIMEOUT = 5.0


class NotTheOnly(Failure):
    """Another Keyrack runs or holds the socket, and did not raise its window when it was asked to."""

    code = "other_silent"


class AgentRuns(NotTheOnly):
    """The other Keyrack is an agent, which has no window to raise."""

    code = "agent_runs"


@dataclass(eq=False)
class Instance:
    """This process is the one instance. `problem` says why there is no socket, if there is none."""

    path: Path
    sock: socket.socket | None
    problem: SocketRefused | None
    _lock: int
    _socket_file: os.stat_result | None

    @classmethod
    def acquire(cls, runtime: Path, lock: Path | None = None, *, timeout: float = _TIMEOUT) -> "Instance | None":
        """The instance, or None when another one runs and has raised its window.

        `lock` is the lock file, by default one in `runtime`. In the state folder it also excludes a second instance in
        a session with another runtime folder. `patience` is how many seconds the other instance may take to respond.
        Raises AgentRuns when the other instance has no window, NotTheOnly when it does not respond, SocketRefused
        when `runtime` is unsafe and no `lock` was given, OSError when the lock file cannot be made.
        """
        path = runtime / SOCKET_NAME
        lock_file = lock or checked_folder(runtime) / LOCK_NAME
        make_folder(lock_file.parent)
        descriptor = file_lock.lock(lock_file)
        if descriptor is None:
            _raise_other_window(path, timeout)
            return None
        try:
            sock, problem = _open_socket(path, timeout)
        except BaseException:
            file_lock.release(descriptor)
            raise
        if sock is None and problem is None and _HAS_SOCKETS:
            file_lock.release(descriptor)
            return None
        return cls(path, sock, problem, descriptor, path.lstat() if sock else None)

    def close(self) -> None:
        """Remove this instance's own socket, then release the lock."""
        if self.sock is not None:
            self.sock.close()
        if self._socket_file is not None and _is_same_file(self.path, self._socket_file):
            self.path.unlink(missing_ok=True)
        self.sock = self._socket_file = None
        if self._lock >= 0:
            file_lock.release(self._lock)
        self._lock = -1


def _raise_other_window(path: Path, timeout: float) -> None:
    """Have the holder of the lock raise its window."""
    answer = knock_until_open(path, timeout) if _HAS_SOCKETS else OtherInstance.RAISED
    if answer is OtherInstance.RAISED:
        return
    if answer is OtherInstance.AGENT:
        raise AgentRuns
    raise NotTheOnly


def _open_socket(path: Path, timeout: float) -> tuple[socket.socket | None, SocketRefused | None]:
    """The bound socket, or the reason why there is none, or neither when another instance responded (S85)."""
    if not _HAS_SOCKETS:
        return None, None
    try:
        checked_folder(path.parent)
        check_length(path)
        if _other_answers(path, timeout):
            return None, None
        return _bind(path), None
    except SocketRefused as refused:
        return None, refused


def _other_answers(path: Path, timeout: float) -> bool:
    """Whether a running Keyrack listens at the path. A stale socket is removed, anything else is left alone."""
    try:
        status = path.lstat()
    except FileNotFoundError:
        return False
    if not stat.S_ISSOCK(status.st_mode):
        raise SocketRefused("socket_path_taken", path=plain(str(path)))
    answer = knock(path, timeout)
    if answer is OtherInstance.STRANGE:
        raise SocketRefused("socket_in_use", path=plain(str(path)))
    if answer is OtherInstance.NOBODY:
        path.unlink(missing_ok=True)
    if answer is OtherInstance.AGENT:
        raise AgentRuns
    return answer is OtherInstance.RAISED


def _bind(path: Path) -> socket.socket:
    """A listening socket that is 0600 from its first instant (S83)."""
    sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    before = os.umask(0o177)
    try:
        sock.bind(os.fspath(path))
        sock.listen(_BACKLOG)
    except OSError as error:
        sock.close()
        reason = plain(error.strerror or "no reason given")
        raise SocketRefused("socket_not_made", path=plain(str(path)), reason=reason) from error
    finally:
        os.umask(before)
    return sock


def _is_same_file(path: Path, made: os.stat_result) -> bool:
    try:
        return os.path.samestat(path.lstat(), made)
    except OSError:
        return False
