"""Starts the person's browser on a one-time local address, never through a shell (S35, S36)."""

import asyncio
import os
import shlex
import shutil
import subprocess
import sys
import time
import webbrowser

from keyrack.oauth.oauth_errors import BrowserMissing

_KEPT = (
    "PATH", "HOME", "USER", "LOGNAME", "LANG", "LC_ALL", "DISPLAY", "XAUTHORITY", "WAYLAND_DISPLAY", "XDG_RUNTIME_DIR",
    "XDG_SESSION_TYPE", "XDG_CURRENT_DESKTOP", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_DATA_DIRS", "XDG_CONFIG_DIRS",
    "BROWSER", "DESKTOP_SESSION", "TMPDIR",
)  # fmt: skip
# The address at the start of the program. An agent later sets one that leads to its own keyring.
_BUS = {name: os.environ[name] for name in ("DBUS_SESSION_BUS_ADDRESS",) if name in os.environ}
_TRIES_SECONDS = 5.0
_LOOK_SECONDS = 0.05

running: "list[subprocess.Popen[bytes]]" = []


async def open_browser(address: str, *, tries_seconds: float = _TRIES_SECONDS) -> None:
    """Open an address of Keyrack's own listener. Raises BrowserMissing when no browser could be started.

    A command that still runs after `tries_seconds` counts as a browser.
    """
    if not address.startswith(("http://127.0.0.1:", "http://[::1]:", "http://localhost:")):
        raise ValueError("only addresses of the local listener are opened")
    if sys.platform in ("win32", "darwin"):
        if not await asyncio.to_thread(webbrowser.open, address):
            raise BrowserMissing
        return
    for command in _commands(address):
        if await _starts(command, tries_seconds):
            return
    raise BrowserMissing


def _commands(address: str) -> list[list[str]]:
    named = [part for part in os.environ.get("BROWSER", "").split(os.pathsep) if part]
    commands = [command for part in named if (command := _filled(part, address))]
    usual = ("xdg-open", "x-www-browser", "firefox", "chromium")
    commands += [[found, address] for name in usual if (found := shutil.which(name))]
    return commands


def _filled(named: str, address: str) -> list[str]:
    try:
        command = shlex.split(named)
    except ValueError:
        return []
    if any("%s" in part for part in command):
        return [part.replace("%s", address) for part in command]
    return [*command, address] if command else []


async def _starts(command: list[str], tries_seconds: float) -> bool:
    process = _started(command)
    if process is None:
        return False
    ends = time.monotonic() + tries_seconds
    while (code := process.poll()) is None and time.monotonic() < ends:  # noqa: ASYNC110 - a child process has no event
        await asyncio.sleep(_LOOK_SECONDS)
    # The first process of a browser stays in the foreground, so it has no exit code yet.
    return code in (None, 0)


def _started(command: list[str]) -> "subprocess.Popen[bytes] | None":
    """The process, or None. It is not asyncio's own kind, which ends its children when the loop is closed."""
    running[:] = [process for process in running if process.poll() is None]
    environment = {name: os.environ[name] for name in _KEPT if name in os.environ} | _BUS
    nowhere = subprocess.DEVNULL
    try:
        process = subprocess.Popen(
            command, stdin=nowhere, stdout=nowhere, stderr=nowhere, env=environment, start_new_session=True
        )
    except OSError:
        return None
    running.append(process)
    return process
