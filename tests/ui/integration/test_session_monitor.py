"""A locked screen and sleep, as the desktop reports them."""

import asyncio
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtDBus import QDBusConnection, QDBusMessage
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from keyrack.core.accounts.state import Active, LoggedOut
from keyrack.ui.frontend import Frontend
from keyrack.ui.integration.session_monitor import SCREENS, SessionMonitor
from tests.keyring_session import KeyringSession
from tests.ui.harness import WindowHarness, holdings, make_harness, seen


@pytest.fixture
def harness(qtbot: QtBot, tmp_path: Path) -> WindowHarness:
    made = make_harness(tmp_path)
    made.active("w1", token=made.token(left=100_000, lifetime=100_000)).show_balances(holdings(made.clock))
    made.window.show()
    return made


@pytest.fixture
def bus(tmp_path: Path) -> Iterator[QDBusConnection]:
    if shutil.which("dbus-daemon") is None:
        pytest.skip("no dbus-daemon")
    session = KeyringSession(tmp_path / "bus")
    session.runtime.mkdir(mode=0o700, parents=True)
    session.start_bus()
    yield QDBusConnection.connectToBus(f"unix:path={session.socket}", "ours")
    QDBusConnection.disconnectFromBus("ours")
    session.stop()


@pytest.fixture
def other(bus: QDBusConnection, tmp_path: Path) -> Iterator[QDBusConnection]:
    address = f"unix:path={KeyringSession(tmp_path / 'bus').socket}"
    yield QDBusConnection.connectToBus(address, "another's")
    QDBusConnection.disconnectFromBus("another's")


def locked(harness: WindowHarness) -> bool:
    return harness.rack.lock.locked


@pytest.mark.security("S91")
async def test_a_locked_screen_and_sleep_are_heard_from_the_desktop(
    qapp: QApplication, bus: QDBusConnection, other: QDBusConnection
) -> None:
    watch, heard = SessionMonitor(), list[str]()
    watch.away.connect(lambda: heard.append("left"))
    watch.watch_screens(bus)
    assert bus.registerService("org.freedesktop.login1")
    watch.watch_login(bus, "2")
    told: list[tuple[str, str, str, list[bool]]] = []
    for on in (False, True):
        told += [(f"/{name.replace('.', '/')}", name, "ActiveChanged", [on]) for name in SCREENS]
        told.append(("/org/freedesktop/login1", "org.freedesktop.login1.Manager", "PrepareForSleep", [on]))
    for session in ("_33", "_32"):
        told.append((f"/org/freedesktop/login1/session/{session}", "org.freedesktop.login1.Session", "Lock", []))
    for path, interface, name, arguments in told:
        for sender in (other, bus) if "login1" in path else (bus,):
            signal = QDBusMessage.createSignal(path, interface, name)
            signal.setArguments(arguments)
            assert sender.send(signal)
    expected = len(SCREENS) + 2
    await seen(lambda: len(heard) >= expected)
    assert len(heard) == expected, "opening, waking, another session and another user lock nothing"


async def test_a_computer_that_wakes_looks_at_once_at_what_fell_due_r16(
    harness: WindowHarness, frontend: Frontend
) -> None:
    account = harness.active("w1")
    looking = asyncio.create_task(harness.rack.parts.refresher.run())
    for _ in range(10):  # until it sleeps
        await asyncio.sleep(0)
    harness.clock.move(900)
    assert isinstance(account.state, Active)
    frontend.session.active_changed(False)
    await seen(lambda: isinstance(account.state, LoggedOut))
    looking.cancel()


@pytest.mark.security("S91")
async def test_who_went_away_finds_it_locked_though_not_by_hand(harness: WindowHarness, frontend: Frontend) -> None:
    frontend.session.active_changed(False)
    assert not locked(harness)
    frontend.session.active_changed(True)
    assert (harness.rack.lock.locked, harness.rack.lock.by_hand) == (True, False)
