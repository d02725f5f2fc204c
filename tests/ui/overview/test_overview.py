"""The overview: what needs the person, and a card per account."""

from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from keyrack.core.accounts.account import Account
from keyrack.core.accounts.activity import Activity
from keyrack.core.accounts.balances_snapshot import Balances
from keyrack.core.accounts.state import Reason
from keyrack.providers.holding import Holding
from keyrack.ui.overview.account_card import AccountCard
from keyrack.ui.theme.palette import Scheme
from keyrack.ui.theme.theme import theme
from tests.ui.harness import ACCOUNTS, WindowHarness, button, holdings, make_harness, storage, visible_texts


@pytest.fixture
def harness(qtbot: QtBot, tmp_path: Path) -> WindowHarness:
    made = make_harness(tmp_path)
    qtbot.addWidget(made.window)
    for account in made.rack.accounts:
        made.active(account.id)
    made.window.show()
    return made


def test_all_is_well_or_so_many_need_you(harness: WindowHarness, qtbot: QtBot) -> None:
    overview = harness.contents.pages.overview
    assert overview.head.summary.text() == "All fresh."
    harness.signed_out("w1", Reason.REFRESH_EXPIRED)
    harness.signed_out("w2", Reason.REFRESH_REJECTED)
    qtbot.waitUntil(lambda: overview.head.summary.text() == "2 of 6 need you, 4 fresh.")


def test_the_summary_counts_what_time_alone_puts_into_another_group(harness: WindowHarness) -> None:
    """Within the same minute, and without a look at every account in every second."""
    summary = harness.contents.pages.overview.head.summary
    harness.clock.move(60.0 - harness.clock.elapsed % 60.0)
    harness.active("w1", token=harness.token(left=61.5))
    harness.tick()
    before = harness.clock.asked
    assert summary.text() == "All fresh."
    harness.tick(0.5)
    assert harness.clock.asked - before < 60
    harness.tick(0.1)
    assert summary.text() == "1 of 6 ending soon, 5 fresh."


def test_a_card_has_ring_word_and_three_rows_without_any_value(harness: WindowHarness) -> None:
    harness.account("w1").show_balances(holdings(harness.clock))
    card = harness.contents.pages.overview.cards["w1"]
    assert card.ring.text == "3:41"
    assert card.word.text() == "Fresh"
    assert [name.text() for name, _ in card.rows] == ["BTC · Main", "USDT · Main", "BTC · Spot"]
    assert card.rows[0][1].text() == "0.25000000"
    assert "value" not in visible_texts(card).lower()


def test_figures_of_a_stream_are_shown_at_the_next_second_also_after_they_were_out_of_sight(
    harness: WindowHarness,
) -> None:
    card, account = harness.contents.pages.overview.cards["w1"], harness.account("w1")

    def push(total: str) -> None:
        account.show_balances(Balances((Holding("ETH", Decimal(total), Decimal(total)),), harness.clock.wall, "push"))

    push("1")
    assert card.rows[0][1].text() == "1"
    push("2")
    harness.tick()
    assert card.rows[0][1].text() == "2"
    harness.window.hide()
    push("3")
    assert card.rows[0][1].text() == "2"
    harness.window.show()
    assert card.rows[0][1].text() == "3"


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("selected", [False, True])
@pytest.mark.parametrize("hovered", [False, True])
def test_a_ring_stands_on_the_colour_of_its_card(
    harness: WindowHarness, scheme: Scheme, *, selected: bool, hovered: bool
) -> None:
    try:
        theme().use(scheme)
        if selected:
            harness.actions.selection.choose(("w1", "w2"))
        card = harness.contents.pages.overview.cards["w1"]
        card.setAttribute(Qt.WidgetAttribute.WA_UnderMouse, hovered)
        picture = card.grab().toImage()
        corner = card.ring.mapTo(card, card.ring.rect().bottomLeft())
        assert picture.pixelColor(corner) == picture.pixelColor(corner + QPoint(0, 2))
    finally:
        theme().use(None)


