"""Starts the person's browser on a one-time local address, never through a shell (S35, S36)."""

import asyncio
import os
import shlex
import shutil
import sys
import webbrowser

from keyrack.oauth.errors import BrowserMissing

_KEPT = (
    "PATH", "HOME", "USER", "LOGNAME", "LANG", "LC_ALL", "DISPLAY", "XAUTHORITY", "WAYLAND_DISPLAY", "XDG_RUNTIME_DIR",
    "XDG_SESSION_TYPE", "XDG_CURRENT_DESKTOP", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_DATA_DIRS", "XDG_CONFIG_DIRS",
    "DBUS_SESSION_BUS_ADDRESS", "BROWSER", "DESKTOP_SESSION", "TMPDIR",
)  # fmt: skip
_TRIES_SECONDS = 5.0


async def open_browser(address: str) -> None:
    """Open an address of our own listener; raises BrowserMissing when no browser could be started."""
    if not address.startswith(("http://127.0.0.1:", "http://[::1]:", "http://localhost:")):
        raise ValueError("only addresses of the local listener are opened")
    if sys.platform in ("win32", "darwin"):
        if not await asyncio.to_thread(webbrowser.open, address):
            raise _missing()
        return
    for command in _commands(address):
        if await _starts(command):
            return
    raise _missing()


def _commands(address: str) -> list[list[str]]:
    named = [part for part in os.environ.get("BROWSER", "").split(os.pathsep) if part]
    commands = [_filled(shlex.split(part), address) for part in named]
    usual = ("xdg-open", "x-www-browser", "firefox", "chromium")
    commands += [[found, address] for name in usual if (found := shutil.which(name))]
    return commands


def _filled(command: list[str], address: str) -> list[str]:
    if any("%s" in part for part in command):
        return [part.replace("%s", address) for part in command]
    return [*command, address]


async def _starts(command: list[str]) -> bool:
    environment = {name: os.environ[name] for name in _KEPT if name in os.environ}
    try:
        process = await asyncio.create_subprocess_exec(
            *command,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.DEVNULL,
            env=environment,
            start_new_session=True,
        )
    except OSError:
        return False
    try:
        async with asyncio.timeout(_TRIES_SECONDS):
            return await process.wait() == 0
    except TimeoutError:
        # A browser that is its own first window stays in the foreground.
        return True


def _missing() -> BrowserMissing:
    return BrowserMissing(
        "No browser could be started.",
        "The sign-in is waiting all the same.",
        "Use Copy link and open it in a browser on this computer.",
    )
