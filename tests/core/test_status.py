"""What a person reads: figures from absolute moments, sentences for every state, and a warning in time."""

import pytest

from keyrack.core.accounts.account import Account, Settings
from keyrack.core.accounts.activity import Activity
from keyrack.core.accounts.state import (
    Active,
    Authorizing,
    Closed,
    LoggedOut,
    Opening,
    Reason,
    Retrying,
    Running,
    State,
    Unreadable,
    Unsaved,
)
from keyrack.core.failures import Interrupted, SignInLapsed, WrongAccount
from keyrack.core.status import Status, describe, format_left
from keyrack.core.vault.vault_errors import Locked
from keyrack.oauth.oauth_errors import Unavailable
from keyrack.oauth.token import Token
from keyrack.primitives.failure import Failure
from keyrack.primitives.secret import Secret
from tests.clock import FakeClock

BUSY = Unavailable("server_unavailable", server="WhiteBIT", detail="HTTP 503")
TOKEN = Token(Secret("at-invented"), 1000.0, 300.0, Secret("rt-invented"), 600.0, 1000.0, renewable=True)


def status_of(state: State, now: float = 1100.0, wall: float = 5_000_000.0) -> Status:
    account = Account(Settings("a", "A", "p", "r", "client_credentials", "c"), Activity([], lambda: 0.0))
    account.become(state, expected=account.state)
    return describe(account, FakeClock(now, wall).clock)


@pytest.mark.security("S78")
def test_the_figures_of_a_fresh_token() -> None:
    status = status_of(Active(TOKEN))
    assert (status.name, status.left, status.lifetime, status.renews_in) == ("ready", 200.0, 300.0, 140.0)
    assert (status.sign_in_left, status.sign_in_lifetime) == (500.0, 600.0)
    assert status.sign_in_ends == 5_000_500.0
    assert not status.sign_in_at_risk
    assert status.retry_in is None


@pytest.mark.security("S78")
@pytest.mark.parametrize(("now", "at_risk"), [(1000, False), (1479, False), (1481, True), (1599, True)])
def test_the_warning_comes_before_the_sign_in_is_lost(now: float, at_risk: bool) -> None:
    status = status_of(Active(TOKEN, Retrying(now + 8, BUSY)), now)
    assert status.sign_in_at_risk is at_risk
    assert ("The sign-in itself ends in" in status.means) is at_risk
    assert status.means.startswith("Your sign-in is kept.")
    if now == 1599:
        assert "ends in 0:01" in status.means


@pytest.mark.security("S78")
def test_no_figure_is_ever_negative() -> None:
    status = status_of(Active(TOKEN, Retrying(1200.0, BUSY)), 99_999.0)
    assert (status.left, status.renews_in, status.sign_in_left, status.retry_in) == (0.0, 0.0, 0.0, 0.0)


def test_a_retry_tells_when_and_why() -> None:
    status = status_of(Active(TOKEN, Retrying(1108.0, BUSY)))
    assert (status.name, status.retry_in, status.detail) == ("retrying", 8.0, "HTTP 503")
    assert status.happened == "WhiteBIT is not available right now."
    assert status.left == 200.0


def test_an_unsaved_token_tells_why_and_still_counts_down() -> None:
    status = status_of(Active(TOKEN, Unsaved(Locked())))
    assert (status.name, status.left, status.happened) == ("unsaved", 200.0, "The keyring is locked.")


def test_a_token_without_a_life_is_unknown_and_one_that_is_being_made_is_refreshing() -> None:
    assert status_of(Active(Token(Secret("at-invented"), 1000.0, None))).left is None
    status = status_of(Active(Token(None, 1000.0, 300.0, renewable=True)))
    assert (status.name, status.left) == ("refreshing", None)
    assert status_of(Active(TOKEN, Running())).name == "refreshing"
    assert status_of(Opening()).name == "refreshing"


@pytest.mark.parametrize("reason", list(Reason))
def test_every_reason_has_its_own_three_sentences(reason: Reason) -> None:
    status = status_of(LoggedOut(reason))
    assert (status.name, status.reason) == ("needs_login", str(reason))
    assert status.happened.endswith(".")
    assert status.means.endswith(".")
    assert status.todo.endswith(".")
    others = [status_of(LoggedOut(other)).happened for other in Reason if other is not reason]
    assert status.happened not in others


@pytest.mark.parametrize(
    ("reason", "why"),
    [
        (Reason.REFRESH_EXPIRED, SignInLapsed()),
        (Reason.INTERRUPTED_REFRESH, Interrupted(detail="Invalid token.")),
        (Reason.WRONG_ACCOUNT, WrongAccount(detail="s…o@example.net")),
    ],
)
def test_the_failure_behind_a_reason_says_the_same_as_the_reason(reason: Reason, why: Failure) -> None:
    without, with_it = status_of(LoggedOut(reason)), status_of(LoggedOut(reason, why))
    assert (without.happened, without.means, without.todo) == (with_it.happened, with_it.means, with_it.todo)
    assert with_it.detail == why.detail


def test_the_last_failure_is_told_before_the_old_reason() -> None:
    status = status_of(LoggedOut(Reason.REFRESH_EXPIRED, BUSY))
    assert (status.reason, status.happened) == ("refresh_expired", BUSY.happened)


def test_a_sign_in_counts_down_to_its_end() -> None:
    assert status_of(Authorizing(1000.0, 1300.0, "browser")).left == 200.0
    assert status_of(Authorizing(1000.0, 1050.0, "browser")).left == 0.0
    assert status_of(Authorizing(1000.0, None, "exchanging")) == Status("signing_in", step="exchanging")


def test_a_closed_exchange_and_a_missing_keyring_say_what_they_are() -> None:
    assert (status_of(Closed()).name, status_of(Closed()).happened) == ("closed", "This exchange has closed.")
    assert (status_of(Unreadable(Locked())).name, status_of(Unreadable(Locked())).happened) == (
        "keyring_unavailable",
        "The keyring is locked.",
    )


@pytest.mark.parametrize(
    ("seconds", "shown"),
    [
        (None, "Unknown"),
        (0, "0:00"),
        (-5, "0:00"),
        (59.9, "0:59"),
        (221, "3:41"),
        (3600, "1:00:00"),
        (7510, "2:05:10"),
        (172_799, "47:59:59"),
        (172_800, "2 days"),
        (365 * 86_400, "365 days"),
        (365 * 86_400 + 1, "does not expire soon"),
    ],
)
def test_times_left_read_well(seconds: float | None, shown: str) -> None:
    assert format_left(seconds) == shown
