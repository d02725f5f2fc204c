"""Keyrack runs once per user: the instance lock and the local socket (S82 to S86).

Needs the standard library alone, so that a second start is over at once. `SocketServer` serves the socket once the
first window is up. On Windows there is the lock but no socket.
"""

import contextlib
import os
import socket
from collections.abc import Iterator, Sequence
from pathlib import Path

from keyrack.broker.instance import lock_file as file_lock
from keyrack.broker.instance.other_instance import OtherInstance, knock, knock_until_open
from keyrack.broker.instance.socket_file import SocketFile, clear_stale, is_socket
from keyrack.broker.instance.socket_folder import SocketRefused, check_length, checked_folder
from keyrack.broker.instance.socket_record import read_record, remove_record, write_record
from keyrack.core.system.private_file import make_folder
from keyrack.primitives.failure import Failure, plain

SOCKET_NAME = "keyrack.sock"
LOCK_NAME = "instance.lock"
_HAS_SOCKETS = hasattr(socket, "AF_UNIX") and os.name == "posix"
_TIMEOUT = 5.0


class NotTheOnly(Failure):
    """Another Keyrack runs or holds the socket, and did not raise its window when it was asked to."""

    code = "other_silent"


class AgentRuns(NotTheOnly):
    """The other Keyrack is an agent, which has no window to raise."""

    code = "agent_runs"


class Instance:
    """This process is the one instance. `problem` says why there is no socket, if there is none.

    `places` are the folders for the socket, the best one first.
    """

    def __init__(self, places: Sequence[Path], lock_file: Path, lock: int) -> None:
        self.places = places
        self.problem: SocketRefused | None = None
        self._lock_file = lock_file
        self._lock = lock
        self._bound: SocketFile | None = None

    @classmethod
    def acquire(
        cls, runtime: Path, lock: Path | None = None, *, spare: Sequence[Path] = (), timeout: float = _TIMEOUT
    ) -> "Instance | None":
        """The instance, or None when another one runs and has raised its window.

        `spare` are folders for the socket where `runtime` cannot be used. `lock` is the lock file, by default one in
        `runtime`. In the state folder it also excludes a second instance in a session with another runtime folder.
        `timeout` is how many seconds the other instance may take to respond.
        Raises AgentRuns when the other instance has no window, NotTheOnly when it does not respond, SocketRefused
        when `runtime` is unsafe and no `lock` was given, NoInstanceLock when there can be no lock.
        """
        places = (runtime, *spare)
        lock_file = lock or checked_folder(runtime) / LOCK_NAME
        descriptor = _locked(lock_file)
        if descriptor is None:
            _raise_other_window(places, lock_file.parent, timeout)
            return None
        instance = cls(places, lock_file, descriptor)
        try:
            alone = not _HAS_SOCKETS or instance._open(timeout)
        except BaseException:
            file_lock.release(descriptor)
            raise
        if not alone:
            file_lock.release(descriptor)
            return None
        return instance

    @property
    def sock(self) -> socket.socket | None:
        """The listening socket."""
        return None if self._bound is None else self._bound.sock

    @property
    def path(self) -> Path:
        """Where the socket is, or would be."""
        return self.places[0] / SOCKET_NAME if self._bound is None else self._bound.path

    def _open(self, timeout: float) -> bool:
        """Bind in the first folder that can be used. Returns False when another instance responded (S85)."""
        for path in _known(self.places, self._lock_file.parent):
            if path.parent not in self.places and _responds(path, timeout):
                return False
        for folder in self.places:
            path = folder / SOCKET_NAME
            try:
                checked_folder(folder)
                check_length(path)
                if _other_answers(path, timeout):
                    return False
                self._use(SocketFile.make(path))
            except SocketRefused as refused:
                self.problem = self.problem or refused
                continue
            self.problem = None
            return True
        return True

    def _use(self, bound: SocketFile) -> None:
        self._bound = bound
        write_record(self._lock_file.parent, bound.path)

    def restore(self) -> socket.socket | None:
        """Make the lock, the note and the socket anew where their files are gone, and move to a better folder.

        Returns the socket to serve from now on when it is another one. Nothing is waited for, and nothing is taken
        from another instance that has begun meanwhile (S85).
        """
        if self._lock < 0 or not _HAS_SOCKETS:
            return None
        self._keep_lock()
        before, refused = self._bound, None
        for folder in self.places:
            if before is not None and before.path.parent == folder and before.in_place:
                write_record(self._lock_file.parent, before.path)
                return None
            try:
                bound = _rebound(folder / SOCKET_NAME)
            except SocketRefused as why:
                refused = refused or why
                continue
            if before is not None:
                before.remove_file()
            self._use(bound)
            self.problem = None
            return bound.sock
        self.problem = refused
        return None

    def _keep_lock(self) -> None:
        """Take the lock again after its file was removed or replaced. Until then a second instance finds the socket."""
        if file_lock.is_held(self._lock, self._lock_file):
            return
        with contextlib.suppress(file_lock.NoInstanceLock):
            fresh = _locked(self._lock_file)
            if fresh is not None:
                file_lock.release(self._lock)
                self._lock = fresh

    def close(self) -> None:
        """Remove this instance's own socket, then release the lock."""
        if self._bound is not None:
            self._bound.remove_file()
            self._bound.sock.close()
            remove_record(self._lock_file.parent, self._bound.path)
            self._bound = None
        if self._lock >= 0:
            file_lock.release(self._lock)
        self._lock = -1


def known_paths(places: Sequence[Path], folder: Path) -> Sequence[Path]:
    """Where another instance of this user may listen: in each of the places, and where the note in `folder` says."""
    return list(_known(places, folder))


def _known(places: Sequence[Path], folder: Path) -> Iterator[Path]:
    yield from (place / SOCKET_NAME for place in places)
    noted = read_record(folder)
    if noted is not None and noted.parent not in places:
        yield noted


def _rebound(path: Path) -> SocketFile:
    checked_folder(path.parent)
    clear_stale(path)
    return SocketFile.make(path)


def _locked(path: Path) -> int | None:
    try:
        make_folder(path.parent)
    except OSError as error:
        raise file_lock.NoInstanceLock.for_error(path, error) from error
    return file_lock.lock(path)


def _raise_other_window(places: Sequence[Path], folder: Path, timeout: float) -> None:
    """Have the holder of the lock raise its window."""
    if not _HAS_SOCKETS:
        return
    answer = knock_until_open(lambda: known_paths(places, folder), timeout)
    if answer is OtherInstance.RAISED:
        return
    if answer is OtherInstance.AGENT:
        raise AgentRuns
    raise NotTheOnly


def _responds(path: Path, timeout: float) -> bool:
    """Whether a running Keyrack raised its window. Raises AgentRuns."""
    answer = knock(path, timeout)
    if answer is OtherInstance.AGENT:
        raise AgentRuns
    return answer is OtherInstance.RAISED


def _other_answers(path: Path, timeout: float) -> bool:
    """Whether a running Keyrack listens at the path. A stale socket is removed, anything else is left alone."""
    if not is_socket(path):
        return False
    answer = knock(path, timeout)
    if answer is OtherInstance.STRANGE:
        raise SocketRefused("socket_in_use", path=plain(str(path)))
    if answer is OtherInstance.NOBODY:
        path.unlink(missing_ok=True)
    if answer is OtherInstance.AGENT:
        raise AgentRuns
    return answer is OtherInstance.RAISED
