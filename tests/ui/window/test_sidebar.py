"""The sidebar: grouped, in a steady order, readable without colours, and usable when narrow."""

from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton
from pytestqt.qtbot import QtBot

from keyrack.core.accounts.account import Account
from keyrack.core.accounts.activity import Activity
from keyrack.core.accounts.state import Reason
from keyrack.ui.window.sidebar import Sidebar
from keyrack.ui.window.sidebar_entry import AccountEntry
from tests.ui.harness import ACCOUNTS, WindowHarness, bench, button, visible_texts


@pytest.fixture
def b(qtbot: QtBot, tmp_path: Path) -> WindowHarness:
    made = bench(tmp_path)
    qtbot.addWidget(made.window)
    made.window.show()
    return made


def order(sidebar: Sidebar) -> list[str]:
    entries = sidebar.findChildren(AccountEntry)
    return [entry.objectName() for entry in sorted(entries, key=lambda entry: entry.y())]


def entry(b: WindowHarness, id: str) -> AccountEntry:
    found = b.window.findChild(AccountEntry, f"account:{id}")
    assert found is not None
    return found


def test_accounts_are_grouped_by_exchange_and_keep_their_order(b: WindowHarness) -> None:
    expected = [f"account:{id}" for id in ("p1", "p2", "b1", "b2", "w1", "w2")]
    assert order(b.contents.sidebar) == expected
    b.active("w2")
    b.signed_out("p1", Reason.REFRESH_REJECTED)
    b.tick()
    assert order(b.contents.sidebar) == expected


def test_a_later_account_joins_its_exchange_and_the_others_stay_the_same_widgets(
    b: WindowHarness, qtbot: QtBot
) -> None:
    before = {id: entry(b, id) for id in ("p1", "w1")}
    new = Account(replace(ACCOUNTS[0], id="p3", name="Third desk"), Activity([], b.rack.clock.wall))
    b.rack.accounts.add(new)
    qtbot.waitUntil(lambda: order(b.contents.sidebar).index("account:p3") == 2)
    assert all(entry(b, id) is widget for id, widget in before.items())
    b.rack.accounts.remove(new)
    assert b.window.findChild(AccountEntry, "account:p3") is None


def test_time_left_stands_at_the_right_edge_and_state_is_a_word_and_a_shape(b: WindowHarness) -> None:
    b.active("w1")
    b.signed_out("w2", Reason.REFRESH_EXPIRED)
    assert entry(b, "w1").time.text() == "3:41"
    assert entry(b, "w1").time.alignment() & Qt.AlignmentFlag.AlignRight
    assert entry(b, "w2").time.text() == "sign in"
    assert entry(b, "w1").mark.kind != entry(b, "w2").mark.kind
    assert entry(b, "w2").accessibleName() == "Trading EU, sign in"


def test_the_badge_of_the_sandbox_is_permanent(b: WindowHarness, qtbot: QtBot, tmp_path: Path) -> None:
    for width in (1000, 640):
        b.window.resize(width, 420)
        assert b.contents.sidebar.brand.badge.isVisible()
    real = bench(tmp_path / "real", sandbox=False)
    qtbot.addWidget(real.window)
    real.window.show()
    assert not real.contents.sidebar.brand.badge.isVisible()
    assert "Sandbox" not in real.window.windowTitle()


def test_narrow_it_is_a_rail_with_names_in_tooltips(b: WindowHarness) -> None:
    b.window.resize(640, 420)
    assert b.contents.sidebar.width() < 110
    assert "Trading EU" not in visible_texts(b.contents.sidebar)
    assert entry(b, "w2").toolTip() == "Trading EU"
    assert entry(b, "w2").mark.isVisible()
    b.window.resize(1000, 680)
    assert entry(b, "w2").name.isVisible()


def test_a_press_opens_the_pane_and_the_keys_step_through_all(b: WindowHarness) -> None:
    button(b, "account:w1").click()
    pane = b.contents.pages.pane
    assert pane is not None
    assert pane.account.id == "w1"
    assert entry(b, "w1").isChecked()
    button(b, "overview").click()
    b.contents.sidebar.step(1)
    assert entry(b, "p1").isChecked()
    b.contents.sidebar.step(-1)
    assert b.contents.sidebar.overview.isChecked()
    assert not entry(b, "p1").isChecked()


def test_every_line_is_reached_by_tab_and_pressed_by_space(b: WindowHarness) -> None:
    for name in ("overview", "account:b1", "add_account"):
        reached = b.window.findChild(QAbstractButton, name)
        assert reached is not None
        assert reached.focusPolicy() & Qt.FocusPolicy.TabFocus
    b.window.activateWindow()
    entry(b, "b1").setFocus(Qt.FocusReason.TabFocusReason)
    QTest.keyClick(entry(b, "b1"), Qt.Key.Key_Space)
    assert b.contents.pages.pane is not None
