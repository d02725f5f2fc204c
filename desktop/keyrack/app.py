"""The composition root with Qt: builds core, broker and frontend, runs the loop, closes them in reverse order."""

import asyncio
import contextlib
import gc
import signal
import sys
from collections.abc import AsyncGenerator, Iterator
from dataclasses import dataclass
from pathlib import Path

import qasync
from PySide6.QtCore import qInstallMessageHandler
from PySide6.QtWidgets import QApplication

from keyrack.broker.instance.instance import Instance
from keyrack.broker.protocol.route import Host
from keyrack.broker.socket_server import SocketServer
from keyrack.core.rack import Rack
from keyrack.core.system import log, process, restart
from keyrack.core.system.login_start import LoginStart
from keyrack.core.system.paths import Paths
from keyrack.language.translation import tr
from keyrack.startup.assembly import add_sandbox_accounts, load_rack, make_rack, start_sandbox
from keyrack.startup.options import Options
from keyrack.startup.sandbox_process import SandboxProcess
from keyrack.ui.frontend import Frontend
from keyrack.ui.integration.cycle_collector import CycleCollector
from keyrack.ui.integration.desktop_facts import desktop_facts
from keyrack.ui.updates.update_notice import UpdateNotice
from keyrack.ui.window.main_window import MainWindow


def run(options: Options, places: Paths, instance: Instance, window: MainWindow) -> int:
    """Fill the painted window and run until the person quits. Returns the exit code, or `restart.AGAIN`."""
    log.set_up(places.logs)
    qInstallMessageHandler(log.qt_message)
    process.harden()
    sandbox = start_sandbox(options)
    try:
        return App(options, places, instance, sandbox).run(window)
    finally:
        if sandbox is not None:
            sandbox.close()


def ended(code: int) -> int:
    """Start Keyrack again where that was asked for, now that nothing of this run is left. Returns the exit code."""
    return restart.become(restart.command()) if code == restart.AGAIN else code


@contextlib.contextmanager
def closing_generators(loop: asyncio.AbstractEventLoop) -> Iterator[None]:
    """Have the loop close async generators that were left early, as asyncio's loops do.

    qasync 0.28.0 does not, and for each stream that is left early httpx 0.28.1 then loses a connection (`findings/`).
    """

    def left(generator: AsyncGenerator[object, None]) -> None:
        if not loop.is_closed():
            loop.call_soon_threadsafe(loop.create_task, generator.aclose())

    before = sys.get_asyncgen_hooks()
    sys.set_asyncgen_hooks(finalizer=left)
    try:
        yield
    finally:
        sys.set_asyncgen_hooks(*before)


@dataclass(frozen=True)
class App:
    """One run of the program with a window.

    The socket is served before the accounts are read, so that a second start can raise the window at once. Everything
    is closed in reverse order of its creation.
    """

    options: Options
    places: Paths
    instance: Instance
    sandbox: SandboxProcess | None

    def run(self, window: MainWindow) -> int:
        """Run the loop. Returns the exit code."""
        loop = qasync.QEventLoop(QApplication.instance())
        asyncio.set_event_loop(loop)
        loop.set_exception_handler(log.loop_exception)
        CycleCollector(QApplication.instance())
        gc.freeze()  # what is loaded by now lives to the end
        with loop, closing_generators(loop):
            code: int = loop.run_until_complete(self._main(window))
            return code

    async def _main(self, window: MainWindow) -> int:
        server = SocketServer(self.instance, Host("window", window.come_forward, facts=desktop_facts))
        try:
            await server.serve(None)
            rack = await make_rack(self.options, self.places, self.sandbox)
            await load_rack(rack, self.options, self.sandbox)
            return await self._with_rack(window, rack, server)
        finally:
            await server.close()

    async def _with_rack(self, window: MainWindow, rack: Rack, server: SocketServer) -> int:
        frontend = Frontend(window, rack)
        _quit_on_signals(frontend)
        try:
            await server.serve(rack)
            if self.instance.problem is not None and window.contents is not None:
                window.contents.show_notice("soon", self.instance.problem.sentences())
            await rack.open()
            if not rack.sandbox:
                UpdateNotice(window, frontend.actions, frontend.choices)
                await asyncio.to_thread(_follow_login_start, self.places)
            await add_sandbox_accounts(rack, self.sandbox)
            if self.options.tour is not None and self.sandbox is not None:
                return await _tour(frontend, self.sandbox, self.options.tour)
            _name_the_page_of_failures(self.options, self.sandbox)
            await frontend.quitting.wait()
            return restart.AGAIN if frontend.restarting.asked else 0
        finally:
            await server.close()
            await frontend.close()
            await rack.close()


async def _tour(frontend: Frontend, sandbox: SandboxProcess, folder: Path) -> int:
    from keyrack.tour.tour import Tour

    return await Tour(frontend, sandbox, folder).run()


def _follow_login_start(places: Paths) -> None:
    """Where Keyrack was moved, the sign-in to the computer starts it at its new place from now on."""
    with contextlib.suppress(OSError):
        LoginStart(places.config.parent).follow()


def _name_the_page_of_failures(options: Options, sandbox: SandboxProcess | None) -> None:
    """Print where this run's own sandbox shows its failures with a button for each."""
    if sandbox is None or options.join is not None:
        return
    page = f"{sandbox.announced['control']}/"
    with contextlib.suppress(OSError):  # a terminal that is closed costs no more than this line
        print(tr("The sandbox runs. Its failures are switched on and off at {page}", page=page), flush=True)


def _quit_on_signals(frontend: Frontend) -> None:
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        with contextlib.suppress(NotImplementedError, ValueError):  # Windows
            loop.add_signal_handler(number, frontend.quit)
