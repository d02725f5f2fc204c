"""An account whose provider ended its service, and the announcement of an end before that."""

from pathlib import Path

import pytest
from PySide6.QtWidgets import QAbstractButton, QLabel
from pytestqt.qtbot import QtBot

from keyrack.core.accounts.state import Closed
from keyrack.oauth.oauth_errors import ServiceEnded
from keyrack.ui.add_account.credentials_step import CredentialsStep
from keyrack.ui.add_account.wizard import AddAccountWizard
from tests.ui.harness import WindowHarness, button, make_harness, seen, visible_texts

ENDED = ServiceEnded("service_ended_with_advice", server="WhiteBIT", advice="Add it anew.", detail="HTTP 410")
BEFORE, AFTER = 1_793_000_000.0, 1_795_000_000.0  # in October and in November 2026


def made(qtbot: QtBot, folder: Path, wall: float = AFTER) -> WindowHarness:
    harness = make_harness(folder, wall=wall)
    qtbot.addWidget(harness.window)
    harness.window.show()
    return harness


def announced(harness: WindowHarness) -> str:
    labels = harness.window.findChildren(QLabel, "announced_end")
    return " ".join(label.text() for label in labels if label.isVisible())


@pytest.mark.parametrize("wall", [BEFORE, AFTER])
def test_the_pane_says_that_an_end_is_coming_or_was_announced(qtbot: QtBot, tmp_path: Path, wall: float) -> None:
    harness = made(qtbot, tmp_path, wall)
    harness.contents.open("w1")
    for state in (harness.active("w1").state, harness.signed_out("w1").state, harness.waiting("w1").state):
        harness.feed("w1", state)
        assert "1 November 2026" in announced(harness)
        assert ("announced its removal" in announced(harness)) is (wall == AFTER)
    harness.contents.open("p1")
    assert announced(harness) == ""


def test_its_one_action_leads_to_the_key(qtbot: QtBot, tmp_path: Path) -> None:
    harness = made(qtbot, tmp_path)
    harness.contents.open("w1")
    harness.feed("w1", Closed(ENDED))
    assert "Ended by the provider" in visible_texts(harness.window)
    assert "WhiteBIT has ended this service." in visible_texts(harness.window)
    assert announced(harness) == ""
    action = button(harness, "state_action")
    assert action.text() == "Add as WhiteBIT API key"
    action.click()
    page = harness.contents.pages.currentWidget()
    assert isinstance(page, AddAccountWizard)
    assert isinstance(page.step, CredentialsStep)
    assert page.title.text() == "WhiteBIT API key"


def test_without_a_successor_its_one_action_is_to_remove_it(qtbot: QtBot, tmp_path: Path) -> None:
    harness = made(qtbot, tmp_path)
    harness.contents.open("p1")
    harness.feed("p1", Closed(ServiceEnded("service_ended", server="ProBit Global")))
    button(harness, "state_action").click()
    assert "Remove" in visible_texts(harness.window)
    assert harness.contents.pages.pane is not None


async def test_it_is_offered_last_and_marked(qtbot: QtBot, tmp_path: Path) -> None:
    harness = made(qtbot, tmp_path)
    harness.contents.pages.add_account()
    names = [
        tile.objectName().removeprefix("provider:")
        for tile in harness.window.findChildren(QAbstractButton)
        if tile.objectName().startswith("provider:") and tile.isVisible()
    ]
    assert names[-1] == "whitebit"
    assert names.index("whitebit-fast-key") < names.index("whitebit")
    assert "WhiteBIT announced its removal for 1 November 2026." in visible_texts(harness.window)
    button(harness, "provider:whitebit").click()
    await seen(lambda: any(w.isVisible() for w in harness.window.findChildren(QAbstractButton, "region:global")))
    button(harness, "region:global").click()
    await seen(lambda: bool(announced(harness)))
    assert "announced its removal" in announced(harness)
