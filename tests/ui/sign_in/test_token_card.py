"""The token card: exact time, what happens next, the sign-in window and the rights."""

from dataclasses import replace
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from keyrack.core.accounts.state import Retrying, Running, Unsaved
from keyrack.core.vault.vault_errors import Locked
from keyrack.ui.sign_in.token_card import TokenCard
from keyrack.ui.text.amount_text import clock_time
from tests.ui.harness import WindowHarness, make_harness, visible_texts

WHY = Locked()


@pytest.fixture
def harness(qtbot: QtBot, tmp_path: Path) -> WindowHarness:
    made = make_harness(tmp_path)
    qtbot.addWidget(made.window)
    made.active("w1")
    made.window.show()
    made.contents.open("w1")
    return made


def card(harness: WindowHarness) -> TokenCard:
    pane = harness.contents.pages.pane
    assert pane is not None
    return pane.panel.token


def test_ring_and_sentence_count_down_together(harness: WindowHarness) -> None:
    assert (card(harness).ring.text, card(harness).ring.kind) == ("3:41", "fresh")
    assert card(harness).sentence.text() == "Renews by itself in 2:41."
    harness.tick(1)
    assert card(harness).ring.text == "3:40"
    assert card(harness).sentence.text() == "Renews by itself in 2:40."
    harness.tick(170)
    assert card(harness).ring.kind == "soon"
    assert card(harness).sentence.text() == "Renews now."
    harness.tick(25)
    assert card(harness).ring.kind == "urgent"


def test_it_tells_the_moments_of_issue_and_end(harness: WindowHarness) -> None:
    shown = [figure.text() for figure in card(harness).facts.figures]
    assert shown == [clock_time(harness.clock.wall + 221), clock_time(harness.clock.wall - 79), "5:00"]


def test_no_moment_is_cut_in_a_small_window(harness: WindowHarness, qtbot: QtBot) -> None:
    figures = card(harness).facts.figures
    assert all(len(figure.text()) > 10 for figure in figures[:2]), "with the day, because it is not today"
    harness.window.resize(640, 420)
    qtbot.waitUntil(lambda: all(figure.width() >= figure.sizeHint().width() for figure in figures))


@pytest.mark.security("S78")
def test_the_sign_in_window_is_a_bar_that_warns_before_it_is_lost(harness: WindowHarness) -> None:
    sign_in_window = card(harness).sign_in_window
    ends = clock_time(harness.clock.wall + 521)
    assert sign_in_window.sentence.text() == f"Sign-in ends {ends} if not renewed"
    assert sign_in_window.left.text() == "8:41"
    assert sign_in_window.bar.share == pytest.approx(521 / 600)
    harness.tick(430)
    assert "has not been renewed" in sign_in_window.sentence.text()
    assert sign_in_window.bar.tone == "soon"
    harness.tick(100)
    assert "ended at" in sign_in_window.sentence.text()


def test_a_provider_without_such_a_window_shows_none(harness: WindowHarness) -> None:
    harness.active("p1", token=harness.token(700, 900, refresh=None))
    harness.contents.open("p1")
    assert not card(harness).sign_in_window.isVisible()


def test_rights_are_words_with_a_warning_on_those_that_trade(harness: WindowHarness) -> None:
    said = visible_texts(card(harness))
    assert "Can place orders" in said
    assert "See balances" in said
    assert card(harness).rights.warning.isVisible()
    token = replace(harness.token(), scopes=("users.balances.read",))
    harness.active("w1", token=token)
    assert not card(harness).rights.warning.isVisible()


def test_ten_thousand_rights_are_counted_not_drawn(harness: WindowHarness, qtbot: QtBot) -> None:
    harness.active("w1", token=replace(harness.token(), scopes=tuple(f"right.{n}.read" for n in range(10_000))))
    qtbot.waitUntil(lambda: "9992 more" in visible_texts(card(harness)))
    assert visible_texts(card(harness)).count("right.") == 8


@pytest.mark.security("S28")
def test_a_sign_in_without_pkce_says_so_and_a_key_needs_none(harness: WindowHarness, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: "No PKCE" in visible_texts(harness.window))
    harness.active("b1", token=replace(harness.token(), scopes=()))
    harness.contents.open("b1")
    qtbot.waitUntil(lambda: "No PKCE" in visible_texts(harness.window))
    harness.active("p1")
    harness.contents.open("p1")
    qtbot.waitUntil(lambda: "see balances" in visible_texts(card(harness)).lower())
    assert "PKCE" not in visible_texts(harness.window)


def test_retrying_and_unsaved_keep_the_token_and_its_time(harness: WindowHarness) -> None:
    harness.active("w1", Retrying(harness.clock.elapsed + 8, WHY))
    assert (card(harness).ring.text, card(harness).headline.text()) == ("3:41", "The token still works")
    harness.active("w1", Unsaved(WHY))
    assert card(harness).sentence.text() == "It is in memory only."
    harness.active("w1", Running())
    assert card(harness).ring.kind == "renewing"


def test_after_a_restart_there_is_no_time_until_the_token_was_made_again(harness: WindowHarness) -> None:
    harness.active("w1", token=replace(harness.token(), access=None))
    assert card(harness).ring.text == ""
    assert [figure.text() for figure in card(harness).facts.figures] == ["", "", ""]
