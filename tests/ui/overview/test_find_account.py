"""Find on the overview, those that need you alone, and the list layout."""

from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from keyrack.core.accounts.state import Reason, Retrying, Running
from keyrack.core.preferences.all_settings import OVERVIEW
from keyrack.core.preferences.preferences import Preferences
from keyrack.core.vault.vault_errors import Locked
from keyrack.language.translation import speaking
from keyrack.ui.overview.account_finder import AccountFinder
from keyrack.ui.overview.account_line import AccountLine
from keyrack.ui.text.summary_text import words_of_groups
from keyrack.ui.theme.metrics import GAP_S
from tests.ui.harness import ACCOUNTS, WindowHarness, button, field, holdings, make_harness, storage, visible_texts
from tests.ui.history.past import priced


def shown(qtbot: QtBot, made: WindowHarness) -> WindowHarness:
    qtbot.addWidget(made.window)
    for account in made.rack.accounts:
        made.active(account.id)
    made.window.show()
    made.window.activateWindow()
    qtbot.waitUntil(lambda: QApplication.activeWindow() is made.window)
    return made


@pytest.fixture
def harness(qtbot: QtBot, tmp_path: Path) -> WindowHarness:
    return shown(qtbot, make_harness(tmp_path))


@pytest.fixture
def many(qtbot: QtBot, tmp_path: Path) -> WindowHarness:
    settings = tuple(replace(ACCOUNTS[4], id=f"m{at}", name=f"Desk {at}") for at in range(124))
    return shown(qtbot, make_harness(tmp_path, settings))


def hits(harness: WindowHarness) -> tuple[str, ...]:
    return tuple(harness.contents.pages.overview.grid.ids)


def test_where_the_last_one_is_mended_the_focus_goes_to_the_way_out(harness: WindowHarness) -> None:
    harness.signed_out("w2", Reason.REFRESH_EXPIRED)
    harness.tick()
    harness.contents.pages.overview.head.needing.click()
    harness.contents.pages.overview.grid.enter("w2")
    harness.active("w2")
    harness.tick()
    assert hits(harness) == ()
    assert button(harness, "clear_find").hasFocus()
    assert button(harness, "clear_find").text() == "Show all"


def type_in(harness: WindowHarness, text: str) -> None:
    QTest.keyClick(harness.window, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    assert field(harness, "find_account").hasFocus()
    QTest.keyClicks(field(harness, "find_account"), text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("seoul", ("p2",)),
        ("WHITEBIT", ("w1", "w2")),
        ("bitport code", ("b2",)),
        ("korea", ("p2",)),
        ("shib", ("w1",)),
        ("hib", ()),
        ("sign in", ("w2",)),
        ("needs you", ("w2",)),
        ("fresh whitebit", ("w1",)),
        ("  ", ("p1", "p2", "b1", "b2", "w1", "w2")),
    ],
)
def test_it_finds_by_name_exchange_site_asset_and_state(
    harness: WindowHarness, text: str, expected: tuple[str, ...]
) -> None:
    harness.account("w1").show_balances(holdings(harness.clock))
    harness.account("b1").show_balances(storage(harness.clock))
    harness.signed_out("w2", Reason.REFRESH_EXPIRED)
    type_in(harness, text)
    assert hits(harness) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("needs you", "p1"),
        ("trying again", "p2"),
        ("renewing", "b1"),
        ("ending soon", "b2"),
        ("not signed in", "w1"),
        ("fresh", "w2"),
    ],
)
def test_it_finds_by_the_words_of_the_summary(harness: WindowHarness, text: str, expected: str) -> None:
    harness.signed_out("p1", Reason.REFRESH_EXPIRED)
    harness.active("p2", Retrying(harness.clock.elapsed + 8, Locked()))
    harness.active("b1", Running())
    harness.active("b2", token=harness.token(40.0))
    harness.signed_out("w1", Reason.NEW)
    harness.tick()
    assert text in visible_texts(harness.contents.pages.overview)
    type_in(harness, text)
    assert hits(harness) == (expected,)


async def test_it_finds_by_the_words_of_the_summary_in_another_language(harness: WindowHarness) -> None:
    harness.active("b2", token=harness.token(40.0))
    with speaking("cs"):
        (found,) = [words for group, words in words_of_groups().items() if group == "ending"]
        finder = AccountFinder(harness.rack)
        assert found != "ending soon ending soon ending soon"
        for word in found.split():
            assert finder.hits(("b1", "b2"), word, needing=False) == ("b2",)


def test_an_asset_that_comes_or_goes_is_found_by_what_is_held_now(harness: WindowHarness) -> None:
    type_in(harness, "shib")
    assert hits(harness) == ()
    harness.account("w1").show_balances(holdings(harness.clock))
    harness.tick()
    assert hits(harness) == ("w1",)
    harness.account("w1").show_balances(holdings(harness.clock, more=False))
    harness.tick()
    assert hits(harness) == ()


def test_enter_opens_the_first_hit(harness: WindowHarness) -> None:
    type_in(harness, "eu")
    QTest.keyClick(field(harness, "find_account"), Qt.Key.Key_Return)
    pane = harness.contents.pages.pane
    assert pane is not None
    assert pane.account.id == "w2"


