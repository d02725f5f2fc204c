"""Notices: only when a person is needed, once, gathered, and plain."""

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from keyrack.primitives.clock import Clock
from keyrack.ui.integration.notifications import REPEAT_AFTER, Notices


class Desk:
    """A clock that is moved by hand, and what was shown."""

    def __init__(self) -> None:
        self.now = 1000.0
        self.shown: list[tuple[str, str]] = []
        self.notices = Notices(
            lambda title, text: self.shown.append((title, text)), Clock(lambda: self.now, lambda: self.now), gather_ms=0
        )


@pytest.fixture
def desk(qapp: QApplication) -> Desk:
    return Desk()


def test_one_account_is_named(desk: Desk, qtbot: QtBot) -> None:
    desk.notices.report({"a": "Main"})
    qtbot.waitUntil(lambda: bool(desk.shown))
    assert desk.shown == [("Main needs you", "Open Keyrack to see what to do.")]


def test_several_are_one_notice(desk: Desk, qtbot: QtBot) -> None:
    desk.notices.report({"a": "Main"})
    desk.notices.report({"a": "Main", "b": "Savings", "c": "Bot", "d": "Old"})
    qtbot.waitUntil(lambda: bool(desk.shown))
    assert desk.shown == [("4 accounts need you", "Main, Savings, Bot and 1 more")]


def test_nothing_is_said_when_nobody_is_needed(desk: Desk, qapp: QApplication) -> None:
    desk.notices.report({})
    desk.notices.report({"a": "Main"})
    desk.notices.report({})
    qapp.processEvents()
    assert desk.shown == []


def test_an_account_that_stays_is_said_once(desk: Desk, qtbot: QtBot, qapp: QApplication) -> None:
    for _ in range(3):
        desk.notices.report({"a": "Main"})
        qtbot.waitUntil(lambda: bool(desk.shown))
        desk.now += REPEAT_AFTER
        qapp.processEvents()
    assert len(desk.shown) == 1


def test_it_is_repeated_after_a_quarter_of_an_hour_at_the_earliest(desk: Desk, qtbot: QtBot) -> None:
    desk.notices.report({"a": "Main"})
    qtbot.waitUntil(lambda: bool(desk.shown))
    desk.notices.report({})
    desk.now += REPEAT_AFTER - 60
    desk.notices.report({"a": "Main"})
    assert desk.notices._timer.remainingTime() == pytest.approx(60_000, abs=2000)
    assert len(desk.shown) == 1
    desk.notices.report({})
    assert not desk.notices._timer.isActive(), "in order again before it was time"
    desk.now += 60
    desk.notices.report({"a": "Main"})
    qtbot.waitUntil(lambda: len(desk.shown) == 2)


def test_another_account_does_not_wait_for_the_first(desk: Desk, qtbot: QtBot) -> None:
    desk.notices.report({"a": "Main"})
    qtbot.waitUntil(lambda: bool(desk.shown))
    desk.notices.report({})
    desk.notices.report({"a": "Main"})
    desk.notices.report({"a": "Main", "b": "Savings"})
    qtbot.waitUntil(lambda: len(desk.shown) == 2)
    assert desk.shown[1][0] == "Savings needs you"


@pytest.mark.security("S49", "S99")
def test_a_name_is_no_markup(desk: Desk, qtbot: QtBot) -> None:
    desk.notices.report({"a": "<a href='x'>R&D</a>"})
    qtbot.waitUntil(lambda: bool(desk.shown))
    assert not set("<>&") & set("".join(desk.shown[0]))