def test_a_card_rounds_an_amount_and_has_the_exact_one_in_its_tooltip(harness: WindowHarness) -> None:
    long = Holding("ETH", Decimal(1), Decimal("12.240475606254996123"))
    harness.account("w1").show_balances(Balances((long,), harness.clock.wall, "poll"))
    card = harness.contents.pages.overview.cards["w1"]
    figure = card.rows[0][1]
    assert (figure.text(), figure.toolTip()) == ("12.24047561", "12.240475606254996123")
    assert card.childAt(figure.mapTo(card, figure.rect().center())) is figure
    assert not card.rows[1][1].toolTip()
    card.hide_amounts(private=True)
    assert not figure.toolTip()
    QTest.mouseClick(figure, Qt.MouseButton.LeftButton)
    assert harness.contents.pages.pane is not None


def test_storage_and_an_empty_account_have_their_own_rows(harness: WindowHarness) -> None:
    harness.account("b1").show_balances(storage(harness.clock))
    cards = harness.contents.pages.overview.cards
    assert [name.text() for name, _ in cards["b1"].rows] == ["Used", "Available", "Size"]
    harness.account("b2").show_balances(Balances((), harness.clock.wall, "poll"))
    assert cards["b2"].rows[0][0].text() == "This account holds nothing"


def test_a_click_and_the_return_key_open_the_pane(harness: WindowHarness) -> None:
    cards = harness.contents.pages.overview.cards
    QTest.mouseClick(cards["w1"], Qt.MouseButton.LeftButton)
    assert harness.contents.pages.pane is not None
    button(harness, "overview").click()
    QTest.keyClick(cards["b1"], Qt.Key.Key_Return)
    pane = harness.contents.pages.pane
    assert pane is not None
    assert pane.account.id == "b1"


def test_cards_stand_side_by_side_where_there_is_room(harness: WindowHarness, qtbot: QtBot) -> None:
    cards = harness.contents.pages.overview.cards
    qtbot.waitUntil(lambda: cards["p2"].y() == cards["p1"].y() and cards["p2"].x() > 0)
    harness.window.resize(640, 420)
    qtbot.waitUntil(lambda: cards["p2"].x() == cards["p1"].x() and cards["p2"].y() > cards["p1"].y())
    assert cards["p1"].width() >= 296


def test_a_later_account_joins_its_exchange_and_the_others_stay_the_same_widgets(
    harness: WindowHarness, qtbot: QtBot
) -> None:
    cards = harness.contents.pages.overview.cards
    before = dict(cards)
    new = Account(replace(ACCOUNTS[0], id="p3", name="Third desk"), Activity([], harness.rack.clock.wall))
    harness.rack.accounts.add(new)
    qtbot.waitUntil(lambda: cards["p2"].pos() != cards["p3"].pos())
    places = {id: (card.y(), card.x()) for id, card in cards.items()}
    assert sorted(places, key=places.__getitem__) == ["p1", "p2", "p3", "b1", "b2", "w1", "w2"]
    harness.rack.accounts.remove(new)
    assert cards == before
    assert harness.window.findChild(AccountCard, "card:p3") is None
    harness.rack.accounts.remove(harness.account("p1"))
    qtbot.waitUntil(lambda: (cards["p2"].x(), cards["p2"].y()) == (0, 0))


