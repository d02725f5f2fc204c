"""What large text in a small window leaves room for."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtWidgets import QApplication, QScrollArea, QWidget
from pytestqt.qtbot import QtBot

from keyrack.core.accounts.state import Closed
from keyrack.language.translation import SOURCE
from keyrack.primitives.secret import Secret
from keyrack.ui.integration.window_language import window_language
from keyrack.ui.keyboard.key_caps import KeyCaps
from keyrack.ui.overview.account_card import AccountCard
from keyrack.ui.parts.banner import Banner
from keyrack.ui.parts.callout import Callout
from keyrack.ui.parts.counting_button import CountingPlainButton
from keyrack.ui.widgets.controls import ElidedText, Text
from tests.ui.harness import WindowHarness, button
from tests.ui.sizes.every_screen import SCREENS
from tests.ui.sizes.walk import close, harness_of, laid_out, show, text_size

SMALL = (640, 420)


@pytest.fixture
async def harness(tmp_path: Path, qapp: QApplication, qtbot: QtBot) -> AsyncIterator[WindowHarness]:
    with text_size(qapp, 20, SMALL):
        made = await harness_of(tmp_path)
        made.window.resize(*SMALL)
        yield made
        await close(made)


def place(harness: WindowHarness, widget: QWidget) -> QPoint:
    return widget.mapTo(harness.window, QPoint())


async def test_a_head_with_one_small_button_is_one_row(harness: WindowHarness) -> None:
    harness.feed("p1", Closed())
    harness.contents.open("p1")
    laid_out()
    pane = harness.contents.pages.pane
    assert pane is not None
    more, name = button(harness, "more"), pane.header.name
    assert place(harness, more).x() > place(harness, name).x()
    assert place(harness, more).y() < place(harness, name).y() + name.height()


@pytest.mark.parametrize("width", range(640, 1100, 60))
async def test_the_head_does_not_jump_when_the_token_is_copied(harness: WindowHarness, width: int) -> None:
    harness.active("w1")
    harness.window.resize(width, 680)
    harness.contents.open("w1")
    laid_out()
    pane = harness.contents.pages.pane
    assert pane is not None
    before = pane.header.height()
    harness.clipboard.copy(Secret("canary-access-token"), 29.0, "w1")
    laid_out()
    assert pane.header.height() == before
    harness.clipboard.clear()


async def test_the_button_that_undoes_a_removal_stands_beside_its_sentence(harness: WindowHarness) -> None:
    await show(harness, next(screen for screen in SCREENS if screen.name == "removed"))
    laid_out()
    rows = harness.contents.undo.findChildren(Banner)
    assert len(rows) == 2
    for row in rows:
        (undo,) = row.findChildren(CountingPlainButton)
        assert undo.x() > row.text.geometry().right()
        assert row.height() < harness.contents.cover.height() / 3


async def test_the_title_of_the_settings_is_not_cut(harness: WindowHarness) -> None:
    harness.contents.program.open_preferences()
    laid_out()
    (title,) = [text for text in harness.window.findChildren(Text) if text.text() == "Settings" and text.isVisible()]
    assert not title.text_is_cut


@pytest.mark.parametrize("name", ["activity", "opening"])
async def test_titles_and_sentences_are_not_cut(harness: WindowHarness, name: str) -> None:
    await show(harness, next(screen for screen in SCREENS if screen.name == name))
    laid_out()
    texts = [text for text in harness.window.findChildren(Text) if text.isVisible() and type(text) is Text]
    said = ("Activity of all accounts", "Nothing has happened yet.")
    found = [text for text in texts if text.text() in said]
    assert found
    for text in found:
        assert not text.text_is_cut
        assert text.height() >= text.heightForWidth(text.width())


async def test_the_page_of_all_keys_is_as_narrow_as_the_window_with_german_keys(
    tmp_path: Path, qapp: QApplication, qtbot: QtBot
) -> None:
    window_language().speak("de")
    try:
        with text_size(qapp, 20, SMALL):
            harness = await harness_of(tmp_path)
            harness.window.resize(*SMALL)
            await show(harness, next(screen for screen in SCREENS if screen.name == "keys"))
            laid_out()
            (area,) = [each for each in harness.window.findChildren(QScrollArea) if each.findChildren(KeyCaps)]
            assert area.horizontalScrollBar().maximum() == 0
            await close(harness)
    finally:
        window_language().speak(SOURCE)


async def test_a_link_beside_a_warning_leaves_it_the_width_of_the_page(harness: WindowHarness) -> None:
    await show(harness, next(screen for screen in SCREENS if screen.name == "credentials"))
    laid_out()
    (warning,) = [each for each in harness.window.findChildren(Callout) if each.isVisible()]
    assert warning.why.isVisible()
    assert warning.why.y() > warning.consequence.geometry().bottom()
    harness.window.resize(1400, 680)
    laid_out()
    assert warning.why.x() > warning.consequence.geometry().right()


def test_a_line_without_a_button_gives_its_room_to_the_name(harness: WindowHarness) -> None:
    overview = harness.contents.pages.overview
    overview.head.list.click()
    laid_out()
    for id in ("p2", "b1", "w1"):
        overview.grid.reveal(id)
        laid_out()
        line = overview.lines[id]
        assert not line.name.text_is_cut, line.name.text()
        line.setAttribute(Qt.WidgetAttribute.WA_UnderMouse)
        line.show_copy()
        assert line.copy is None or line.copy.x() > line.name.geometry().right()


async def test_how_old_the_balances_are_has_a_line_of_its_own(harness: WindowHarness) -> None:
    await show(harness, next(screen for screen in SCREENS if screen.name == "exchanging"))
    laid_out()
    pane = harness.contents.pages.pane
    assert pane is not None
    count, source = pane.balances.count, pane.balances.source
    assert source.text()
    assert source.y() > count.geometry().bottom()
    harness.window.resize(1400, 680)
    laid_out()
    assert source.x() > count.geometry().right()
    assert not source.text_is_cut


def shown_card(harness: WindowHarness, id: str) -> AccountCard:
    """A card of the overview, with what it offers under the mouse."""
    harness.contents.pages.overview.grid.reveal(id)
    laid_out()
    card = harness.contents.pages.overview.cards[id]
    card.setAttribute(Qt.WidgetAttribute.WA_UnderMouse)
    card.show_copy()
    return card


def lettered(card: AccountCard, text: ElidedText) -> QRect:
    """Where the letters of a text are on its card."""
    return QRect(text.mapTo(card, QPoint()), text.size()).adjusted(
        0, 0, min(0, text.sizeHint().width() - text.width()), 0
    )


def test_a_card_has_room_for_its_name_in_a_small_window(harness: WindowHarness) -> None:
    for id in ("p1", "p2", "b1", "w1", "w2"):
        card = shown_card(harness, id)
        assert not card.name.text_is_cut, card.name.text()
        assert card.ring.mapTo(card, QPoint()).y() > card.name.mapTo(card, QPoint()).y()
        assert card.height() >= card.sizeHint().height()


@pytest.mark.parametrize("size", [SMALL, (1000, 680)])
def test_short_figures_leave_the_names_of_the_assets_whole(harness: WindowHarness, size: tuple[int, int]) -> None:
    harness.window.resize(*size)
    card = shown_card(harness, "p1")
    texts = [text for row in card.rows for text in row]
    assert all(text.text() for text in texts)
    assert [text.text() for text in texts if text.text_is_cut] == []


def test_a_card_that_gets_room_is_lower_and_high_enough_again_without(harness: WindowHarness) -> None:
    high = shown_card(harness, "p2").height()
    harness.window.resize(1400, 680)
    card = shown_card(harness, "p2")
    assert card.ring.geometry().right() < card.name.mapTo(card, QPoint()).x()
    assert card.sizeHint().height() <= card.height() < high
    harness.window.resize(*SMALL)
    assert shown_card(harness, "p2").height() == high


@pytest.mark.parametrize("width", range(640, 1400, 120))
def test_the_copy_button_of_a_card_lies_on_no_name(harness: WindowHarness, width: int) -> None:
    harness.window.resize(width, 680)
    for id in ("p2", "b1", "w1", "k1"):
        card = shown_card(harness, id)
        assert card.copy is not None
        assert card.copy.isVisible()
        for text in (card.name, card.about):
            assert not card.copy.geometry().intersects(lettered(card, text)), text.text()
