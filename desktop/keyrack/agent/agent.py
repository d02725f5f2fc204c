"""The composition root without Qt: runs the core and the broker in the foreground until it is stopped."""

import asyncio
import contextlib
import logging
import os
import signal
from collections.abc import Coroutine
from dataclasses import dataclass, field
from typing import Any

from keyrack.agent import service_log
from keyrack.agent.account_report import AccountReport
from keyrack.agent.keyring.child_process import ProgramMissing
from keyrack.agent.keyring.private_keyring import KeyringRefused, PrivateKeyring
from keyrack.agent.keyring.systemd_credential import CredentialRefused
from keyrack.agent.sleep_monitor import watch_sleep
from keyrack.agent.systemd import Notifier
from keyrack.agent.terminal import Terminal
from keyrack.broker.instance.instance import LOCK_NAME, AgentRuns, Instance
from keyrack.broker.protocol.route import Host
from keyrack.broker.socket_server import SocketServer
from keyrack.core.preferences.spoken_language import follow_language, speak_as_stored
from keyrack.core.system import log, process
from keyrack.core.system.paths import Paths, paths
from keyrack.core.vault.keyring_vault import KeyringVault
from keyrack.core.vault.vault import Vault
from keyrack.core.vault.vault_errors import VaultFailure
from keyrack.language.languages import of_environment
from keyrack.language.translation import mark, translated, use
from keyrack.primitives.failure import Failure
from keyrack.startup.assembly import SANDBOX_SERVICE, SERVICE, add_sandbox_accounts, load_rack, make_rack, start_sandbox
from keyrack.startup.option_parser import parse_agent
from keyrack.startup.options import Options
from keyrack.startup.sandbox_process import SandboxProcess

UNEXPECTED = 1
KEYRING = 5

_IN_MEMORY = (
    "Secrets are kept in memory only, because there is no credential “keyring-password”: "
    "when the agent ends, every sign-in is lost."
)
_NO_KEYRING = "On a server, start the agent with --own-keyring; the README says how."
_KEYRING_FAILURES = (KeyringRefused, ProgramMissing, CredentialRefused, VaultFailure)
_log = logging.getLogger(__name__)


class NoSocket(Failure):
    """The local socket cannot be opened, so the agent ends."""

    def __init__(self, why: Failure) -> None:
        super().__init__("agent_without_socket", why=why.phrases.happened, todo=why.phrases.todo)


def run(arguments: list[str]) -> int:
    """Run until SIGTERM, SIGINT, SIGHUP or `POST /v1/agent/stop`. Returns the exit code (0, 1 or 5)."""
    use(of_environment(os.environ))
    options = parse_agent(arguments)
    notifier, places = Notifier.take(), paths(options.sandbox)
    speak_as_stored(places.config)
    service_log.set_up(places.logs)
    process.harden()
    try:
        return _run_alone(options, places, notifier)
    except (Failure, OSError) as problem:
        _log.error("%s", problem.in_english() if isinstance(problem, Failure) else problem)
        notifier.status(problem.sentences() if isinstance(problem, Failure) else str(problem))
        return KEYRING if isinstance(problem, _KEYRING_FAILURES) else UNEXPECTED


def _run_alone(options: Options, places: Paths, notifier: Notifier) -> int:
    """Run unless another Keyrack runs, which is as good (S85)."""
    try:
        instance = Instance.acquire(places.runtime, places.state / LOCK_NAME, spare=places.spare)
    except AgentRuns:
        return _runs_already(mark("An agent runs already; there is nothing to do."), notifier)
    if instance is None:
        words = mark("Keyrack runs already, with its window, and does all that an agent would; there is nothing to do.")
        return _runs_already(words, notifier)
    try:
        if instance.problem is not None:
            raise NoSocket(instance.problem)
        return _with_sandbox(options, places, instance, notifier)
    finally:
        instance.close()


def _runs_already(words: str, notifier: Notifier) -> int:
    """Report ready and end. A service that ends before it is ready counts as failed."""
    _log.info("%s", words)
    notifier.ready(translated(words))
    return 0