def test_a_card_whose_figures_are_not_of_now_is_grey_and_says_how_old_they_are(harness: WindowHarness) -> None:
    harness.account("w1").show_balances(holdings(harness.clock))
    harness.account("b1").show_balances(storage(harness.clock))
    harness.tick(65)
    cards = harness.contents.pages.overview.cards
    assert "ago" not in visible_texts(cards["w1"]) + visible_texts(cards["b1"])
    harness.signed_out("w1", Reason.REFRESH_EXPIRED)
    harness.signed_out("b1", Reason.REFRESH_EXPIRED)
    for card in (cards["w1"], cards["b1"]):
        assert "1\u00a0min ago" in visible_texts(card)
        assert card.rows[0][1].property("tone") == "off"
    harness.tick(60)
    assert "2\u00a0min ago" in visible_texts(cards["w1"])
    harness.active("w1")
    assert "ago" not in visible_texts(cards["w1"])
    assert cards["w1"].rows[0][1].property("tone") == ""


@pytest.fixture
def many(qtbot: QtBot, tmp_path: Path) -> WindowHarness:
    made = make_harness(tmp_path, tuple(replace(ACCOUNTS[4], id=f"m{at}", name=f"Desk {at}") for at in range(124)))
    qtbot.addWidget(made.window)
    for account in made.rack.accounts:
        made.active(account.id)
    made.window.show()
    return made


def test_of_many_cards_only_those_near_the_shown_part_exist(many: WindowHarness, qtbot: QtBot) -> None:
    grid = many.contents.pages.overview.grid
    many.contents.sidebar.overview.setFocus()  # the card that has the focus stays
    assert "m0" in grid.cards
    assert len(grid.cards) < 30
    bar = grid.verticalScrollBar()
    bar.setValue(bar.maximum())
    qtbot.waitUntil(lambda: "m123" in grid.cards)
    assert "m0" not in grid.cards
    assert len(many.window.findChildren(AccountCard)) < 62
    bottom = max(card.geometry().bottom() for card in grid.cards.values())
    assert bottom == grid.cards["m123"].geometry().bottom()
    assert grid.cards["m123"] in grid.seen()


def test_a_card_that_comes_into_sight_shows_what_happened_meanwhile(many: WindowHarness, qtbot: QtBot) -> None:
    many.account("m123").show_balances(holdings(many.clock))
    many.signed_out("m123", Reason.REFRESH_EXPIRED)
    many.contents.pages.overview.grid.reveal("m123")
    card = many.contents.pages.overview.cards["m123"]
    assert card.word.text() == "Sign in needed"
    assert card.rows[0][1].text() == "0.25000000"


def stops(harness: WindowHarness) -> list[str]:
    """The cards or lines that Tab reaches."""
    items = harness.contents.pages.overview.grid.items
    return [id for id, item in items.items() if item.focusPolicy() & Qt.FocusPolicy.TabFocus]


@pytest.mark.parametrize("lines", [False, True])
def test_all_cards_or_lines_are_one_stop_of_tab_where_it_was_left(many: WindowHarness, lines: bool) -> None:
    grid = many.contents.pages.overview.grid
    if lines:
        many.contents.pages.overview.head.list.click()
    grid.enter("m0")
    assert stops(many) == ["m0"]
    for _ in range(3):
        QTest.keyClick(many.window.focusWidget(), Qt.Key.Key_Right)
    assert many.window.focusWidget() is grid.items["m3"]
    QTest.keyClick(grid.items["m3"], Qt.Key.Key_Tab)
    left = many.window.focusWidget()
    assert left not in grid.items.values()
    assert stops(many) == ["m3"]
    QTest.keyClick(left, Qt.Key.Key_Backtab)
    assert grid.items["m3"].hasFocus()


@pytest.mark.parametrize("way", ["pane", "overview"])
def test_the_neighbour_that_takes_the_place_of_a_removed_account_has_the_focus(many: WindowHarness, way: str) -> None:
    grid, accounts = many.contents.pages.overview.grid, many.rack.accounts
    removals = ((["m50"], "m51"), (["m51", "m52"], "m53"), (["m123"], "m122"), (["m0"], "m1"))
    for removed, neighbour in removals:
        if way == "pane":
            many.contents.pages.begin(removed[0], "remove")
        else:
            grid.enter(removed[0])
        accounts.hide(*map(many.account, removed))
        assert many.window.focusWidget() is grid.items[neighbour], removed
        assert stops(many) == [neighbour]
        assert grid.items[neighbour] in grid.seen()