def test_arrows_go_from_find_to_the_hits_and_among_them(harness: WindowHarness) -> None:
    type_in(harness, "bit")
    cards = harness.contents.pages.overview.cards
    assert hits(harness) == ("p1", "p2", "b1", "b2", "w1", "w2")
    QTest.keyClick(field(harness, "find_account"), Qt.Key.Key_Down)
    walk = [harness.window.focusWidget()]
    key = Qt.Key
    for pressed in (key.Key_Right, key.Key_Down, key.Key_Left, key.Key_Up, key.Key_End, key.Key_Home, key.Key_Up):
        focus = harness.window.focusWidget()
        assert focus is not None
        QTest.keyClick(focus, pressed)
        walk.append(harness.window.focusWidget())
    assert walk == [cards[id] for id in ("p1", "p2", "b2", "b1", "p1", "w2", "p1", "p1")]


def test_esc_clears_and_then_leaves(harness: WindowHarness) -> None:
    type_in(harness, "seoul")
    QTest.keyClick(field(harness, "find_account"), Qt.Key.Key_Escape)
    assert len(hits(harness)) == 6
    assert field(harness, "find_account").hasFocus()
    QTest.keyClick(field(harness, "find_account"), Qt.Key.Key_Escape)
    assert harness.contents.pages.overview.cards["p1"].hasFocus()


def test_without_a_hit_it_says_so_and_offers_to_clear(harness: WindowHarness) -> None:
    type_in(harness, "<b>nobody")
    assert "No account matches “<b>nobody”." in visible_texts(harness.window)
    sentence = harness.window.findChild(QLabel, "no_hits")
    assert sentence is not None
    assert sentence.textFormat() == Qt.TextFormat.PlainText
    button(harness, "clear_find").click()
    assert len(hits(harness)) == 6
    assert not sentence.isVisible()


def test_few_accounts_have_find_only_when_it_is_asked_for(qtbot: QtBot, tmp_path: Path) -> None:
    few = shown(qtbot, make_harness(tmp_path, ACCOUNTS[:3]))
    search = few.contents.pages.overview.head.search
    assert not search.isVisible()
    type_in(few, "archive")
    assert search.isVisible()
    assert hits(few) == ("b1",)


def test_those_that_need_you_are_one_press_away_and_back(harness: WindowHarness, qtbot: QtBot) -> None:
    head = harness.contents.pages.overview.head
    assert not head.needing.isVisible()
    harness.signed_out("w1", Reason.REFRESH_EXPIRED)
    harness.signed_out("p2", Reason.REFRESH_REJECTED)
    qtbot.waitUntil(head.needing.isVisible)
    assert head.needing.text() == "Show only these 2"
    head.needing.click()
    assert hits(harness) == ("p2", "w1")
    assert head.needing.text() == "Show all 6"
    harness.active("p2")
    qtbot.waitUntil(lambda: hits(harness) == ("w1",))
    harness.active("w1")
    qtbot.waitUntil(lambda: "No account needs you now." in visible_texts(harness.window))
    assert not head.needing.isVisible(), "the button below does the same"
    button(harness, "clear_find").click()
    assert len(hits(harness)) == 6
    assert not head.needing.isVisible()


def test_the_link_stands_right_below_the_sentence_that_it_belongs_to(harness: WindowHarness, qtbot: QtBot) -> None:
    head = harness.contents.pages.overview.head
    harness.signed_out("w1", Reason.REFRESH_EXPIRED)
    qtbot.waitUntil(head.needing.isVisible)
    QApplication.processEvents()
    gap = head.needing.geometry().top() - head.summary.geometry().bottom()
    assert 0 <= gap <= GAP_S + 1
    assert head.needing.x() <= head.summary.x()


def test_find_and_the_button_beside_it_share_a_line_beside_the_past(harness: WindowHarness, qtbot: QtBot) -> None:
    head = harness.contents.pages.overview.head
    for id in ("w1", "w2"):
        harness.active(id).show_balances(holdings(harness.clock))
        known = harness.rack.totals.prices.site_prices(harness.account(id))
        known.known = priced(known.known.how, harness.clock.wall)
    for id in ("p1", "p2"):
        harness.signed_out(id, Reason.SIGNED_OUT)
    harness.tick()
    assert harness.contents.pages.overview.past.isVisible()
    qtbot.waitUntil(lambda: head.sign_in_all.isVisible() and head.sign_in_all.y() == head.search.y())
    assert not head.sign_in_all.text_is_cut
    assert head.sign_in_all.text() == "Sign in, no browser (2)"
    for width in (640, 520):
        harness.contents.pages.overview.setFixedWidth(width)
        QApplication.processEvents()
        whole = "Sign in to all that need no browser (2)"
        assert head.sign_in_all.accessibleName() == whole
        assert whole in (head.sign_in_all.text(), head.sign_in_all.toolTip()), "the meaning is never lost"