def _with_sandbox(options: Options, places: Paths, instance: Instance, notifier: Notifier) -> int:
    sandbox = start_sandbox(options)
    try:
        asyncio.run(Agent(options, places, instance, sandbox, notifier).run())
    finally:
        if sandbox is not None:
            sandbox.close()
    _log.info("Stopped.")
    return 0


@dataclass
class Agent:
    """One run of the agent.

    The socket is served before the keyring is open, so that the agent can be stopped at once. Everything is closed in
    reverse order of its creation.
    """

    options: Options
    places: Paths
    instance: Instance
    sandbox: SandboxProcess | None
    notifier: Notifier
    quitting: asyncio.Event = field(default_factory=asyncio.Event)
    server: SocketServer = field(init=False)

    async def run(self) -> None:
        """Serve until it is time to quit. Raises Failure when that cannot begin."""
        asyncio.get_running_loop().set_exception_handler(log.loop_exception)
        self._quit_on_signals()
        self.server = SocketServer(self.instance, Host("agent", stop=self.quitting.set))
        keyring = PrivateKeyring(self.places, self.instance.path.parent)
        try:
            await self.server.serve(None)
            await self._unless_quitting(self._with_keyring(keyring))
        finally:
            self.notifier.stopping()
            await self.server.close()
            await keyring.close()

    async def _with_keyring(self, keyring: PrivateKeyring) -> None:
        vault = await self._vault(keyring)
        watching = asyncio.create_task(keyring.watch())
        try:
            await self._with_rack(vault)
        finally:
            watching.cancel()
            await asyncio.gather(watching, return_exceptions=True)

    async def _vault(self, keyring: PrivateKeyring) -> Vault | None:
        """The vault to use. None leaves the choice to the sandbox."""
        if self.options.own_keyring:
            vault = await keyring.open(SANDBOX_SERVICE if self.options.sandbox else SERVICE)
            if not vault.persistent:
                _log.warning(_IN_MEMORY)
            return vault
        if self.options.sandbox:
            return None
        vault = KeyringVault(SERVICE)
        try:
            await vault.open()
        except VaultFailure as why:
            _log.warning("%s %s %s", why.phrases.happened, why.phrases.means, _NO_KEYRING)
        return vault

    async def _with_rack(self, vault: Vault | None) -> None:
        rack = await make_rack(self.options, self.places, self.sandbox, vault)
        await load_rack(rack, self.options, self.sandbox)
        listening: asyncio.Task[None] | None = None
        unfollow = follow_language(rack.preferences)
        terminal, report = Terminal(rack.access.asking), AccountReport(rack, self.notifier)
        try:
            await self.server.serve(rack)
            await rack.open()
            rack.totals.prices.set_visible(visible=False)  # the history wants prices, and nobody sees them
            await add_sandbox_accounts(rack, self.sandbox)
            terminal.begin()
            report.begin()
            listening = asyncio.create_task(watch_sleep(rack.parts.resumed))
            await asyncio.Event().wait()  # only cancellation ends it
        finally:
            if listening is not None:
                listening.cancel()
                await asyncio.gather(listening, return_exceptions=True)
            self.notifier.stopping()
            terminal.close()
            await self.server.close()
            await rack.close()
            report.end()
            unfollow()

    async def _unless_quitting(self, work: Coroutine[Any, Any, None]) -> None:
        """Run the coroutine, and cancel it when it is time to quit."""
        running = asyncio.create_task(work)
        quitting = asyncio.create_task(self.quitting.wait())
        await asyncio.wait((running, quitting), return_when=asyncio.FIRST_COMPLETED)
        for task in (running, quitting):
            task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await running

    def _quit_on_signals(self) -> None:
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM, getattr(signal, "SIGHUP", signal.SIGTERM)):
            # What nohup or a shell's background job ignores stays ignored. Windows has no such handlers.
            if signal.getsignal(number) is not signal.SIG_IGN:
                with contextlib.suppress(NotImplementedError):
                    loop.add_signal_handler(number, self.quitting.set)
