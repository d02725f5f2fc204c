"""Which program is at the other end of the local socket, as the kernel and /proc tell (S84, S92).

Only /proc is read, never the file system of the program: a dead network folder stops nobody. All of it raises the
bar for other programs of the same user and proves nothing: they can name and change themselves as they like.
"""

import errno
import os
import signal
import socket
import sys
from dataclasses import replace
from functools import lru_cache

import keyrack
from keyrack.broker.caller.interpreters import family, grammar_of, is_host
from keyrack.broker.caller.script_argument import ScriptArgument, script_in
from keyrack.core.access.program import LONGEST_PATHS, UNKNOWN, Program
from keyrack.net.unix_peer import peer_pid

# Since Linux 6.5, and without a name in Python; a kernel that does not know it answers ENOPROTOOPT.
_SO_PEERPIDFD = 77
_ARGUMENTS_BYTES = 65_536
_DELETED = " (deleted)"
_SYSTEM = ("/usr/", "/bin/")
# Paths that say where a script comes from and not which it is, such as /dev/stdin.
_STREAMS = ("/dev/", "/proc/")
_OUR_COMMAND = os.path.join(os.path.dirname(sys.executable), "keyrack")
_OUR_FOLDER = os.path.dirname(os.path.abspath(keyrack.__file__))


def program_of(connection: socket.socket) -> Program:
    """The program that connected; for the `keyrack` command the one that started it.

    UNKNOWN (with its pid, if that is told) where the system does not tell. To be called when the connection is
    accepted, for the kernel names the process that connected, and its number may pass to another after its end.
    Costs tens of microseconds.
    """
    pid = peer_pid(connection)
    if not pid:
        return UNKNOWN
    program, ours = _read(pid)
    if ours:
        program = _parent(pid)
    return program if _lives(connection) else replace(UNKNOWN, pid=pid)


if sys.platform == "linux":

    def _lives(connection: socket.socket) -> bool:
        """Whether the process that connected has not ended, so that its number was no other's meanwhile."""
        try:
            process = connection.getsockopt(socket.SOL_SOCKET, _SO_PEERPIDFD)
        except OSError as error:
            return error.errno == errno.ENOPROTOOPT
        try:
            signal.pidfd_send_signal(process, 0)
        except ProcessLookupError:
            return False
        except OSError:
            return True
        finally:
            os.close(process)
        return True
else:

    def _lives(connection: socket.socket) -> bool:  # noqa: ARG001 - no /proc there to read
        return False


def _parent(pid: int) -> Program:
    """The program that started a process and still runs; what outlived its own parent has the system's first one."""
    parent = _parent_pid(pid)
    if not parent:
        return UNKNOWN
    program, _ = _read(parent)
    if _parent_pid(pid) != parent:
        return replace(UNKNOWN, pid=pid)
    return replace(program, lasting=program.lasting and parent != 1)


def _parent_pid(pid: int) -> int:
    """Field 4 of /proc/PID/stat, after a name that may hold anything; 0 when it cannot be read."""
    try:
        return int(_content(pid, "stat").rpartition(b")")[2].split()[1])
    except (OSError, ValueError, IndexError):
        return 0


def _read(pid: int) -> tuple[Program, bool]:
    """The program of a process, and whether it is the `keyrack` command."""
    try:
        executable = _text(os.readlink(b"/proc/%d/exe" % pid))
    except OSError:
        return replace(UNKNOWN, pid=pid, called=_name(pid)), False
    kind = family(executable)
    grammar = grammar_of(kind)
    if grammar is None:
        return _program(pid, executable, "", lasting=not is_host(kind)), False
    try:
        arguments = [_text(part) for part in _content(pid, "cmdline").split(b"\0")[:-1]]
    except OSError:
        return _program(pid, executable, "", lasting=False), False
    found = script_in(arguments[1:], grammar)
    script = _absolute(pid, found.script)
    called = _called(executable, arguments[0]) if arguments else executable
    if found.module:
        called = f"{called} -m {found.module}"
    lasting = found.certain and script.startswith("/") and not _is_stream(script) and not is_host(kind)
    return _program(pid, executable, script, called, lasting=lasting), _is_ours(kind, found, script)


def _program(pid: int, executable: str, script: str, called: str = "", *, lasting: bool) -> Program:
    """The program; allowed once at a time where its name cannot be shown as it is, or is no longer that of its file."""
    shown = (executable + script).isprintable() and len(executable) + len(script) <= LONGEST_PATHS
    gone = executable.endswith(_DELETED) or not executable.startswith("/")
    return Program(pid, executable, script, lasting and shown and not gone, called)


def _is_ours(kind: str, found: ScriptArgument, script: str) -> bool:
    if kind != "python":
        return False
    return found.module == "keyrack" or script == _OUR_COMMAND or script.startswith(f"{_OUR_FOLDER}/")


def _absolute(pid: int, script: str) -> str:
    """The script's absolute path; as it was typed where that cannot be told."""
    if not script or script.startswith("/"):
        return _tidy(script)
    if "://" in script:
        return script
    try:
        folder = _text(os.readlink(b"/proc/%d/cwd" % pid))
    except OSError:
        return script
    return script if folder.endswith(_DELETED) else _tidy(f"{folder}/{script}")


def _is_stream(script: str) -> bool:
    return os.path.normpath("/" + script.lstrip("/")).startswith(_STREAMS)


def _tidy(path: str) -> str:
    """The path without "." and "//"; ".." stays, because it may follow a link."""
    return os.path.normpath(path) if path and ".." not in path.split("/") else path


@lru_cache(maxsize=64)
def _called(executable: str, typed: str) -> str:
    """The name by which the system's own executable was called, if that is one: /usr/bin/python3 of python3.11."""
    name = os.path.join(os.path.dirname(executable), os.path.basename(typed))
    if executable.startswith(_SYSTEM) and name != executable and os.path.realpath(name) == executable:
        return name
    return executable


def _name(pid: int) -> str:
    """What a process that we may not look into calls itself, without a path."""
    try:
        return _text(_content(pid, "comm")).strip()
    except OSError:
        return ""


def _content(pid: int, what: str) -> bytes:
    file = os.open(f"/proc/{pid}/{what}", os.O_RDONLY)
    try:
        return os.read(file, _ARGUMENTS_BYTES)
    finally:
        os.close(file)


def _text(raw: bytes) -> str:
    """A path as text; what is not UTF-8 becomes a character that cannot be shown."""
    return raw.decode("utf-8", "surrogateescape")
