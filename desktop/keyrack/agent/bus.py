"""A message bus for the agent and its keyring alone, and the way their programs are started and ended."""

import asyncio
import contextlib
import ctypes
import os
import shutil
import signal
import sys
from pathlib import Path
from urllib.parse import quote
from xml.sax.saxutils import escape

from keyrack.core.private_file import write_private
from keyrack.net.failure import Failure

_DAEMON = "dbus-daemon"
_STARTING_SECONDS = 10.0
_ENDING_SECONDS = 1.0
_PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None) if sys.platform == "linux" else None

# No service folders: whoever asks on this bus for a program that is not there gets no other one started.
_CONFIG = """<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>session</type>
  <listen>{address}</listen>
  <auth>EXTERNAL</auth>
  <policy context="default">
    <allow send_destination="*"/>
    <allow receive_sender="*"/>
    <allow own="*"/>
  </policy>
</busconfig>
"""


class ProgramMissing(Failure):
    """A program that the agent's own keyring needs is not installed, or does not run."""

    def __init__(self, program: str, why: str) -> None:
        super().__init__(
            f"The agent's own keyring did not start: {program} {why}.",
            "Secrets are never written anywhere else.",
            "Install gnome-keyring and dbus-daemon (Debian: sudo apt install gnome-keyring dbus-daemon), "
            "then start the agent again.",
        )


class AgentBus:
    """The bus in its folder, which only this user can enter."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._process: asyncio.subprocess.Process | None = None

    async def start(self) -> dict[str, str]:
        """Start it; returns the environment of a program that is to use it and nothing of the session's own."""
        (program,) = programs_of(_DAEMON)
        socket, config = self._folder / "bus", self._folder / "bus.conf"
        address = "unix:path=" + quote(str(socket)).replace("~", "%7E")
        socket.unlink(missing_ok=True)
        write_private(config, _CONFIG.format(address=escape(address)).encode(), durable=False)
        environment = {
            "HOME": str(self._folder),
            "XDG_RUNTIME_DIR": str(self._folder),
            "PATH": os.environ.get("PATH", os.defpath),
            "LANG": "C.UTF-8",
        }
        command = [program, f"--config-file={config}", "--nofork", "--nopidfile", "--print-address=1"]
        self._process = await started(command, environment)
        assert self._process.stdout is not None  # noqa: S101 - asked for as a pipe
        try:
            said = await asyncio.wait_for(self._process.stdout.readline(), _STARTING_SECONDS)
        except TimeoutError:
            said = b""
        if not said:
            await self.close()
            raise ProgramMissing(_DAEMON, "does not run")
        return environment | {"DBUS_SESSION_BUS_ADDRESS": address}

    async def ended(self) -> None:
        """Return when the bus has ended."""
        if self._process is not None:
            await self._process.wait()

    async def close(self) -> None:
        """End it and take its socket away."""
        process, self._process = self._process, None
        await end(process)
        (self._folder / "bus").unlink(missing_ok=True)


def programs_of(*names: str) -> tuple[str, ...]:
    """Where the programs are; raises ProgramMissing."""
    found = [shutil.which(name) for name in names]
    for name, path in zip(names, found, strict=True):
        if path is None:
            raise ProgramMissing(name, "is not installed")
    return tuple(path for path in found if path is not None)


async def started(command: list[str], environment: dict[str, str]) -> asyncio.subprocess.Process:
    """A program that ends with this process, however that ends, and not by the terminal's Ctrl+C."""
    try:
        return await asyncio.create_subprocess_exec(
            *command,
            env=environment,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
            start_new_session=True,
            preexec_fn=_end_with_parent,
        )
    except OSError as error:
        raise ProgramMissing(Path(command[0]).name, f"cannot be run ({error.strerror})") from error


def _end_with_parent() -> None:
    """prctl(2): between fork and exec, where nothing but this one call is made."""
    if _libc is not None:
        _libc.prctl(_PR_SET_PDEATHSIG, signal.SIGTERM, 0, 0, 0)


async def end(process: asyncio.subprocess.Process | None) -> None:
    """Ask a program to end, and end it when it does not."""
    if process is None:
        return
    with contextlib.suppress(ProcessLookupError):
        process.terminate()
    try:
        await asyncio.wait_for(process.wait(), _ENDING_SECONDS)
    except TimeoutError:
        with contextlib.suppress(ProcessLookupError):
            process.kill()
        await process.wait()
