"""The lock that comes by itself: after a quarter of an hour without a hand, a locked screen, or sleep."""

import asyncio
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtDBus import QDBusConnection, QDBusMessage
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from keyrack.core.accounts.state import Active, LoggedOut
from keyrack.primitives.clock import Clock
from keyrack.ui.frontend import Frontend
from keyrack.ui.integration.session_monitor import SCREENS, SessionMonitor
from keyrack.ui.lock.idle_lock import IDLE_AFTER, IdleLock
from tests.keyring_session import KeyringSession
from tests.ui.harness import WindowHarness, bench, holdings, seen, visible_texts


@pytest.fixture
def b(qtbot: QtBot, tmp_path: Path) -> WindowHarness:
    made = bench(tmp_path)
    made.active("w1", token=made.token(left=100_000, lifetime=100_000)).show_balances(holdings(made.hands))
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


def locked(b: WindowHarness) -> bool:
    return b.rack.lock.locked


def look(idle: IdleLock) -> None:
    """The timer has come to its end."""
    idle._timer.timeout.emit()


@pytest.mark.security("S91")
def test_a_window_that_nobody_uses_for_a_quarter_of_an_hour_locks_by_itself(b: WindowHarness) -> None:
    idle = IdleLock(b.window, b.rack.lock, b.rack.clock)
    assert IDLE_AFTER == 15 * 60
    b.hands.move(IDLE_AFTER - 1)
    look(idle)
    assert not locked(b)
    b.hands.move(1)
    look(idle)
    assert (b.rack.lock.locked, b.rack.lock.by_hand) == (True, False)
    assert "36.48" not in visible_texts(b.window)
    assert not idle._timer.isActive()


def test_each_key_and_each_move_of_the_mouse_begins_the_time_anew(b: WindowHarness) -> None:
    idle = IdleLock(b.window, b.rack.lock, b.rack.clock)
    handle = b.window.windowHandle()
    uses: list[Callable[[], None]] = [
        lambda: QTest.keyClick(handle, Qt.Key.Key_Shift),
        lambda: QTest.mouseMove(handle, QPoint(300, 300)),
        lambda: QTest.mouseClick(handle, Qt.MouseButton.LeftButton, pos=QPoint(500, 5)),
    ]
    for use in uses:
        b.hands.move(IDLE_AFTER - 1)
        use()
        assert idle._used == b.hands.elapsed
        look(idle)
    assert not locked(b)
    assert idle._timer.isActive()


async def test_the_timer_is_a_real_one_and_starts_again_after_an_unlock(b: WindowHarness) -> None:
    idle = IdleLock(b.window, b.rack.lock, Clock(), after=0.05)
    await seen(lambda: locked(b))
    await b.rack.lock.load()
    b.rack.lock.unlock_by_press()
    assert idle._timer.isActive()
    await seen(lambda: locked(b))


@pytest.mark.security("S91")
def test_a_hidden_window_wakes_nobody_and_is_locked_before_it_is_seen_again(b: WindowHarness) -> None:
    idle = IdleLock(b.window, b.rack.lock, b.rack.clock)
    b.window.hide()
    assert not idle._timer.isActive()
    b.hands.move(IDLE_AFTER)
    assert not locked(b)
    b.window.come_forward()
    assert locked(b)
    assert "36.48" not in visible_texts(b.window)


def test_the_first_key_after_too_long_a_time_locks_too(b: WindowHarness) -> None:
    IdleLock(b.window, b.rack.lock, b.rack.clock)
    b.hands.move(IDLE_AFTER + 1)  # asleep: the timer did not run
    QTest.keyClick(b.window.windowHandle(), Qt.Key.Key_Shift)
    assert locked(b)


@pytest.mark.security("S91")
async def test_the_tray_copies_nothing_after_too_long_a_time(b: WindowHarness, frontend: Frontend) -> None:
    b.window.hide()
    b.hands.move(IDLE_AFTER - 1)
    frontend.tray.copy.emit("w1")
    await seen(lambda: frontend.clipboard.holding)
    frontend.clipboard.clear()
    b.hands.move(IDLE_AFTER)
    frontend.tray.copy.emit("w1")
    assert locked(b)
    assert b.window.isVisible(), "there it is unlocked"
    assert not frontend.tasks._running
    assert QGuiApplication.clipboard().text() == ""


@pytest.mark.security("S91")
async def test_a_locked_screen_and_sleep_are_heard_from_the_desktop(
    qapp: QApplication, bus: QDBusConnection, other: QDBusConnection
) -> None:
    watch, heard = SessionMonitor(), list[str]()
    watch.left.connect(lambda: heard.append("left"))
    watch.hear_screens(bus)
    assert bus.registerService("org.freedesktop.login1")
    watch.hear_login(bus, "2")
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


async def test_a_computer_that_wakes_looks_at_once_at_what_fell_due_r16(b: WindowHarness, frontend: Frontend) -> None:
    account = b.active("w1")
    looking = asyncio.create_task(b.rack._refresher.run())
    for _ in range(10):  # until it sleeps
        await asyncio.sleep(0)
    b.hands.move(900)
    assert isinstance(account.state, Active)
    frontend.session.heard(False)
    await seen(lambda: isinstance(account.state, LoggedOut))
    looking.cancel()


@pytest.mark.security("S91")
async def test_who_went_away_finds_it_locked_though_not_by_hand(b: WindowHarness, frontend: Frontend) -> None:
    frontend.session.heard(False)
    assert not locked(b)
    frontend.session.heard(True)
    assert (b.rack.lock.locked, b.rack.lock.by_hand) == (True, False)
