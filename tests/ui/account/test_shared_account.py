"""The pane of an account that several hosts share: who renews it, and what keeps the shared store away."""

from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from keyrack.core.accounts.renewer import Renewer
from keyrack.core.accounts.state import Retrying
from keyrack.core.shared_store.store_failures import StoreAway
from keyrack.ui.overview.account_line import AccountLine
from keyrack.ui.safeguards.quit_question import QuitQuestion
from keyrack.ui.text.spoken_text import told_sentence
from keyrack.ui.text.state_text import AccountView, token_words
from tests.ui.harness import WindowHarness, button, field, make_harness, seen, visible_texts

AWAY = StoreAway(addresses="https://etcd-1.example:2379, https://etcd-2.example:2379")


@pytest.fixture
def harness(qtbot: QtBot, tmp_path: Path) -> WindowHarness:
    made = make_harness(tmp_path)
    made.window.show()
    made.active("w1")
    made.contents.open("w1")
    account = made.account("w1")
    account.configure(replace(account.settings, group="0123456789abcdef"))
    return made


def shown(harness: WindowHarness, name: str) -> str:
    """The text of a label in the pane, "" while it is hidden."""
    (label,) = harness.window.findChildren(QLabel, name)
    return label.text() if label.isVisible() else ""


def test_what_keeps_the_store_away_is_said_wholly_and_in_one_place(harness: WindowHarness) -> None:
    account = harness.account("w1")
    assert not shown(harness, "store_away")
    account.show_renewer(Renewer("desk-2", False, harness.clock.wall, AWAY))
    assert shown(harness, "store_away") == AWAY.sentences()
    assert AWAY.happened not in shown(harness, "shared")
    assert "desk-2" in shown(harness, "shared")
    account.show_renewer(Renewer("desk-2", False, harness.clock.wall))
    assert not shown(harness, "store_away")


def test_a_renewal_that_fails_for_it_says_it_once(harness: WindowHarness) -> None:
    harness.account("w1").show_renewer(Renewer("desk-1", True, harness.clock.wall, AWAY))
    harness.active("w1", Retrying(harness.clock.elapsed + 8, AWAY))
    assert visible_texts(harness.window).count(AWAY.happened) == 1


ONCE_READ = "The next token comes once this host can read the shared store again."


@pytest.mark.parametrize(
    ("renewer", "sentence", "spoken"),
    [
        (Renewer("desk-1", True), "Renews by itself in 2:41.", "Renews by itself."),
        (Renewer("desk-1", True, away=AWAY), "Renews by itself in 2:41.", "Renews by itself."),
        (Renewer("desk-2", False), "“desk-2” renews it in 2:41.", "“desk-2” renews it."),
        (Renewer("", False), "No host renews it now.", ""),
        (Renewer("desk-2", False, away=AWAY), ONCE_READ, ""),
    ],
)
def test_only_the_host_that_renews_says_that_it_does(
    harness: WindowHarness, renewer: Renewer, sentence: str, spoken: str
) -> None:
    harness.account("w1").show_renewer(renewer)
    view = AccountView(harness.account("w1"), harness.rack.clock)
    assert token_words(view)[1] == sentence
    assert told_sentence(view, sentence) == (spoken or sentence)
    assert sentence in visible_texts(harness.window)


@pytest.mark.parametrize(
    ("renewer", "first", "then"),
    [
        (Renewer("desk-1", True), "Renews in 2:41", "Renews in 2:40"),
        (Renewer("desk-2", False), "“desk-2” renews it in 2:41.", "“desk-2” renews it in 2:40."),
        (Renewer("", False), "No host renews it now.", "No host renews it now."),
        (Renewer("desk-2", False, away=AWAY), ONCE_READ, ONCE_READ),
    ],
)
def test_the_list_says_who_renews_it(harness: WindowHarness, renewer: Renewer, first: str, then: str) -> None:
    harness.account("w1").show_renewer(renewer)
    harness.contents.open("")
    harness.contents.pages.overview.head.list.click()
    (line,) = harness.window.findChildren(AccountLine, "line:w1")
    harness.tick(0)
    assert line.next.full_text() == first
    harness.tick()
    assert line.next.full_text() == then


@pytest.mark.parametrize(
    ("renewer", "asked"),
    [(Renewer("desk-1", True), True), (Renewer("desk-2", False), False), (Renewer("", False), True)],
)
def test_quitting_ends_no_sign_in_that_another_host_renews(
    harness: WindowHarness, renewer: Renewer, *, asked: bool
) -> None:
    harness.account("w1").show_renewer(renewer)
    ended: list[bool] = []
    QuitQuestion(harness.window, harness.rack, lambda: ended.append(True), lambda: True).ask()
    assert ended == ([] if asked else [True])


async def test_a_name_that_the_shared_store_did_not_take_is_told_in_the_form(harness: WindowHarness) -> None:
    harness.contents.pages.begin("w1", "rename")
    name = harness.account("w1").settings.name
    field(harness, "field_name").setText("Desk of all")
    button(harness, "inline_done").click()
    await seen(lambda: "The shared store has not been read yet." in visible_texts(harness.window))
    assert harness.account("w1").settings.name == name
    assert field(harness, "field_name").text() == "Desk of all"
