"""Who is told of a changed account: once a turn, and only of what is wanted."""

from collections.abc import Collection
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from keyrack.core.accounts.account import Account
from keyrack.ui.actions.account_changes import AccountChanges
from tests.ui.harness import WindowHarness, holdings, make_harness


@pytest.fixture
def harness(qtbot: QtBot, tmp_path: Path) -> WindowHarness:
    return make_harness(tmp_path)


def test_changes_of_one_turn_are_told_together(harness: WindowHarness, qtbot: QtBot) -> None:
    told: list[list[str]] = []

    def note(accounts: Collection[Account]) -> None:
        told.append(sorted(account.id for account in accounts))

    changes = AccountChanges(harness.rack.accounts, note)
    harness.active("w1")
    harness.active("w2")
    harness.account("w1").show_balances(holdings(harness.clock))
    qtbot.waitUntil(lambda: bool(told))
    assert told == [["w1", "w2"]]
    changes.stop()


def test_what_is_not_wanted_wakes_nobody(harness: WindowHarness, qtbot: QtBot) -> None:
    told: list[Account] = []
    changes = AccountChanges(harness.rack.accounts, told.extend, lambda account: account.id == "w1")
    harness.active("w2")
    harness.active("w1")
    qtbot.waitUntil(lambda: bool(told))
    assert told == [harness.account("w1")]
    changes.stop()


def test_the_parts_of_a_status_change_with_the_state_and_not_with_figures(harness: WindowHarness) -> None:
    account = harness.active("w1")
    before = account.status_parts
    account.show_balances(holdings(harness.clock))
    assert account.status_parts == before
    harness.signed_out("w1")
    assert account.status_parts != before
