"""The composition root with Qt: builds core and ui behind the painted window, runs the loop, closes in reverse."""

import asyncio
import contextlib
import shutil
import signal
import sys
from dataclasses import dataclass
from pathlib import Path

import qasync
from PySide6.QtCore import qInstallMessageHandler
from PySide6.QtWidgets import QApplication

from keyrack.broker.instance import Instance
from keyrack.broker.window_verb import WindowVerb
from keyrack.core import log, process
from keyrack.core.paths import Paths
from keyrack.core.rack import Rack
from keyrack.core.sandbox_accounts import prepare, store
from keyrack.core.vault import KeyringVault, MemoryVault, Vault, open_vault
from keyrack.core.vault_errors import VaultFailure
from keyrack.net.failure import Failure
from keyrack.options import Options
from keyrack.providers.load import built_in
from keyrack.sandbox_child import SPEED, SandboxChild
from keyrack.ui.desk import Desk
from keyrack.ui.window import MainWindow


def run(options: Options, places: Paths, instance: Instance, window: MainWindow) -> int:
    """Fill the window and run until the person quits; returns the exit code."""
    log.set_up(places.logs)
    qInstallMessageHandler(log.qt_message)
    process.harden()
    child = _sandbox(options) if options.sandbox else None
    try:
        return App(options, places, instance, child).run(window)
    finally:
        if child is not None:
            child.close()


@dataclass(frozen=True)
class App:
    """One run of the program."""

    options: Options
    places: Paths
    instance: Instance
    child: SandboxChild | None

    def run(self, window: MainWindow) -> int:
        """Run the loop; returns the exit code."""
        loop = qasync.QEventLoop(QApplication.instance())
        asyncio.set_event_loop(loop)
        loop.set_exception_handler(log.loop_exception)
        with loop:
            code: int = loop.run_until_complete(self._main(window))
            return code

    async def _main(self, window: MainWindow) -> int:
        rack = await self._rack()
        rack.load()
        desk, socket = Desk(window, rack), WindowVerb(self.instance)
        _quit_on_signals(desk)
        try:
            await socket.serve(window.come_forward)
            if self.instance.problem is not None and window.contents is not None:
                window.contents.tell("soon", self.instance.problem.sentences())
            await rack.open()
            if self.child is not None:
                await self._prepare(rack, self.child)
            if self.options.tour is not None and self.child is not None:
                return await _tour(desk, self.child, self.options.tour)
            await desk.quitting.wait()
            return 0
        finally:
            await desk.close()
            await socket.close()
            await rack.close()

    async def _rack(self) -> Rack:
        if self.child is None:
            return Rack(built_in(), KeyringVault("Keyrack"), self.places)
        await asyncio.to_thread(self.child.read)
        if self.options.reset:
            shutil.rmtree(self.places.config, ignore_errors=True)
        store(self.places.config, self.child.provider_files())
        browser = self.child.browse if self.options.tour is not None else None
        vault = await _sandbox_vault()
        if browser is None:
            return Rack(self.child.providers(), vault, self.places, sandbox=True)
        return Rack(self.child.providers(), vault, self.places, sandbox=True, browser=browser)

    async def _prepare(self, rack: Rack, child: SandboxChild) -> None:
        try:
            await prepare(rack, child.announced["clients"], joined=self.options.join is not None)
        except Failure as why:
            print(why.sentences(), file=sys.stderr)


def _sandbox(options: Options) -> SandboxChild:
    if options.join is not None:
        return SandboxChild.join(options.join)
    speed = options.speed or (SPEED if options.tour else None)
    return SandboxChild.start(speed=speed, capped=options.tour is not None)


async def _sandbox_vault() -> Vault:
    """The real keyring; memory where there is none, which only the sandbox may fall back to."""
    try:
        return await open_vault("Keyrack Sandbox")
    except VaultFailure as why:
        print(f"{why.sentences()} The sandbox keeps its secrets in memory.")
        return MemoryVault()


async def _tour(desk: Desk, child: SandboxChild, folder: Path) -> int:
    from keyrack.ui.tour import Tour

    return await Tour(desk, child, folder).run()


def _quit_on_signals(desk: Desk) -> None:
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        with contextlib.suppress(NotImplementedError, ValueError):  # Windows
            loop.add_signal_handler(number, desk.quit)
