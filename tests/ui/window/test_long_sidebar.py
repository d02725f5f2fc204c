"""The sidebar of many accounts: only entries near what is shown exist, and all can be reached."""

from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from keyrack.ui.widgets.controls import Text
from tests.ui.harness import ACCOUNTS, WindowHarness, make_harness

MANY = 124


@pytest.fixture
def harness(qtbot: QtBot, tmp_path: Path) -> WindowHarness:
    made = make_harness(tmp_path, tuple(replace(ACCOUNTS[4], id=f"m{at}", name=f"Desk {at}") for at in range(MANY)))
    qtbot.addWidget(made.window)
    made.window.show()
    made.window.activateWindow()
    qtbot.waitUntil(lambda: made.contents.sidebar.list.viewport().height() > 300)
    return made


def existing(harness: WindowHarness) -> list[str]:
    return [entry.id for entry in harness.contents.sidebar.list.entries()]


def press(harness: WindowHarness, *keys: Qt.Key) -> str:
    for key in keys:
        QTest.keyClick(harness.window.focusWidget(), key)
    return harness.window.focusWidget().objectName()


def is_in_sight(harness: WindowHarness, id: str) -> bool:
    return any(entry.id == id for entry in harness.contents.sidebar.list.seen())


def test_only_entries_near_what_is_shown_exist(harness: WindowHarness) -> None:
    bar = harness.contents.sidebar.list.verticalScrollBar()
    assert "m0" in existing(harness)
    assert len(existing(harness)) < MANY / 4
    bar.setValue(bar.maximum())
    assert is_in_sight(harness, f"m{MANY - 1}")
    assert "m0" not in existing(harness)
    assert len(existing(harness)) < MANY / 2


def test_all_entries_are_of_one_width_beside_a_scroll_bar(harness: WindowHarness, qtbot: QtBot) -> None:
    sidebar = harness.contents.sidebar
    assert sidebar.list.verticalScrollBar().isVisible()
    qtbot.waitUntil(lambda: sidebar.overview.width() == sidebar.list.made["m0"].width())
    beside, whole = sidebar.overview.width(), sidebar.list.width()
    assert beside < whole
    harness.window.resize(640, 680)
    qtbot.waitUntil(lambda: sidebar.overview.width() == sidebar.list.made["m0"].width() == sidebar.list.width())


def test_the_keys_reach_an_entry_that_did_not_exist(harness: WindowHarness) -> None:
    key = Qt.Key
    harness.contents.sidebar.overview.setFocus(Qt.FocusReason.TabFocusReason)
    assert press(harness, key.Key_End) == f"account:m{MANY - 1}"
    assert is_in_sight(harness, f"m{MANY - 1}")
    assert press(harness, key.Key_Home, key.Key_Down) == "account:m0"
    QTest.keyClicks(harness.window.focusWidget(), "desk 77")
    assert harness.window.focusWidget().objectName() == "account:m77"
    assert is_in_sight(harness, "m77")


def test_the_stop_of_tab_stays_where_it_was_left_however_far_the_list_is_scrolled(harness: WindowHarness) -> None:
    key, bar = Qt.Key, harness.contents.sidebar.list.verticalScrollBar()
    harness.contents.sidebar.overview.setFocus(Qt.FocusReason.TabFocusReason)
    assert press(harness, key.Key_Down, key.Key_Down, key.Key_Tab) == "add_account"
    bar.setValue(bar.maximum())
    assert press(harness, key.Key_Backtab) == "account:m1"


def test_an_account_that_is_opened_elsewhere_is_marked_and_in_sight(harness: WindowHarness) -> None:
    harness.contents.open("m100")
    assert is_in_sight(harness, "m100")
    assert [entry.id for entry in harness.contents.sidebar.list.entries() if entry.isChecked()] == ["m100"]
    harness.contents.sidebar.step(1)
    assert harness.contents.page_to_return_to() == "m101"


def test_an_entry_is_marked_as_it_was_when_it_comes_back(harness: WindowHarness) -> None:
    bar = harness.contents.sidebar.list.verticalScrollBar()
    harness.actions.selection.choose(("m0", "m3"))
    bar.setValue(bar.maximum())
    assert "m3" not in existing(harness)
    bar.setValue(0)
    assert [entry.id for entry in harness.contents.sidebar.list.entries() if entry.selected] == ["m0", "m3"]


def test_while_a_screen_reader_runs_all_exist(harness: WindowHarness) -> None:
    QAccessible.setActive(True)
    harness.tick()
    assert existing(harness) == [f"m{at}" for at in range(MANY)]
    lines = harness.contents.sidebar.list.spoken_lines()
    assert [isinstance(line, Text) for line in lines] == [True] + MANY * [False]
