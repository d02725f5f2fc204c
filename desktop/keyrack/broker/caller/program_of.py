"""Finds the program at the other end of the local socket, as the kernel and /proc report it (S84, S92).

Only /proc is read, never the program's own file system, so a dead network folder blocks nothing. The result raises
the bar for other programs of the same user. It proves nothing, because they can name and change themselves freely.
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

# Since Linux 6.5, and without a name in Python. A kernel that does not know it answers ENOPROTOOPT.
SO_PEERPIDFD = 77
_ARGUMENTS_BYTES = 65_536
_DELETED = " (deleted)"
_SYSTEM = ("/usr/", "/bin/")
# Paths that say where a script comes from and not which it is, such as /dev/stdin.
_STREAMS = ("/dev/", "/proc/")
_COMMAND = "keyrack"
_FOLDER_OF_LINKS = "~/.local/bin"
_OUR_FOLDER = os.path.dirname(os.path.abspath(keyrack.__file__))


def program_of(connection: socket.socket) -> Program:
    """The program that connected. For the `keyrack` command it is the program that started the command.

    Returns UNKNOWN where the system does not report it, with the pid if that is known. Call it when the connection is
    accepted: the kernel names the process that connected, and its number may pass to another process after its end.
    Costs tens of microseconds.
    """
    pid = peer_pid(connection)
    if not pid:
        return UNKNOWN
    program, ours = program_at(pid)
    if ours:
        program = parent_of(pid)
    return program if _lives(connection) else replace(UNKNOWN, pid=pid)


if sys.platform == "linux":

    def _lives(connection: socket.socket) -> bool:
        """Whether the process that connected has not ended, so that its number was no other's meanwhile."""
        try:
            process = connection.getsockopt(socket.SOL_SOCKET, SO_PEERPIDFD)
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
        """Whether the process that connected has not ended, so that its number was no other's meanwhile."""
        return False


def parent_of(pid: int) -> Program:
    """The program that started a process and still runs. A process that outlives its parent is adopted by process 1."""
    parent = _parent_pid(pid)
    if not parent:
        return UNKNOWN
    program, _ = program_at(parent)
    if _parent_pid(pid) != parent:
        return replace(UNKNOWN, pid=pid)
    return replace(program, lasting=program.lasting and parent != 1)


def _parent_pid(pid: int) -> int:
    """Field 4 of /proc/PID/stat, after a name that may hold any bytes. 0 when it cannot be read."""
    try:
        return int(_read_proc(pid, "stat").rpartition(b")")[2].split()[1])
    except (OSError, ValueError, IndexError):
        return 0


def program_at(pid: int) -> tuple[Program, bool]:
    """The program of a process, and whether it is the `keyrack` command."""
    try:
        executable = _decoded(os.readlink(b"/proc/%d/exe" % pid))
    except OSError:
        return replace(UNKNOWN, pid=pid, called=_name(pid)), False
    kind = family(executable)
    grammar = grammar_of(kind)
    if grammar is None:
        return _program(pid, executable, "", lasting=not is_host(kind)), False
    try:
        arguments = [_decoded(part) for part in _read_proc(pid, "cmdline").split(b"\0")[:-1]]
    except OSError:
        return _program(pid, executable, "", lasting=False), False
    found = script_in(arguments[1:], grammar)
    script = _absolute(pid, found.script)
    called = _called_name(executable, arguments[0]) if arguments else executable
    if found.module:
        called = f"{called} -m {found.module}"
    lasting = found.certain and script.startswith("/") and not _is_stream(script) and not is_host(kind)
    return _program(pid, executable, script, called, lasting=lasting), _is_ours(kind, found, script)


def _program(pid: int, executable: str, script: str, called: str = "", *, lasting: bool) -> Program:
    """The program. It can only be allowed once where its name cannot be shown in full or its file was replaced."""
    shown = (executable + script).isprintable() and len(executable) + len(script) <= LONGEST_PATHS
    gone = executable.endswith(_DELETED) or not executable.startswith("/")
    return Program(pid, executable, script, lasting and shown and not gone, called)


def _is_ours(kind: str, found: ScriptArgument, script: str) -> bool:
    if kind != "python":
        return False
    return found.module == _COMMAND or script in _our_commands() or script.startswith(f"{_OUR_FOLDER}/")


@lru_cache(maxsize=1)
def _our_commands() -> frozenset[str]:
    """Our command beside our Python, and the links to it by which people call it, as pipx, uv and Debian lay them."""
    own = os.path.join(os.path.dirname(sys.executable), _COMMAND)
    folders = (os.path.expanduser(folder) for folder in (*os.get_exec_path(), _FOLDER_OF_LINKS))
    links = (os.path.join(folder, _COMMAND) for folder in folders if os.path.isabs(folder))
    return frozenset({own, *(link for link in links if os.path.realpath(link) == os.path.realpath(own))})


def _absolute(pid: int, script: str) -> str:
    """The script's absolute path, or the path as it was typed where the folder is unknown."""
    if not script or script.startswith("/"):
        return _normalized(script)
    if "://" in script:
        return script
    try:
        folder = _decoded(os.readlink(b"/proc/%d/cwd" % pid))
    except OSError:
        return script
    return script if folder.endswith(_DELETED) else _normalized(f"{folder}/{script}")


def _is_stream(script: str) -> bool:
    return os.path.normpath("/" + script.lstrip("/")).startswith(_STREAMS)


def _normalized(path: str) -> str:
    """The path without "." and "//". ".." stays, because it may follow a link."""
    return os.path.normpath(path) if path and ".." not in path.split("/") else path


@lru_cache(maxsize=64)
def _called_name(executable: str, typed: str) -> str:
    """The system's own name for the executable, if it was called by one: /usr/bin/python3 for python3.11."""
    name = os.path.join(os.path.dirname(executable), os.path.basename(typed))
    if executable.startswith(_SYSTEM) and name != executable and os.path.realpath(name) == executable:
        return name
    return executable


def _name(pid: int) -> str:
    """The name that a process gives itself, without a path, for one that this user may not inspect."""
    try:
        return _decoded(_read_proc(pid, "comm")).strip()
    except OSError:
        return ""


def _read_proc(pid: int, what: str) -> bytes:
    file = os.open(f"/proc/{pid}/{what}", os.O_RDONLY)
    try:
        return os.read(file, _ARGUMENTS_BYTES)
    finally:
        os.close(file)


def _decoded(raw: bytes) -> str:
    """A path as text. Bytes that are not UTF-8 become characters that cannot be shown."""
    return raw.decode("utf-8", "surrogateescape")
