"""Every module can be imported where the system has less: what Windows or macOS lacks is taken away first."""

import subprocess
import sys

import pytest

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="takes away what Linux has and others have not")
# The libraries are imported before, as they ask the system in their own ways. Then Keyrack alone meets another system.
IMPORT_ALL = """\
import asyncio, ctypes, importlib, logging.handlers, multiprocessing, os, pkgutil, signal, socket, sqlite3, ssl
import subprocess, sys, tempfile, threading, types, uuid, webbrowser
import cryptography.hazmat.primitives.ciphers.aead, httpx, keyring.backends, msgspec, platformdirs, qasync, segno
import starlette.applications, uvicorn, websockets
from PySide6 import QtCore, QtDBus, QtGui, QtSvg, QtTest, QtWidgets

sys.platform = sys.argv[1]
gone = "pidfd_open pidfd_send_signal sched_getaffinity SO_PEERCRED SO_PEERPIDFD memfd_create inotify_init"
if sys.platform == "win32":
    gone += " fork getuid geteuid getgid getpgid killpg setsid mkfifo O_NOFOLLOW O_DIRECTORY O_NONBLOCK AF_UNIX"
    gone += " SIGKILL SIGHUP SIGUSR1 SIGUSR2 SIGCHLD SIGPIPE"
    for name in ("fcntl", "grp", "pty", "pwd", "readline", "resource", "syslog", "termios", "tty"):
        sys.modules[name] = None
    for name in ("msvcrt", "winreg"):
        sys.modules[name] = types.ModuleType(name)
for name in gone.split():
    for module in (os, signal, socket):
        if hasattr(module, name):
            delattr(module, name)
if sys.argv[2:]:
    importlib.import_module(sys.argv[2])
import keyrack
found = [module.name for module in pkgutil.walk_packages(keyrack.__path__, "keyrack.")]
for name in found:
    if not name.endswith("__main__"):
        importlib.import_module(name)
print(len(found))
"""


def imported(*words: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-I", "-c", IMPORT_ALL, *words]
    return subprocess.run(command, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("system", ["win32", "darwin"])
def test_every_module_can_be_imported(system: str) -> None:
    done = imported(system)
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) > 500


def test_what_the_system_lacks_is_missed() -> None:
    done = imported("win32", "fcntl")
    assert done.returncode == 1
    assert "import of fcntl halted" in done.stderr
