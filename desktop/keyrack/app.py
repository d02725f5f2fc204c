"""The composition root with Qt: builds core and ui, runs the loop, closes in reverse.

The window is painted before network, keyring and provider code are imported.
"""

import asyncio
import contextlib
import shutil
import signal
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import qasync
from PySide6.QtCore import qInstallMessageHandler
from PySide6.QtWidgets import QApplication

from keyrack import __version__
from keyrack.broker.instance import Instance
from keyrack.core import log, process
from keyrack.core.paths import Paths
from keyrack.net.failure import Failure
from keyrack.options import Options
from keyrack.ui.icons import product_icon
from keyrack.ui.theme import theme
from keyrack.ui.window import MainWindow

if TYPE_CHECKING:
    from keyrack.broker.window_verb import WindowVerb
    from keyrack.core.rack import Rack
    from keyrack.core.vault import Vault
    from keyrack.sandbox_child import SandboxChild
    from keyrack.ui.desk import Desk


def run(options: Options, places: Paths, instance: Instance) -> int:
    """Run until the person quits; returns the exit code."""
    log.set_up(places.logs)
    process.harden()
    child = _sandbox(options) if options.sandbox else None
    try:
        return _with_qt(options, places, instance, child)
    finally:
        if child is not None:
            child.close()


def _sandbox(options: Options) -> "SandboxChild":
    from keyrack.sandbox_child import SPEED, SandboxChild

    if options.join is not None:
        return SandboxChild.join(options.join)
    speed = options.speed or (SPEED if options.tour else None)
    return SandboxChild.start(speed=speed, capped=options.tour is not None)


def _with_qt(options: Options, places: Paths, instance: Instance, child: "SandboxChild | None") -> int:
    app = QApplication([sys.argv[0]])
    qInstallMessageHandler(log.qt_message)
    app.setApplicationName("Keyrack")
    app.setApplicationVersion(__version__)
    app.setDesktopFileName("keyrack")
    app.setWindowIcon(product_icon())
    app.setQuitOnLastWindowClosed(False)
    theme().start(app)
    loop = qasync.QEventLoop(app)
    asyncio.set_event_loop(loop)
    loop.set_exception_handler(log.loop_exception)
    with loop:
        code: int = loop.run_until_complete(_main(options, places, instance, child))
        return code


async def _main(options: Options, places: Paths, instance: Instance, child: "SandboxChild | None") -> int:
    window = MainWindow(sandbox=options.sandbox)
    window.show()
    await window.painted()
    rack = await _rack(options, places, child)
    rack.load()
    desk, socket = _desk(window, rack), _socket(instance)
    _quit_on_signals(desk)
    try:
        await socket.serve(window.come_forward)
        if instance.problem is not None and window.contents is not None:
            window.contents.tell("soon", instance.problem.sentences())
        await rack.open()
        if child is not None:
            await _prepare(rack, child, joined=options.join is not None)
        if options.tour is not None and child is not None:
            return await _tour(desk, child, options.tour)
        await desk.quitting.wait()
        return 0
    finally:
        await desk.close()
        await socket.close()
        await rack.close()


def _desk(window: MainWindow, rack: "Rack") -> "Desk":
    from keyrack.ui.desk import Desk

    return Desk(window, rack)


def _socket(instance: Instance) -> "WindowVerb":
    from keyrack.broker.window_verb import WindowVerb

    return WindowVerb(instance)


async def _rack(options: Options, places: Paths, child: "SandboxChild | None") -> "Rack":
    from keyrack.core.rack import Rack
    from keyrack.core.vault import KeyringVault
    from keyrack.providers.load import built_in

    if child is None:
        return Rack(built_in(), KeyringVault("Keyrack"), places)
    await asyncio.to_thread(child.read)
    if options.reset:
        shutil.rmtree(places.config, ignore_errors=True)
    vault = await _sandbox_vault()
    if options.tour is None:
        return Rack(child.providers(), vault, places, sandbox=True)
    return Rack(child.providers(), vault, places, sandbox=True, browser=child.browse)


async def _sandbox_vault() -> "Vault":
    """The real keyring; memory where there is none, which only the sandbox may fall back to."""
    from keyrack.core.vault import MemoryVault, open_vault
    from keyrack.core.vault_errors import VaultFailure

    try:
        return await open_vault("Keyrack Sandbox")
    except VaultFailure as why:
        print(f"{why.sentences()} The sandbox keeps its secrets in memory.")
        return MemoryVault()


async def _prepare(rack: "Rack", child: "SandboxChild", *, joined: bool) -> None:
    from keyrack.core.sandbox_accounts import prepare

    try:
        await prepare(rack, child.announced["clients"], joined=joined)
    except Failure as why:
        print(why.sentences(), file=sys.stderr)


async def _tour(desk: "Desk", child: "SandboxChild", folder: Path) -> int:
    from keyrack.ui.tour import Tour

    return await Tour(desk, child, folder).run()


def _quit_on_signals(desk: "Desk") -> None:
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        with contextlib.suppress(NotImplementedError, ValueError):  # Windows
            loop.add_signal_handler(number, desk.quit)
