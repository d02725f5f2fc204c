"""One local socket that this process listens at, and its file (S83, S85)."""

import os
import socket
import stat
import time
from pathlib import Path
from typing import NamedTuple

from keyrack.broker.instance.socket_folder import SocketRefused, check_length, checked_folder
from keyrack.language.translation import Phrase, mark
from keyrack.net.unix_request import connect
from keyrack.primitives.failure import plain

_BACKLOG = 128


class SocketFile(NamedTuple):
    """A listening socket. `file` is what `lstat` said of its file when it was made."""

    path: Path
    sock: socket.socket
    file: os.stat_result

    @classmethod
    def make(cls, path: Path) -> "SocketFile":
        """Bind and listen in a checked folder. The file is 0600 from its first instant. Raises SocketRefused."""
        checked_folder(path.parent)
        check_length(path)
        sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        before = os.umask(0o177)
        try:
            sock.bind(os.fspath(path))
            sock.listen(_BACKLOG)
            return cls(path, sock, path.lstat())
        except OSError as error:
            sock.close()
            reason = plain(error.strerror) if error.strerror else Phrase(mark("no reason given"))
            raise SocketRefused("socket_not_made", path=plain(str(path)), reason=reason) from error
        finally:
            os.umask(before)

    @property
    def in_place(self) -> bool:
        """Whether the file is still there and is no other's."""
        try:
            return os.path.samestat(self.path.lstat(), self.file)
        except OSError:
            return False

    def remove_file(self) -> None:
        """Delete the file, unless another one is in its place."""
        if self.in_place:
            self.path.unlink(missing_ok=True)


def is_socket(path: Path) -> bool:
    """Whether a socket's file is at the path. Raises SocketRefused when anything else is."""
    try:
        mode = path.lstat().st_mode
    except OSError:
        return False
    if not stat.S_ISSOCK(mode):
        raise SocketRefused("socket_path_taken", path=plain(str(path)))
    return True


def clear_stale(path: Path) -> None:
    """Remove a socket's file behind which nobody listens. Raises SocketRefused when somebody does (S85).

    Nothing is sent, and nothing is waited for.
    """
    if not is_socket(path):
        return
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as client:
        try:
            connect(client, os.fspath(path), time.monotonic())
        except ConnectionRefusedError:
            path.unlink(missing_ok=True)
            return
        except OSError:
            pass
    raise SocketRefused("socket_in_use", path=plain(str(path)))
