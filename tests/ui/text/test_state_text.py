"""States, amounts and rights in words."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from keyrack.core.accounts.state import Closed, LoggedOut, Opening, Reason, Retrying, Running, Unreadable, Unsaved
from keyrack.core.vault.vault_errors import Locked
from keyrack.oauth.oauth_errors import ClientRejected
from keyrack.primitives.failure import Failure
from keyrack.ui.text.countdown import group_holds_for
from keyrack.ui.text.state_text import AccountView
from keyrack.ui.text.summary_text import summary
from tests.ui.harness import WindowHarness, make_harness

WHY = Locked()


@pytest.fixture
def harness(qtbot: QtBot, tmp_path: Path) -> WindowHarness:
    made = make_harness(tmp_path)
    qtbot.addWidget(made.window)
    return made


def view(harness: WindowHarness, id: str = "w1") -> AccountView:
    return AccountView(harness.account(id), harness.rack.clock)


CASES: dict[str, tuple[Callable[[WindowHarness], object], str, str]] = {
    "ready": (lambda harness: harness.active("w1"), "3:41", "Renews by itself in 2:41."),
    "refreshing": (lambda harness: harness.active("w1", Running()), "3:41", "The old one works until it ends."),
    "refreshing, ended": (
        lambda harness: harness.active("w1", Running(), harness.token(0.0)),
        "0:00",
        "The token has ended. A new one was asked for, or waits for its turn.",
    ),
    "retrying": (
        lambda harness: harness.active("w1", Retrying(harness.clock.elapsed + 8, WHY)),
        "trying again 0:08",
        "Your sign-in is kept.",
    ),
    "unsaved": (lambda harness: harness.active("w1", Unsaved(WHY)), "not saved", "The keyring is locked."),
    "needs_login": (lambda harness: harness.signed_out("w1", Reason.REFRESH_EXPIRED), "sign in", "not renewed in time"),
    "refused": (
        lambda harness: harness.feed("w1", LoggedOut(Reason.NEW, ClientRejected("client_rejected", server="WhiteBIT"))),
        "edit credentials",
        "WhiteBIT refused the client id or the client secret.",
    ),
    "keyring_unavailable": (lambda harness: harness.feed("w1", Unreadable(WHY)), "no keyring", WHY.todo),
    "browser": (lambda harness: harness.waiting("w1"), "in browser", ""),
    "exchanging": (lambda harness: harness.waiting("w1", "exchanging"), "signing in", ""),
    "confirming": (lambda harness: harness.waiting("w1", "confirming"), "confirm", ""),
    "refusal": (lambda harness: harness.waiting("w1", "refusal"), "refused?", ""),
    "closed": (lambda harness: harness.feed("w1", Closed()), "closed", "This exchange has closed."),
    "opening": (lambda harness: harness.feed("w1", Opening()), "opening", "Asking the keyring"),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_each_state_has_its_word_and_its_sentence(harness: WindowHarness, case: str) -> None:
    feed, word, sentence = CASES[case]
    feed(harness)
    seen = view(harness)
    assert seen.word() == word
    assert seen.headline()
    assert sentence in seen.sentence()


@pytest.mark.parametrize(
    ("left", "lifetime", "kind"),
    [
        (150.0, 900.0, "fresh"),  # under 20 % of the life, and its renewal is due 120 s before the end
        (119.0, 900.0, "soon"),
        (89.0, 900.0, "urgent"),
        (61.0, 300.0, "fresh"),
        (59.0, 300.0, "soon"),
    ],
)
def test_a_token_ends_soon_only_when_its_renewal_is_late(
    harness: WindowHarness, left: float, lifetime: float, kind: str
) -> None:
    harness.active("w1", token=harness.token(left, lifetime))
    assert view(harness).kind == kind
    holds = group_holds_for(view(harness))
    if kind == "fresh":
        harness.clock.move(holds + 0.001)
        assert view(harness).kind == "soon"
        harness.clock.move(-0.002)
        assert view(harness).kind == "fresh"
    harness.active("w1", token=replace(harness.token(left, lifetime), renewable=False))
    assert view(harness).kind == ("fresh" if left == 61.0 else "urgent" if kind == "urgent" else "soon")


def test_no_lifetime_is_unknown_and_ten_years_are_not_counted_down(harness: WindowHarness) -> None:
    harness.active("w1", token=replace(harness.token(refresh=None), lifetime=None, renewable=False))
    assert view(harness).time() == "Unknown"
    harness.active("w1", token=harness.token(315_000_000, 315_360_000, refresh=None, renewable=False))
    assert view(harness).time() == "does not expire soon"
    assert view(harness).word() == "9 years"
    assert view(harness).kind == "fresh"


def test_a_mark_says_by_shape_what_the_word_says(harness: WindowHarness) -> None:
    harness.active("w1", Unsaved(WHY))
    assert view(harness).kind == "needs"
    harness.signed_out("w1")
    assert view(harness).kind == "off"
    harness.feed("w1", LoggedOut(Reason.NEW, Failure("unexpected", detail="invalid_client")))
    assert view(harness).kind == "needs"


def test_the_summary_counts_whom_it_needs(harness: WindowHarness) -> None:
    def said() -> str:
        return summary([AccountView(account, harness.rack.clock) for account in harness.rack.accounts])

    for account in harness.rack.accounts:
        harness.active(account.id)
    assert said() == "All fresh."
    harness.signed_out("w1")
    assert said() == "1 of 6 not signed in, 5 fresh."
    harness.signed_out("w2", Reason.REFRESH_REJECTED)
    assert said() == "1 of 6 needs you, 1 not signed in, 4 fresh."
    harness.active("b1", Unsaved(WHY))
    assert said() == "2 of 6 need you, 1 not signed in, 3 fresh."


def test_the_summary_counts_each_state_and_says_fresh_of_fresh_ones_alone(harness: WindowHarness) -> None:
    ids = [account.id for account in harness.rack.accounts]
    harness.signed_out(ids[0])
    harness.waiting(ids[1])
    harness.active(ids[2], Retrying(harness.clock.elapsed + 8, WHY))
    harness.feed(ids[3], Closed())
    harness.feed(ids[4], Opening())
    harness.active(ids[5], token=harness.token(20.0))
    views = [AccountView(account, harness.rack.clock) for account in harness.rack.accounts]
    assert summary(views) == ("1 of 6 signing in, 1 trying again, 1 ending soon, 1 opening, 1 not signed in, 1 closed.")
    for id in ids:
        harness.signed_out(id)
    views = [AccountView(account, harness.rack.clock) for account in harness.rack.accounts]
    assert summary(views) == "Nobody is signed in. Open an account and press Sign in."
