"""A D-Bus message bus for the agent and its private keyring alone."""

import asyncio
import os
from pathlib import Path
from urllib.parse import quote
from xml.sax.saxutils import escape

from keyrack.agent.keyring.child_process import ProgramMissing, end_program, programs_of, start_program
from keyrack.core.system.private_file import write_private

_DAEMON = "dbus-daemon"
_STARTING_SECONDS = 10.0

# No service folders, so that a request for a missing name starts no program.
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


class AgentBus:
    """The bus in its folder, which only this user can enter."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._process: asyncio.subprocess.Process | None = None

    async def start(self) -> dict[str, str]:
        """Start the bus. Raises ProgramMissing.

        Returns the environment of a program that is to use the bus, without any variable of the session.
        """
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
        self._process = await start_program(command, environment)
        assert self._process.stdout is not None  # noqa: S101 - asked for as a pipe
        try:
            announced = await asyncio.wait_for(self._process.stdout.readline(), _STARTING_SECONDS)
        except TimeoutError:
            announced = b""
        if not announced:
            await self.close()
            raise ProgramMissing("program_not_running", program=_DAEMON)
        return environment | {"DBUS_SESSION_BUS_ADDRESS": address}

    async def ended(self) -> None:
        """Return when the bus has ended."""
        if self._process is not None:
            await self._process.wait()

    async def close(self) -> None:
        """End the bus and remove its socket."""
        process, self._process = self._process, None
        await end_program(process)
        (self._folder / "bus").unlink(missing_ok=True)
