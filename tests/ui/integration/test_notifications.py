"""Notices: only when a person is needed, once, gathered, and plain."""

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from keyrack.ui.integration.notifications import GATHER_MORE, REPEAT_AFTER, Notifications
from tests.clock import FakeClock


class NotificationsFixture:
    """The notifications, what they showed, and their clock."""

    def __init__(self) -> None:
        self.clock = FakeClock()
        self.shown: list[tuple[str, str]] = []
        self.in_front = ""
        self.notifications = Notifications(
            lambda title, text: self.shown.append((title, text)),
            self.clock.clock,
            gather_ms=0,
            is_in_front=lambda id: id == self.in_front,
        )


@pytest.fixture
def made(qapp: QApplication) -> NotificationsFixture:
    return NotificationsFixture()


def test_one_account_is_named(made: NotificationsFixture, qtbot: QtBot) -> None:
    made.notifications.report({"a": "Main"})
    qtbot.waitUntil(lambda: bool(made.shown))
    assert made.shown == [("Main needs you", "Open Keyrack to see what to do.")]


def test_several_are_one_notice(made: NotificationsFixture, qtbot: QtBot) -> None:
    made.notifications.report({"a": "Main"})
    made.notifications.report({"a": "Main", "b": "Savings", "c": "Bot", "d": "Old"})
    qtbot.waitUntil(lambda: bool(made.shown))
    assert made.shown == [("4 accounts need you", "Main, Savings, Bot and 1 more")]


def test_those_that_follow_are_gathered_and_counted_with_those_that_were_told(
    made: NotificationsFixture, qtbot: QtBot
) -> None:
    made.notifications.report({"a": "Desk 1"})
    qtbot.waitUntil(lambda: bool(made.shown))
    made.notifications.report({"a": "Desk 1", "b": "Desk 2"})
    made.clock.move(5)
    made.notifications.report({"a": "Desk 1", "b": "Desk 2", "c": "Desk 3"})
    assert made.notifications.due_in == pytest.approx(GATHER_MORE, abs=6)
    made.clock.move(GATHER_MORE)
    made.notifications.look_again()
    qtbot.waitUntil(lambda: len(made.shown) == 2)
    assert made.shown == [
        ("Desk 1 needs you", "Open Keyrack to see what to do."),
        ("3 accounts need you", "Desk 2, Desk 3, Desk 1"),
    ]


def test_once_those_that_were_told_are_in_order_the_next_is_told_at_once(
    made: NotificationsFixture, qtbot: QtBot
) -> None:
    made.notifications.report({"a": "Desk 1"})
    qtbot.waitUntil(lambda: bool(made.shown))
    made.notifications.report({"a": "Desk 1", "b": "Desk 2"})
    assert len(made.shown) == 1
    made.notifications.report({"b": "Desk 2"})
    qtbot.waitUntil(lambda: len(made.shown) == 2)
    assert made.shown[1][0] == "Desk 2 needs you"


def test_nothing_is_said_when_nobody_is_needed(made: NotificationsFixture, qapp: QApplication) -> None:
    made.notifications.report({})
    made.notifications.report({"a": "Main"})
    made.notifications.report({})
    qapp.processEvents()
    assert made.shown == []


def test_an_account_that_stays_is_said_once(made: NotificationsFixture, qtbot: QtBot, qapp: QApplication) -> None:
    for _ in range(3):
        made.notifications.report({"a": "Main"})
        qtbot.waitUntil(lambda: bool(made.shown))
        made.clock.move(REPEAT_AFTER)
        qapp.processEvents()
    assert len(made.shown) == 1


def test_it_is_repeated_after_a_quarter_of_an_hour_at_the_earliest(made: NotificationsFixture, qtbot: QtBot) -> None:
    made.notifications.report({"a": "Main"})
    qtbot.waitUntil(lambda: bool(made.shown))
    made.notifications.report({})
    made.clock.move(REPEAT_AFTER - 60)
    made.notifications.report({"a": "Main"})
    assert made.notifications.due_in == pytest.approx(60, abs=2)
    assert len(made.shown) == 1
    made.notifications.report({})
    assert made.notifications.due_in is None, "in order again before it was time"
    made.clock.move(60)
    made.notifications.report({"a": "Main"})
    qtbot.waitUntil(lambda: len(made.shown) == 2)


def test_another_account_does_not_wait_for_the_first(made: NotificationsFixture, qtbot: QtBot) -> None:
    made.notifications.report({"a": "Main"})
    qtbot.waitUntil(lambda: bool(made.shown))
    made.notifications.report({})
    made.notifications.report({"a": "Main"})
    made.notifications.report({"a": "Main", "b": "Savings"})
    qtbot.waitUntil(lambda: len(made.shown) == 2)
    assert made.shown[1][0] == "Savings needs you"


@pytest.mark.security("S49", "S99")
def test_a_name_is_no_markup(made: NotificationsFixture, qtbot: QtBot) -> None:
    made.notifications.report({"a": "<a href='x'>R&D</a>"})
    qtbot.waitUntil(lambda: bool(made.shown))
    assert not set("<>&") & set("".join(made.shown[0]))


def test_the_account_that_the_person_looks_at_is_not_said_and_the_others_are(
    made: NotificationsFixture, qtbot: QtBot
) -> None:
    made.in_front = "a"
    made.notifications.report({"a": "Main", "b": "Savings"})
    qtbot.waitUntil(lambda: bool(made.shown))
    made.in_front = ""
    made.notifications.report({"a": "Main"})
    assert made.notifications.due_in is None, "it was seen"
    made.notifications.report({})
    made.notifications.report({"a": "Main"})
    qtbot.waitUntil(lambda: len(made.shown) == 2)
    assert [title for title, _ in made.shown] == ["Savings needs you", "Main needs you"]