def test_esc_shows_all_again(harness: WindowHarness, qtbot: QtBot) -> None:
    harness.signed_out("w1", Reason.REFRESH_EXPIRED)
    head = harness.contents.pages.overview.head
    qtbot.waitUntil(head.needing.isVisible)
    head.needing.click()
    QTest.keyClick(harness.window, Qt.Key.Key_Escape)
    assert len(hits(harness)) == 6


def test_the_list_has_a_line_for_each_account_and_is_kept(harness: WindowHarness, tmp_path: Path) -> None:
    harness.account("w1").show_balances(holdings(harness.clock))
    overview = harness.contents.pages.overview
    assert overview.head.cards.isChecked()
    button(harness, "layout_list").click()
    assert not overview.cards
    lines = [overview.lines[id] for id in ("p1", "p2", "b1", "b2", "w1", "w2")]
    assert len({line.x() for line in lines}) == 1
    assert [line.y() - lines[0].y() for line in lines] == [at * (lines[0].height() + 1) for at in range(6)]
    line = overview.lines["w1"]
    read = visible_texts(line)
    for text in ("Trading", "WhiteBIT  ·  Global", "3:41", "Renews in 2:41"):
        assert text in read
    stored = Preferences(tmp_path / "config")
    stored.load()
    assert stored.value(OVERVIEW) == "list"
    again = make_harness(tmp_path)
    assert again.contents.pages.overview.head.list.isChecked()
    button(harness, "layout_cards").click()
    assert not overview.lines
    assert set(overview.cards) == {"p1", "p2", "b1", "b2", "w1", "w2"}


def test_a_line_opens_its_account_by_click_and_key(harness: WindowHarness) -> None:
    button(harness, "layout_list").click()
    lines = harness.contents.pages.overview.lines
    QTest.mouseClick(lines["w1"], Qt.MouseButton.LeftButton)
    pane = harness.contents.pages.pane
    assert pane is not None
    assert pane.account.id == "w1"
    harness.contents.pages.show_overview()
    QTest.keyClick(lines["b1"], Qt.Key.Key_Return)
    pane = harness.contents.pages.pane
    assert pane is not None
    assert pane.account.id == "b1"


def test_of_many_lines_only_those_near_the_shown_part_exist(many: WindowHarness, qtbot: QtBot) -> None:
    button(many, "layout_list").click()
    overview = many.contents.pages.overview
    many.contents.sidebar.overview.setFocus()  # the line that has the focus stays
    assert "m0" in overview.lines
    assert len(overview.lines) < 40
    bar = overview.grid.verticalScrollBar()
    bar.setValue(bar.maximum())
    qtbot.waitUntil(lambda: "m123" in overview.lines)
    assert "m0" not in overview.lines
    assert len(many.window.findChildren(AccountLine)) < 80


def test_among_many_the_one_in_trouble_is_found_and_opened_by_keys(many: WindowHarness, qtbot: QtBot) -> None:
    many.signed_out("m77", Reason.REFRESH_EXPIRED)
    head = many.contents.pages.overview.head
    qtbot.waitUntil(lambda: head.needing.text() == "Show only this one")
    head.needing.click()
    assert hits(many) == ("m77",)
    head.clear()
    type_in(many, "needs")
    QTest.keyClick(head.search, Qt.Key.Key_Return)
    pane = many.contents.pages.pane
    assert pane is not None
    assert pane.account.id == "m77"


def test_hidden_amounts_are_hidden_in_lines_too(harness: WindowHarness) -> None:
    harness.account("w1").show_balances(holdings(harness.clock))
    button(harness, "layout_list").click()
    harness.contents.pages.hide_amounts(private=True)
    value = harness.contents.pages.overview.lines["w1"].value
    assert not any(letter.isdigit() for letter in value.text())


def test_the_focus_stays_on_its_account_in_another_layout(harness: WindowHarness) -> None:
    overview = harness.contents.pages.overview
    overview.grid.enter("b2")
    overview.head.list.click()
    assert overview.lines["b2"].hasFocus()
    overview.head.cards.click()
    assert overview.cards["b2"].hasFocus()


def test_the_focus_goes_on_to_the_next_one_that_needs_you(harness: WindowHarness, qtbot: QtBot) -> None:
    overview = harness.contents.pages.overview
    for id in ("p2", "w1"):
        harness.signed_out(id, Reason.REFRESH_EXPIRED)
    qtbot.waitUntil(overview.head.needing.isVisible)
    overview.head.needing.click()
    overview.grid.enter("p2")
    harness.active("p2")
    qtbot.waitUntil(lambda: hits(harness) == ("w1",))
    assert overview.cards["w1"].hasFocus()


def test_a_single_hit_is_as_wide_as_a_card_is(harness: WindowHarness) -> None:
    grid = harness.contents.pages.overview.grid
    QApplication.processEvents()
    assert grid.cards["p2"].y() == grid.cards["p1"].y()
    before = grid.cards["w1"].width()
    type_in(harness, "korea")
    assert hits(harness) == ("p2",)
    QApplication.processEvents()
    assert grid.cards["p2"].x() == 0
    assert abs(grid.cards["p2"].width() - before) < 12, "a scroll bar may have gone"
