"""The countdown of a view: it goes on only while a new view would show the same but for the time left."""

from dataclasses import replace
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from keyrack.core.accounts.state import Active, Idle, Reason, Retrying, token_of
from keyrack.core.status import format_left
from keyrack.primitives.failure import Failure
from keyrack.ui.text.countdown import Countdown
from keyrack.ui.text.spoken_text import spoken
from keyrack.ui.text.state_text import AccountView
from tests.ui.harness import WindowHarness, holdings, make_harness


@pytest.fixture
def harness(qtbot: QtBot, tmp_path: Path) -> WindowHarness:
    made = make_harness(tmp_path)
    qtbot.addWidget(made.window)
    return made


def begun(harness: WindowHarness) -> Countdown:
    account = harness.account("w1")
    return Countdown(AccountView(account, harness.rack.clock), account, harness.rack.clock)


def goes_on(countdown: Countdown) -> bool:
    return countdown.left() is not None


def parts(view: AccountView) -> tuple[object, ...]:
    return view.kind, view.tone, view.headline(), spoken(view)


@pytest.mark.parametrize(("refresh", "renewable"), [(None, False), (None, True), (240.0, True), (600.0, True)])
def test_over_a_whole_life_it_shows_what_a_new_view_shows(
    harness: WindowHarness, refresh: float | None, *, renewable: bool
) -> None:
    harness.active("w1", token=harness.token(290.0, 290.0, refresh=refresh, renewable=renewable))
    account, clock = harness.account("w1"), harness.rack.clock
    view = AccountView(account, clock)
    counted = 0
    countdown = Countdown(view, account, clock)
    for _ in range(430):
        now = AccountView(account, clock)
        if (left := countdown.left()) is not None:
            counted += 1
            assert parts(now) == parts(view)
            assert format_left(left) == now.word() == now.time()
            assert countdown.share_of(left) == pytest.approx(now.fraction)
            assert (countdown.renews_in or None) == pytest.approx(now.status.renews_in)
        else:
            view, countdown = now, Countdown(now, account, clock)
        harness.clock.move(0.7)
    assert counted > 200


def test_it_ends_with_a_change_of_the_account_and_not_with_newer_figures(harness: WindowHarness) -> None:
    account = harness.active("w1")
    figures = holdings(harness.clock)
    account.show_balances(figures)
    token = token_of(account.state)
    assert token is not None
    countdown = begun(harness)
    seen = [goes_on(countdown)]
    account.show_balances(replace(figures, taken=figures.taken + 1))
    seen.append(goes_on(countdown))
    account.show_balances(replace(figures, failure=Failure("unexpected")))
    assert [*seen, goes_on(countdown)] == [True, True, False]
    assert not goes_on(begun(harness)), "a failure has its own sentence"
    account.show_balances(figures)
    countdown = begun(harness)
    account.configure(replace(account.settings, name="Another"))
    seen = [goes_on(countdown)]
    countdown = begun(harness)
    seen.append(goes_on(countdown))
    account.become(Active(token, Idle()), expected=account.state)
    assert [*seen, goes_on(countdown)] == [False, True, False], "another state ends it, also where it says the same"


def test_only_a_fresh_account_is_counted(harness: WindowHarness) -> None:
    harness.active("w1", Retrying(harness.clock.elapsed + 8, Failure("unexpected")))
    assert not goes_on(begun(harness))
    harness.signed_out("w1", Reason.SIGNED_OUT)
    assert not goes_on(begun(harness))
    harness.waiting("w1")
    assert not goes_on(begun(harness))