def test_a_stop_that_is_scrolled_far_away_gives_way_to_what_is_seen(many: WindowHarness) -> None:
    grid = many.contents.pages.overview.grid
    grid.enter("m1")
    many.contents.sidebar.overview.setFocus()
    grid.reveal("m123")
    assert "m1" not in grid.items
    (stop,) = stops(many)
    assert grid.items[stop] in grid.seen()
    many.contents.pages.overview.head.list.click()
    (stop,) = stops(many)
    assert grid.items[stop] in grid.seen()


@pytest.mark.parametrize("at", ["m60", "m123"])
def test_cards_and_lines_begin_at_the_account_that_had_the_focus(many: WindowHarness, qtbot: QtBot, at: str) -> None:
    overview = many.contents.pages.overview
    many.window.activateWindow()
    qtbot.waitUntil(lambda: QApplication.activeWindow() is many.window)
    for account in many.rack.accounts:  # with figures a card is higher than a line
        account.show_balances(holdings(many.clock))
    for layout in (overview.head.list, overview.head.cards, overview.head.list):
        overview.grid.enter(at)
        layout.click()
        item = overview.grid.items[at]
        assert item.hasFocus()
        assert item in overview.grid.seen()
        assert overview.titles.isVisible() is overview.grid.shows_lines


def test_a_change_of_one_account_looks_at_no_other(many: WindowHarness, qtbot: QtBot) -> None:
    """Each look at an account asks the clock. With 124 accounts all looked at all of them at each change."""
    overview = many.contents.pages.overview
    many.signed_out("m0", Reason.REFRESH_EXPIRED)
    qtbot.waitUntil(lambda: overview.head.summary.text() == "1 of 124 needs you, 123 fresh.")
    before = many.clock.asked
    for at in range(1, 11):
        many.signed_out(f"m{at}", Reason.REFRESH_EXPIRED)
    assert many.clock.asked - before < 124
    qtbot.waitUntil(lambda: overview.head.summary.text() == "11 of 124 need you, 113 fresh.")
    assert many.clock.asked - before < 3 * 124, "all are counted once for ten changes"


def test_the_sum_is_made_anew_only_after_a_change(harness: WindowHarness) -> None:
    harness.active("w1").show_balances(holdings(harness.clock))
    totals = harness.rack.totals
    before = totals.sum_of_all()
    harness.clock.move(1.0)
    assert totals.sum_of_all() is before
    harness.account("w1").show_balances(holdings(harness.clock))
    assert totals.sum_of_all() is not before
    now = totals.sum_of_all()
    totals.choose("EUR")
    assert totals.sum_of_all() is not now


@pytest.mark.parametrize("lines", [False, True])
def test_a_pinned_account_has_a_sign_and_says_so(harness: WindowHarness, lines: bool) -> None:
    overview, arranging = harness.contents.pages.overview, harness.actions.arranging
    if lines:
        overview.head.list.click()
    item = overview.grid.items["w1"]
    assert not item.pin.isVisible()
    arranging.pin(harness.account("w1"), pinned=True)
    assert overview.grid.items["w1"] is item
    assert item.pin.isVisible()
    assert (item.accessibleDescription(), item.pin.toolTip()) == ("Pinned. Fresh", "Pinned")
    harness.actions.selection.choose(("w1",))
    assert item.accessibleDescription() == "Selected. Pinned. Fresh"
    QTest.mouseClick(item.pin, Qt.MouseButton.LeftButton)
    assert harness.contents.pages.pane is not None, "the sign takes no press from its account"
    arranging.pin(harness.account("w1"), pinned=False)
    assert not overview.grid.items["w1"].pin.isVisibleTo(overview.grid.items["w1"])
