"""States, amounts and rights in words."""

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QLocale
from pytestqt.qtbot import QtBot

from keyrack.core.accounts.state import Closed, LoggedOut, Opening, Reason, Retrying, Running, Unreadable, Unsaved
from keyrack.primitives.failure import Failure
from keyrack.ui.account.pasted_credentials import recognise
from keyrack.ui.text.amount_text import MISSING, age, amount, exact_bytes, size
from keyrack.ui.text.scope_text import rights
from keyrack.ui.text.state_text import AccountView, summary
from keyrack.ui.window.sandbox_start import sandbox_command
from tests.ui.harness import WindowHarness, bench

WHY = Failure("The keyring is locked.", "Nothing is lost.", "Unlock it.")


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
    "keyring_unavailable": (lambda b: b.feed("w1", Unreadable(WHY)), "no keyring", "Unlock it."),
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
    b.feed("w1", LoggedOut(Reason.NEW, Failure("The key was refused.", detail="invalid_client")))
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


@settings(derandomize=True, deadline=None, max_examples=300)
@given(st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**20), max_value=10**20))
def test_an_amount_loses_no_digit(value: Decimal) -> None:
    shown = amount(value)
    digits = "".join(c for c in shown if c.isdigit())
    assert digits == "".join(c for c in format(value, "f") if c.isdigit())


def test_amounts_follow_the_locale_and_keep_trailing_zeros() -> None:
    before = QLocale()
    try:
        QLocale.setDefault(QLocale(QLocale.Language.German))
        assert amount(Decimal("1000.50")) == "1.000,50"
        QLocale.setDefault(QLocale(QLocale.Language.English))
        assert amount(Decimal("-48211093.5")) == "-48,211,093.5"
        assert amount(Decimal("1E-8")) == "0.00000001"
        assert exact_bytes(730239834821) == "730,239,834,821 bytes"
    finally:
        QLocale.setDefault(before)
    assert amount(None) == amount(Decimal("NaN")) == amount(Decimal("1e400")) == MISSING


def test_sizes_and_ages_are_short() -> None:
    assert (size(512), size(1_073_741_824_000), size(None)) == ("512 bytes", "1.1 TB", MISSING)
    assert [age(s) for s in (4, 240, 7300, 200_000)] == ["4 s ago", "4 min ago", "2 h ago", "2 d ago"]


def test_rights_are_in_plain_words_and_risky_ones_first() -> None:
    found = rights(("users.balances.read", "orders.create", "balances.read", "x.withdraw"), ("orders.create",))
    assert [(right.words, right.risky) for right in found][:2] == [("Can place orders", True), ("x.withdraw", True)]
    assert not found[2].risky
    assert len(rights(f"s{n}" for n in range(10_000))) == 10_000


@pytest.mark.security("S49")
def test_a_foreign_right_is_cleaned_and_cut() -> None:
    hostile = rights(("<b>orders</b>\u202e\n" + "x" * 5000,))[0]
    assert "\u202e" not in hostile.words
    assert "\n" not in hostile.words
    assert len(hostile.words) <= 40


@pytest.mark.parametrize(
    ("text", "client_id", "secret"),
    [
        ("sample-id:canary/secret+=", "sample-id", "canary/secret+="),
        ('{"client_id": 40127, "client_secret": "canary"}', "40127", "canary"),
        ('{"web": {"clientId": "sample", "clientSecret": "canary", "redirect_uri": "http://127.0.0.1:1/cb"}}',
         "sample", "canary"),
    ],
)  # fmt: skip
def test_pasted_credentials_are_recognised(text: str, client_id: str, secret: str) -> None:
    found = recognise(text)
    assert found is not None
    assert found.secret is not None
    assert (found.client_id, found.secret.reveal()) == (client_id, secret)
    assert secret not in repr(found)


@pytest.mark.parametrize(
    "text", ["sample-id", "https://x.example:1/", "a:b c", "{", "[1]", "{}", "x" * 9000, "[" * 900]
)
def test_what_is_no_pair_is_left_alone(text: str) -> None:
    assert recognise(text) is None


def test_the_sandbox_is_started_as_this_keyrack_was() -> None:
    assert sandbox_command(["/py", "-m", "keyrack"]) == ["/py", "-m", "keyrack", "--sandbox"]
    assert sandbox_command(["/py", "desktop", "--verbose"]) == ["/py", "desktop", "--sandbox"]
