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
from tests.ui.harness import WindowHarness, holdings, make_harness, seen, visible_texts


@pytest.fixture
def harness(qtbot: QtBot, tmp_path: Path) -> WindowHarness:
    made = make_harness(tmp_path)
    made.active("w1", token=made.token(left=100_000, lifetime=100_000)).show_balances(holdings(made.clock))
    made.window.show()
    return made


def locked(harness: WindowHarness) -> bool:
    return harness.rack.lock.locked


@pytest.mark.security("S91")
def test_a_window_that_nobody_uses_for_a_quarter_of_an_hour_locks_by_itself(harness: WindowHarness) -> None:
    idle = IdleLock(harness.window, harness.rack.lock, harness.rack.clock)
    assert IDLE_AFTER == 15 * 60
    harness.clock.move(IDLE_AFTER - 1)
    idle.check()
    assert not locked(harness)
    harness.clock.move(1)
    idle.check()
    assert (harness.rack.lock.locked, harness.rack.lock.by_hand) == (True, False)
    assert "36.48" not in visible_texts(harness.window)
    assert not idle.timing


def test_each_key_and_each_move_of_the_mouse_begins_the_time_anew(harness: WindowHarness) -> None:
    idle = IdleLock(harness.window, harness.rack.lock, harness.rack.clock)
    handle = harness.window.windowHandle()
    QTest.mouseMove(handle, QPoint(30, 30))  # a move to where the mouse was left by another test is none
    uses: list[Callable[[], None]] = [
        lambda: QTest.keyClick(handle, Qt.Key.Key_Shift),
        lambda: QTest.mouseMove(handle, QPoint(300, 300)),
        lambda: QTest.mouseClick(handle, Qt.MouseButton.LeftButton, pos=QPoint(500, 5)),
    ]
    for use in uses:
        harness.clock.move(IDLE_AFTER - 1)
        use()
        assert not locked(harness), "the time began anew with the use before"
    harness.clock.move(IDLE_AFTER - 1)
    idle.check()
    assert not locked(harness)
    assert idle.timing


async def test_the_timer_is_a_real_one_and_starts_again_after_an_unlock(harness: WindowHarness) -> None:
    idle = IdleLock(harness.window, harness.rack.lock, Clock(), after=lambda: 0.05)
    await seen(lambda: locked(harness))
    await harness.rack.lock.load()
    harness.rack.lock.unlock_by_press()
    assert idle.timing
    await seen(lambda: locked(harness))


@pytest.mark.security("S91")
def test_a_hidden_window_wakes_nobody_and_is_locked_before_it_is_seen_again(harness: WindowHarness) -> None:
    idle = IdleLock(harness.window, harness.rack.lock, harness.rack.clock)
    harness.window.hide()
    assert not idle.timing
    harness.clock.move(IDLE_AFTER)
    assert not locked(harness)
    harness.window.come_forward()
    assert locked(harness)
    assert "36.48" not in visible_texts(harness.window)


def test_the_first_key_after_too_long_a_time_locks_too(harness: WindowHarness) -> None:
    IdleLock(harness.window, harness.rack.lock, harness.rack.clock)
    harness.clock.move(IDLE_AFTER + 1)  # asleep: the timer did not run
    QTest.keyClick(harness.window.windowHandle(), Qt.Key.Key_Shift)
    assert locked(harness)


@pytest.mark.security("S91")
async def test_the_tray_copies_nothing_after_too_long_a_time(harness: WindowHarness, frontend: Frontend) -> None:
    harness.window.hide()
    harness.clock.move(IDLE_AFTER - 1)
    frontend.tray.copy.emit("w1")
    await seen(lambda: frontend.clipboard.holds_secret)
    frontend.clipboard.clear()
    harness.clock.move(IDLE_AFTER)
    frontend.tray.copy.emit("w1")
    assert locked(harness)
    assert harness.window.isVisible(), "there it is unlocked"
    assert frontend.tasks.idle
    assert QGuiApplication.clipboard().text() == ""
