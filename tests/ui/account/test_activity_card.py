"""The list of what happened."""

from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from keyrack.ui.account.activity_card import FIRST_LINES, ActivityCard
from tests.ui.harness import make_harness, visible_texts


def test_newest_first_and_more_on_request(qtbot: QtBot, tmp_path: Path) -> None:
    account = make_harness(tmp_path).account("w1")
    card = ActivityCard(account)
    qtbot.addWidget(card)
    card.show()
    assert "Nothing has happened yet." in visible_texts(card)
    for number in range(FIRST_LINES + 4):
        account.note("note", text=f"Renewed {number}.")
    card.refresh()
    qtbot.waitUntil(lambda: "Renewed 11." in visible_texts(card))
    said = visible_texts(card)
    assert said.index(f"Renewed {FIRST_LINES + 3}.") < said.index("Renewed 4.")
    assert "Renewed 3." not in said
    card.more.click()
    qtbot.waitUntil(lambda: "Renewed 0." in visible_texts(card))


@pytest.mark.security("S49")
def test_foreign_text_is_plain_and_cut(qtbot: QtBot, tmp_path: Path) -> None:
    account = make_harness(tmp_path).account("w1")
    account.note("sign_in_cancelled", '<a href="file:///x">x</a>\u202e' + "y" * 4000)
    card = ActivityCard(account)
    qtbot.addWidget(card)
    card.show()
    said = visible_texts(card)
    assert "<a href" in said
    assert "\u202e" not in said
    assert len(said) < 500
