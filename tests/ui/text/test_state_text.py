"""States, amounts and rights in words."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from keyrack.core.accounts.state import Closed, LoggedOut, Opening, Reason, Retrying, Running, Unreadable, Unsaved
from keyrack.core.vault.vault_errors import Locked
from keyrack.primitives.failure import Failure
from keyrack.ui.text.state_text import AccountView, summary
from tests.ui.harness import WindowHarness, bench

WHY = Locked()


@pytest.fixture
def b(qtbot: QtBot, tmp_path: Path) -> WindowHarness:
    made = bench(tmp_path)
    qtbot.addWidget(made.window)
    return made


def view(b: WindowHarness, id: str = "w1") -> AccountView:
    return AccountView(b.account(id), b.rack.clock)


CASES: dict[str, tuple[Callable[[WindowHarness], object], str, str]] = {
    "ready": (lambda b: b.active("w1"), "3:41", "Renews by itself in 2:41."),
    "refreshing": (lambda b: b.active("w1", Running()), "3:41", "The old one works until it ends."),
    "retrying": (
        lambda b: b.active("w1", Retrying(b.hands.elapsed + 8, WHY)), "retrying 0:08", "Your sign-in is kept."),
    "unsaved": (lambda b: b.active("w1", Unsaved(WHY)), "not saved", "The keyring is locked."),
    "needs_login": (lambda b: b.signed_out("w1", Reason.REFRESH_EXPIRED), "sign in", "not renewed in time"),
    "keyring_unavailable": (lambda b: b.feed("w1", Unreadable(WHY)), "no keyring", WHY.todo),
    "browser": (lambda b: b.waiting("w1"), "in browser", ""),
    "exchanging": (lambda b: b.waiting("w1", "exchanging"), "signing in", ""),
    "confirming": (lambda b: b.waiting("w1", "confirming"), "confirm", ""),
    "refusal": (lambda b: b.waiting("w1", "refusal"), "refused?", ""),
    "closed": (lambda b: b.feed("w1", Closed()), "closed", "This exchange has closed."),
    "opening": (lambda b: b.feed("w1", Opening()), "opening", "Asking the keyring"),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_each_state_has_its_word_and_its_sentence(b: WindowHarness, case: str) -> None:
    feed, word, sentence = CASES[case]
    feed(b)
    seen = view(b)
    assert seen.word() == word
    assert seen.headline()
    assert sentence in seen.sentence()


def test_no_lifetime_is_unknown_and_ten_years_are_not_counted_down(b: WindowHarness) -> None:
    b.active("w1", token=replace(b.token(refresh=None), lifetime=None, renewable=False))
    assert view(b).time() == "Unknown"
    b.active("w1", token=b.token(315_000_000, 315_360_000, refresh=None, renewable=False))
    assert view(b).time() == "does not expire soon"
    assert view(b).word() == "9 years"
    assert view(b).kind == "fresh"


def test_a_mark_says_by_shape_what_the_word_says(b: WindowHarness) -> None:
    b.active("w1", Unsaved(WHY))
    assert view(b).kind == "needs"
    b.signed_out("w1")
    assert view(b).kind == "off"
    b.feed("w1", LoggedOut(Reason.NEW, Failure("unexpected", detail="invalid_client")))
    assert view(b).kind == "needs"


def test_the_summary_counts_whom_it_needs(b: WindowHarness) -> None:
    def said() -> str:
        return summary([AccountView(account, b.rack.clock) for account in b.rack.accounts])

    for account in b.rack.accounts:
        b.active(account.id)
    assert said() == "All fresh."
    b.signed_out("w1")
    assert said() == "1 of 6 not signed in, the others are fresh."
    b.signed_out("w2", Reason.REFRESH_REJECTED)
    b.active("b1", Unsaved(WHY))
    assert said() == "2 of 6 need you"
