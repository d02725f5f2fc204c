"""Copy where the eye is, and the one step that a card offers."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from keyrack.core.accounts.state import LoggedOut, Reason
from keyrack.oauth.oauth_errors import ClientRejected
from keyrack.ui.overview.account_item import AccountItem
from keyrack.ui.parts.copy_button import CopyButton
from tests.ui.harness import WindowHarness, button, field, holdings, make_harness, seen
from tests.ui.painted import PaintedWidgets

TOKEN = "canary-access-token"


@pytest.fixture
def harness(qtbot: QtBot, tmp_path: Path) -> WindowHarness:
    made = make_harness(tmp_path)
    qtbot.addWidget(made.window)
    for account in made.rack.accounts:
        made.active(account.id)
    made.window.show()
    made.window.activateWindow()
    qtbot.waitUntil(lambda: QApplication.activeWindow() is made.window)
    point_at(made, QPoint(1, 1))
    return made


def point_at(harness: WindowHarness, place: QPoint) -> None:
    QTest.mouseMove(harness.window, place)
    QApplication.processEvents()


def hover(harness: WindowHarness, item: AccountItem) -> None:
    point_at(harness, item.mapTo(harness.window, QPoint(20, item.height() - 6)))


def offered(item: AccountItem) -> CopyButton | None:
    return item.copy if item.copy is not None and item.copy.isVisible() else None


def places(item: AccountItem) -> list[QRect]:
    """Where the item is, and each label in it."""
    return [item.geometry(), *(label.geometry() for label in item.findChildren(QLabel))]


def say(harness: WindowHarness) -> str:
    return harness.contents.notice.banner.text.text() if harness.contents.notice.isVisible() else ""


def go_to(harness: WindowHarness, item: AccountItem) -> None:
    """Come to a card by the keyboard."""
    QTest.keyClick(harness.window.windowHandle(), Qt.Key.Key_F35)
    item.setFocus()


def copy_key(harness: WindowHarness) -> None:
    QTest.keyClick(harness.window, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)


@pytest.mark.parametrize("lines", [False, True])
async def test_copy_appears_under_the_mouse_and_moves_nothing(harness: WindowHarness, lines: bool) -> None:
    overview = harness.contents.pages.overview
    if lines:
        overview.head.list.click()
    item: AccountItem = overview.lines["w1"] if lines else overview.cards["w1"]
    assert offered(item) is None
    before = places(item)
    hover(harness, item)
    copy = offered(item)
    assert copy is not None
    assert item.rect().contains(copy.geometry())
    assert places(item) == before
    copy.click()
    await seen(lambda: QGuiApplication.clipboard().text() == TOKEN)
    assert copy.accessibleName() == "Copied: Trading"
    assert harness.contents.pages.pane is None, "the press was for the button"
    harness.clipboard.clear()
    assert copy.accessibleName() == "Copy token: Trading"
    point_at(harness, QPoint(1, 1))
    assert offered(item) is None


async def test_a_line_of_the_sidebar_offers_it_in_place_of_the_time(harness: WindowHarness) -> None:
    sidebar = harness.contents.sidebar
    entry = next(entry for entry in sidebar.list.entries() if entry.id == "w1")
    name = entry.name.geometry()
    point_at(harness, entry.mapTo(harness.window, entry.rect().center()))
    assert not entry.state.time.isVisible()
    assert entry.name.geometry() == name
    button(harness, "copy:w1").click()
    await seen(lambda: QGuiApplication.clipboard().text() == TOKEN)
    assert harness.contents.pages.pane is None
    point_at(harness, QPoint(1, 1))
    assert button(harness, "copy:w1").accessibleName() == "Copied: Trading"
    harness.clipboard.clear()
    assert entry.state.time.isVisible()


def test_the_focused_line_of_the_sidebar_offers_it_while_the_person_uses_the_keyboard(harness: WindowHarness) -> None:
    entry = next(entry for entry in harness.contents.sidebar.list.entries() if entry.id == "w1")
    handle = harness.window.windowHandle()
    entry.setFocus()
    assert entry.state.time.isVisible()
    QTest.keyClick(handle, Qt.Key.Key_F35)
    copy = button(harness, "copy:w1")
    beside = harness.contents.sidebar.brand.geometry().center()
    QTest.mouseClick(handle, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, beside)
    assert entry.hasFocus()
    assert not copy.isVisible()
    assert entry.state.time.isVisible()


def test_the_keyboard_sees_it_on_the_focused_card_only(harness: WindowHarness) -> None:
    cards = harness.contents.pages.overview.cards
    assert cards["p1"].hasFocus(), "the page has put the focus there"
    assert offered(cards["p1"]) is None
    go_to(harness, cards["p2"])
    assert offered(cards["p2"]) is not None
    go_to(harness, cards["w1"])
    assert offered(cards["p2"]) is None


@pytest.mark.parametrize("lines", [False, True])
def test_a_card_that_is_come_back_to_by_esc_offers_it_and_by_mouse_none(harness: WindowHarness, lines: bool) -> None:
    overview = harness.contents.pages.overview
    if lines:
        overview.head.list.click()
    first = overview.grid.items["p1"]
    handle = harness.window.windowHandle()
    harness.contents.open("p1")
    QTest.keyClick(handle, Qt.Key.Key_Escape)
    assert first.hasFocus()
    assert offered(first) is not None
    beside = harness.contents.sidebar.brand.geometry().center()
    QTest.mouseClick(handle, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, beside)
    assert first.hasFocus()
    assert offered(first) is None, "the ring is gone too"
    QTest.keyClick(handle, Qt.Key.Key_F35)
    assert offered(first) is not None


def test_it_is_offered_only_where_it_can_be_had_without_a_person(harness: WindowHarness) -> None:
    cards = harness.contents.pages.overview.cards
    for id, state in (
        ("p1", LoggedOut(Reason.SIGNED_OUT)),
        ("p2", LoggedOut(Reason.NEW, ClientRejected("client_rejected", server="ProBit"))),
        ("w1", LoggedOut(Reason.REFRESH_EXPIRED)),
    ):
        harness.feed(id, state)
    found = []
    for id in ("p2", "p1", "w1", "w2"):
        go_to(harness, cards[id])
        found.append(offered(cards[id]) is not None)
    assert found == [False, True, False, True]


async def test_ctrl_c_copies_from_the_focused_card(harness: WindowHarness) -> None:
    go_to(harness, harness.contents.pages.overview.cards["w2"])
    copy_key(harness)
    await seen(lambda: QGuiApplication.clipboard().text() == TOKEN)
    assert harness.clipboard.owner == "w2"


async def test_ctrl_c_copies_from_the_focused_line_of_the_sidebar(harness: WindowHarness) -> None:
    entry = next(entry for entry in harness.contents.sidebar.list.entries() if entry.id == "b1")
    entry.setFocus(Qt.FocusReason.TabFocusReason)
    copy_key(harness)
    await seen(lambda: harness.clipboard.owner == "b1")


async def test_ctrl_c_in_find_copies_from_the_first_hit(harness: WindowHarness) -> None:
    head = harness.contents.pages.overview.head
    head.start_finding()
    head.search.setText("eu")
    QTest.keyClick(head.search, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    await seen(lambda: harness.clipboard.owner == "w2")
    harness.clipboard.clear()
    head.search.selectAll()
    QTest.keyClick(head.search, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QGuiApplication.clipboard().text() == "eu"


def test_ctrl_c_says_in_one_sentence_why_it_copies_nothing(harness: WindowHarness) -> None:
    overview = harness.contents.pages.overview
    overview.head.refresh_all.setFocus()
    copy_key(harness)
    assert say(harness) == "Choose an account with the arrows or by Find. Then Ctrl+C copies."
    harness.signed_out("w1", Reason.REFRESH_EXPIRED)
    overview.cards["w1"].setFocus(Qt.FocusReason.TabFocusReason)
    copy_key(harness)
    assert say(harness) == "Sign in first. Then Ctrl+C copies."
    harness.waiting("w1")
    copy_key(harness)
    assert say(harness) == "There is no token to copy: Waiting for the browser."
    assert QGuiApplication.clipboard().text() == ""


def step_of(harness: WindowHarness, id: str) -> str:
    action = harness.contents.pages.overview.cards[id].action
    return action.text() if action is not None and action.isVisible() else ""


def test_a_card_without_figures_is_half_as_high_and_offers_its_one_step(harness: WindowHarness, qtbot: QtBot) -> None:
    overview = harness.contents.pages.overview
    harness.account("w1").show_balances(holdings(harness.clock))
    harness.signed_out("w2")
    harness.feed("p1", LoggedOut(Reason.NEW, ClientRejected("client_rejected", server="ProBit")))
    cards = overview.cards
    qtbot.waitUntil(lambda: cards["w1"].height() > 1.9 * cards["w2"].height())
    assert not cards["w2"].figures.isVisible()
    assert [step_of(harness, id) for id in ("w1", "w2", "p1")] == ["", "Sign in", "Edit"]
    for card in cards.values():
        assert card.height() >= card.sizeHint().height()
    harness.account("w2").show_balances(holdings(harness.clock))
    qtbot.waitUntil(lambda: cards["w2"].height() == cards["w1"].height())


async def test_the_step_goes_on_in_the_pane_where_it_needs_its_person(harness: WindowHarness) -> None:
    cards = harness.contents.pages.overview.cards
    harness.feed("p1", LoggedOut(Reason.NEW, ClientRejected("client_rejected", server="ProBit")))
    edit = cards["p1"].action
    assert edit is not None
    edit.click()
    pane = harness.contents.pages.pane
    assert pane is not None
    assert pane.account.id == "p1"
    assert field(harness, "field_client_id").isVisible()
    harness.contents.pages.show_overview()
    harness.signed_out("b2")
    sign_in = cards["b2"].action
    assert sign_in is not None
    sign_in.click()
    pane = harness.contents.pages.pane
    assert pane is not None
    assert pane.panel.user_code is not None
    assert pane.panel.user_code.edit.hasFocus(), "its code is typed there"
    assert isinstance(harness.account("b2").state, LoggedOut)


def test_cards_of_both_heights_stand_on_one_grid_without_holes(harness: WindowHarness, qtbot: QtBot) -> None:
    for id in ("p1", "b1", "w1"):
        harness.account(id).show_balances(holdings(harness.clock))
    cards = harness.contents.pages.overview.cards
    low, high = cards["p2"], cards["p1"]
    gap = 16
    qtbot.waitUntil(lambda: high.height() == 2 * low.height() + gap)
    assert {card.y() % (low.height() + gap) for card in cards.values()} == {0}
    for x in {card.x() for card in cards.values()}:
        column = sorted((card.y(), card.height()) for card in cards.values() if card.x() == x)
        assert [y for y, _ in column[1:]] == [y + height + gap for y, height in column[:-1]]


@pytest.mark.parametrize("changes", ["hovered", "selected"])
def test_a_ring_is_painted_anew_with_its_card(harness: WindowHarness, qtbot: QtBot, changes: str) -> None:
    """It covers its place, so what Qt paints for the card alone leaves it out."""
    item = harness.contents.pages.overview.cards["w1"]
    harness.signed_out("w1", Reason.SIGNED_OUT)  # what a card offers under the mouse lies over no ring
    painted = PaintedWidgets(item.ring)
    selection = harness.actions.selection
    steps: dict[str, tuple[Callable[[], object], Callable[[], object]]] = {
        "hovered": (lambda: hover(harness, item), lambda: point_at(harness, QPoint(1, 1))),
        "selected": (lambda: selection.toggle("w1"), lambda: selection.toggle("w1")),
    }
    for step in steps[changes]:
        QApplication.processEvents()
        painted.clear()
        step()
        qtbot.waitUntil(lambda: item.ring in painted)


@pytest.mark.parametrize("lines", [False, True])
async def test_ctrl_c_after_esc_copies_from_the_account_that_was_open(harness: WindowHarness, lines: bool) -> None:
    overview = harness.contents.pages.overview
    if lines:
        overview.head.list.click()
    harness.window.resize(1000, 420)
    QApplication.processEvents()
    bar, last = overview.grid.verticalScrollBar(), overview.grid.ids[-1]
    bar.setValue(bar.maximum())
    scrolled, item = bar.value(), overview.grid.items[last]
    QTest.mouseClick(item, Qt.MouseButton.LeftButton, pos=QPoint(8, 8))
    assert harness.contents.pages.pane is not None
    QTest.keyClick(harness.window.windowHandle(), Qt.Key.Key_Escape)
    assert overview.grid.items[last].hasFocus()
    assert bar.value() == scrolled
    assert overview.current() is harness.account(last)
    copy_key(harness)
    await seen(lambda: harness.clipboard.owner == last)


def test_ctrl_c_copies_nothing_from_a_card_that_was_scrolled_away(harness: WindowHarness) -> None:
    overview = harness.contents.pages.overview
    harness.window.resize(640, 420)
    QApplication.processEvents()
    go_to(harness, overview.cards["p1"])
    assert overview.current() is harness.account("p1")
    overview.grid.verticalScrollBar().setValue(overview.grid.verticalScrollBar().maximum())
    assert overview.current() is None
    copy_key(harness)
    assert harness.clipboard.owner == ""
    assert "Choose an account" in say(harness)
