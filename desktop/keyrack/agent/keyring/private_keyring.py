"""The agent's private keyring on a server: gnome-keyring on a private bus, unlocked by a credential.

Data folder, control folder, home, runtime folder and bus all differ from those of the person's login keyring, so
neither program can find the other.
"""

import asyncio
import logging
import os
import time
from pathlib import Path

from keyrack.agent.keyring.bus import AgentBus
from keyrack.agent.keyring.child_process import end_program, programs_of, start_program
from keyrack.agent.keyring.systemd_credential import CredentialRefused, keyring_password
from keyrack.broker.instance.socket_folder import check_length, checked_folder
from keyrack.core.system.paths import Paths
from keyrack.core.system.private_file import private_folder
from keyrack.core.vault.keyring_vault import KeyringVault
from keyrack.core.vault.memory_vault import MemoryVault
from keyrack.core.vault.vault import Vault
from keyrack.core.vault.vault_errors import Locked, Missing, NoService
from keyrack.primitives.failure import Failure, plain
from keyrack.primitives.secret import Secret

FOLDER = "keyring"

_DAEMON = "gnome-keyring-daemon"
_STARTING_SECONDS = 10.0
_LOOK_SECONDS = 0.02
_FIRST_PAUSE = 1.0
_LONGEST_PAUSE = 60.0
_PROBE = "0" * 32
_log = logging.getLogger(__name__)


class KeyringRefused(Failure):
    """The agent's own keyring cannot be used. It was not changed."""


class PrivateKeyring:
    """The bus and the daemon. They are started again when one of them ends. Without a credential there is neither."""

    def __init__(self, places: Paths, runtime: Path | None = None) -> None:
        self._data = places.state / FOLDER
        self._runtime = (runtime or places.runtime) / FOLDER
        self._bus = AgentBus(self._runtime)
        self._daemon: asyncio.subprocess.Process | None = None

    async def open(self, service: str) -> Vault:
        """The vault in the keyring, or a vault in memory without a credential.

        Raises Failure when there is a password and no keyring that it opens.
        """
        password = keyring_password()
        if password is None:
            return MemoryVault()
        fresh = not (self._data / "keyrings").is_dir()
        await self._start(password)
        vault = KeyringVault(service)
        try:
            await self._ready(vault)
        except BaseException:
            await vault.close()
            await self.close()
            raise
        _log.info("The agent's own keyring is %s: %s", "new" if fresh else "open", self._data)
        return vault

    async def watch(self) -> None:
        """Start both programs again whenever one ends, with growing pauses. Runs until it is cancelled."""
        pause = 0.0
        while self._daemon is not None:
            began = time.monotonic()
            await self._either_ended()
            if time.monotonic() - began > _LONGEST_PAUSE:
                pause = 0.0
            _log.error("The agent's own keyring ended without being asked to. It is started again.")
            again = False
            while not again:
                await asyncio.sleep(pause)
                pause = min(_LONGEST_PAUSE, pause * 2 or _FIRST_PAUSE)
                again = await self._restart()
        await asyncio.Event().wait()

    async def close(self) -> None:
        """End the daemon, then its bus. What was saved is in its file already."""
        daemon, self._daemon = self._daemon, None
        await end_program(daemon)
        await self._bus.close()

    async def _start(self, password: Secret) -> None:
        (program,) = programs_of(_DAEMON)
        check_length(checked_folder(self._runtime) / "control")
        private_folder(private_folder(self._data) / "keyrings")
        environment = await self._bus.start()
        os.environ["DBUS_SESSION_BUS_ADDRESS"] = environment["DBUS_SESSION_BUS_ADDRESS"]
        environment |= {"HOME": str(self._data), "XDG_DATA_HOME": str(self._data)}
        command = [program, "--foreground", "--unlock", "--components=secrets", f"--control-directory={self._runtime}"]
        self._daemon = await start_program(command, environment)
        assert self._daemon.stdin is not None  # noqa: S101 - asked for as a pipe
        self._daemon.stdin.write(password.reveal().encode())
        self._daemon.stdin.close()

    async def _ready(self, vault: KeyringVault) -> None:
        """Return when the keyring responds and is unlocked."""
        loop = asyncio.get_running_loop()
        ends = loop.time() + _STARTING_SECONDS
        while not await _opens(vault):
            if loop.time() >= ends or self._daemon is None or self._daemon.returncode is not None:
                raise KeyringRefused("agent_keyring_not_started", daemon=_DAEMON)
            await asyncio.sleep(_LOOK_SECONDS)
        try:
            await vault.load(_PROBE)
        except Missing:
            return
        except Locked:
            raise KeyringRefused("agent_keyring_not_opened", folder=plain(str(self._data))) from None

    async def _either_ended(self) -> None:
        assert self._daemon is not None  # noqa: S101 - asked before
        waits = [asyncio.ensure_future(self._daemon.wait()), asyncio.ensure_future(self._bus.ended())]
        try:
            await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for wait in waits:
                wait.cancel()

    async def _restart(self) -> bool:
        await self.close()
        try:
            password = keyring_password()
            if password is None:
                raise CredentialRefused("credential_gone")
            await self._start(password)
        except (Failure, OSError) as why:
            _log.error("%s", why.in_english() if isinstance(why, Failure) else why)
            return False
        return True


async def _opens(vault: KeyringVault) -> bool:
    """Whether the keyring is on the bus. Until then the vault's own log lines add nothing, so they are silenced."""
    notes = logging.getLogger("keyrack.core.vault.keyring_vault")
    level = notes.level
    notes.setLevel(logging.WARNING)
    try:
        await vault.open()
    except NoService:
        return False
    finally:
        notes.setLevel(level)
    return True
