"""Notices: only when a person is needed, once, gathered, and plain."""

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from keyrack.primitives.clock import Clock
from keyrack.ui.integration.notifications import REPEAT_AFTER, Notifications


class Desk:
    """A clock that is moved by hand, and what was shown."""

    def __init__(self) -> None:
        self.now = 1000.0
        self.shown: list[tuple[str, str]] = []
        self.notifications = Notifications(
            lambda title, text: self.shown.append((title, text)), Clock(lambda: self.now, lambda: self.now), gather_ms=0
        )


@pytest.fixture
def frontend(qapp: QApplication) -> Desk:
    return Desk()


def test_one_account_is_named(frontend: Desk, qtbot: QtBot) -> None:
    frontend.notifications.report({"a": "Main"})
    qtbot.waitUntil(lambda: bool(frontend.shown))
    assert frontend.shown == [("Main needs you", "Open Keyrack to see what to do.")]


def test_several_are_one_notice(frontend: Desk, qtbot: QtBot) -> None:
    frontend.notifications.report({"a": "Main"})
    frontend.notifications.report({"a": "Main", "b": "Savings", "c": "Bot", "d": "Old"})
    qtbot.waitUntil(lambda: bool(frontend.shown))
    assert frontend.shown == [("4 accounts need you", "Main, Savings, Bot and 1 more")]


def test_nothing_is_said_when_nobody_is_needed(frontend: Desk, qapp: QApplication) -> None:
    frontend.notifications.report({})
    frontend.notifications.report({"a": "Main"})
    frontend.notifications.report({})
    qapp.processEvents()
    assert frontend.shown == []


def test_an_account_that_stays_is_said_once(frontend: Desk, qtbot: QtBot, qapp: QApplication) -> None:
    for _ in range(3):
        frontend.notifications.report({"a": "Main"})
        qtbot.waitUntil(lambda: bool(frontend.shown))
        frontend.now += REPEAT_AFTER
        qapp.processEvents()
    assert len(frontend.shown) == 1


def test_it_is_repeated_after_a_quarter_of_an_hour_at_the_earliest(frontend: Desk, qtbot: QtBot) -> None:
    frontend.notifications.report({"a": "Main"})
    qtbot.waitUntil(lambda: bool(frontend.shown))
    frontend.notifications.report({})
    frontend.now += REPEAT_AFTER - 60
    frontend.notifications.report({"a": "Main"})
    assert frontend.notifications._timer.remainingTime() == pytest.approx(60_000, abs=2000)
    assert len(frontend.shown) == 1
    frontend.notifications.report({})
    assert not frontend.notifications._timer.isActive(), "in order again before it was time"
    frontend.now += 60
    frontend.notifications.report({"a": "Main"})
    qtbot.waitUntil(lambda: len(frontend.shown) == 2)


def test_another_account_does_not_wait_for_the_first(frontend: Desk, qtbot: QtBot) -> None:
    frontend.notifications.report({"a": "Main"})
    qtbot.waitUntil(lambda: bool(frontend.shown))
    frontend.notifications.report({})
    frontend.notifications.report({"a": "Main"})
    frontend.notifications.report({"a": "Main", "b": "Savings"})
    qtbot.waitUntil(lambda: len(frontend.shown) == 2)
    assert frontend.shown[1][0] == "Savings needs you"


@pytest.mark.security("S49", "S99")
def test_a_name_is_no_markup(frontend: Desk, qtbot: QtBot) -> None:
    frontend.notifications.report({"a": "<a href='x'>R&D</a>"})
    qtbot.waitUntil(lambda: bool(frontend.shown))
    assert not set("<>&") & set("".join(frontend.shown[0]))
