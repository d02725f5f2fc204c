"""The lock that comes by itself: after a quarter of an hour without a hand, a locked screen, or sleep."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from keyrack.primitives.clock import Clock
from keyrack.ui.frontend import Frontend
from keyrack.ui.lock.idle_lock import IDLE_AFTER, IdleLock
from tests.ui.harness import WindowHarness, bench, holdings, seen, visible_texts


@pytest.fixture
def b(qtbot: QtBot, tmp_path: Path) -> WindowHarness:
    made = bench(tmp_path)
    made.active("w1", token=made.token(left=100_000, lifetime=100_000)).show_balances(holdings(made.hands))
    made.window.show()
    return made


def locked(b: WindowHarness) -> bool:
    return b.rack.lock.locked


@pytest.mark.security("S91")
def test_a_window_that_nobody_uses_for_a_quarter_of_an_hour_locks_by_itself(b: WindowHarness) -> None:
    idle = IdleLock(b.window, b.rack.lock, b.rack.clock)
    assert IDLE_AFTER == 15 * 60
    b.hands.move(IDLE_AFTER - 1)
    idle.check()
    assert not locked(b)
    b.hands.move(1)
    idle.check()
    assert (b.rack.lock.locked, b.rack.lock.by_hand) == (True, False)
    assert "36.48" not in visible_texts(b.window)
    assert not idle.timing


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
        assert not locked(b), "the time began anew with the use before"
    b.hands.move(IDLE_AFTER - 1)
    idle.check()
    assert not locked(b)
    assert idle.timing


async def test_the_timer_is_a_real_one_and_starts_again_after_an_unlock(b: WindowHarness) -> None:
    idle = IdleLock(b.window, b.rack.lock, Clock(), after=0.05)
    await seen(lambda: locked(b))
    await b.rack.lock.load()
    b.rack.lock.unlock_by_press()
    assert idle.timing
    await seen(lambda: locked(b))


@pytest.mark.security("S91")
def test_a_hidden_window_wakes_nobody_and_is_locked_before_it_is_seen_again(b: WindowHarness) -> None:
    idle = IdleLock(b.window, b.rack.lock, b.rack.clock)
    b.window.hide()
    assert not idle.timing
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
    await seen(lambda: frontend.clipboard.holds_secret)
    frontend.clipboard.clear()
    b.hands.move(IDLE_AFTER)
    frontend.tray.copy.emit("w1")
    assert locked(b)
    assert b.window.isVisible(), "there it is unlocked"
    assert frontend.tasks.idle
    assert QGuiApplication.clipboard().text() == ""
