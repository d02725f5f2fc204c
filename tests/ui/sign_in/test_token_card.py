"""The token card: exact time, what happens next, the sign-in window and the rights."""

from dataclasses import replace
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from keyrack.core.accounts.state import Retrying, Running, Unsaved
from keyrack.core.vault.vault_errors import Locked
from keyrack.ui.sign_in.token_card import TokenCard
from keyrack.ui.text.amount_text import clock_time
from tests.ui.harness import WindowHarness, bench, visible_texts

WHY = Locked()


@pytest.fixture
def b(qtbot: QtBot, tmp_path: Path) -> WindowHarness:
    made = bench(tmp_path)
    qtbot.addWidget(made.window)
    made.active("w1")
    made.window.show()
    made.contents.open("w1")
    return made


def card(b: WindowHarness) -> TokenCard:
    pane = b.contents.pages.pane
    assert pane is not None
    return pane.panel.token


def test_ring_and_sentence_count_down_together(b: WindowHarness) -> None:
    assert (card(b).ring.text, card(b).ring.kind) == ("3:41", "fresh")
    assert card(b).sentence.text() == "Renews by itself in 2:41."
    b.tick(1)
    assert card(b).ring.text == "3:40"
    assert card(b).sentence.text() == "Renews by itself in 2:40."
    b.tick(170)
    assert card(b).ring.kind == "soon"
    assert card(b).sentence.text() == "Renews now."
    b.tick(25)
    assert card(b).ring.kind == "urgent"


def test_it_tells_the_moments_of_issue_and_end(b: WindowHarness) -> None:
    shown = [figure.text() for figure in card(b).facts.figures]
    assert shown == [clock_time(b.hands.wall + 221), clock_time(b.hands.wall - 79), "5:00"]


def test_no_moment_is_cut_in_a_small_window(b: WindowHarness, qtbot: QtBot) -> None:
    figures = card(b).facts.figures
    assert all(len(figure.text()) > 10 for figure in figures[:2]), "with the day, because it is not today"
    b.window.resize(640, 420)
    qtbot.waitUntil(lambda: all(figure.width() >= figure.sizeHint().width() for figure in figures))


@pytest.mark.security("S78")
def test_the_sign_in_window_is_a_bar_that_warns_before_it_is_lost(b: WindowHarness) -> None:
    sign_in_window = card(b).sign_in_window
    ends = clock_time(b.hands.wall + 521)
    assert sign_in_window.sentence.text() == f"Sign-in ends {ends} if not renewed"
    assert sign_in_window.left.text() == "8:41"
    assert sign_in_window.bar.share == pytest.approx(521 / 600)
    b.tick(430)
    assert "has not been renewed" in sign_in_window.sentence.text()
    assert sign_in_window.bar.tone == "soon"
    b.tick(100)
    assert "ended at" in sign_in_window.sentence.text()


def test_a_provider_without_such_a_window_shows_none(b: WindowHarness) -> None:
    b.active("p1", token=b.token(700, 900, refresh=None))
    b.contents.open("p1")
    assert not card(b).sign_in_window.isVisible()


def test_rights_are_words_with_a_warning_on_those_that_trade(b: WindowHarness) -> None:
    said = visible_texts(card(b))
    assert "Can place orders" in said
    assert "See balances" in said
    assert card(b).rights.warning.isVisible()
    token = replace(b.token(), scopes=("users.balances.read",))
    b.active("w1", token=token)
    assert not card(b).rights.warning.isVisible()


def test_ten_thousand_rights_are_counted_not_drawn(b: WindowHarness, qtbot: QtBot) -> None:
    b.active("w1", token=replace(b.token(), scopes=tuple(f"right.{n}.read" for n in range(10_000))))
    qtbot.waitUntil(lambda: "9992 more" in visible_texts(card(b)))
    assert visible_texts(card(b)).count("right.") == 8


@pytest.mark.security("S28")
def test_a_sign_in_without_pkce_says_so_and_a_key_needs_none(b: WindowHarness, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: "no PKCE" in visible_texts(card(b)))
    b.active("b1", token=replace(b.token(), scopes=()))
    b.contents.open("b1")
    qtbot.waitUntil(lambda: "no PKCE" in visible_texts(card(b)))
    b.active("p1")
    b.contents.open("p1")
    qtbot.waitUntil(lambda: "See balances" in visible_texts(card(b)))
    assert "no PKCE" not in visible_texts(card(b))


def test_retrying_and_unsaved_keep_the_token_and_its_time(b: WindowHarness) -> None:
    b.active("w1", Retrying(b.hands.elapsed + 8, WHY))
    assert (card(b).ring.text, card(b).headline.text()) == ("3:41", "The token still works")
    b.active("w1", Unsaved(WHY))
    assert card(b).sentence.text() == "It is in memory only."
    b.active("w1", Running())
    assert card(b).ring.kind == "renewing"


def test_after_a_restart_there_is_no_time_until_the_token_was_made_again(b: WindowHarness) -> None:
    b.active("w1", token=replace(b.token(), access=None))
    assert card(b).ring.text == ""
    assert [figure.text() for figure in card(b).facts.figures] == ["", "", ""]
