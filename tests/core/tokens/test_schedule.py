"""When the schedule has an account renewed: by its state, its token and its failures in a row."""

import random

import pytest

from keyrack.core.accounts.account import Account, Settings
from keyrack.core.accounts.activity import Activity
from keyrack.core.accounts.state import Active, Idle, Retrying, Running, State, Unsaved
from keyrack.core.tokens.schedule import Schedule
from keyrack.oauth.token import Token
from keyrack.primitives.failure import Failure
from keyrack.primitives.secret import Secret
from tests.clock import FakeClock

WHY = Failure("unexpected")


def token(lifetime: float | None = 300.0, *, renewable: bool = True) -> Token:
    return Token(Secret("at-invented"), 1000.0, lifetime, Secret("rt-invented"), renewable=renewable)


class ScheduleFixture:
    """A schedule over one account. The test sets its state and its clock."""

    def __init__(self) -> None:
        self.clock = FakeClock(elapsed=1000.0)
        self.account = Account(Settings("a", "A", "p", "r", "client_credentials", "c"), Activity([], lambda: 0.0))
        self.schedule = Schedule(self.clock.clock, lambda _account, _token, at: at, random.Random(1))

    def become(self, state: State) -> float | None:
        self.account.become(state, expected=self.account.state)
        return self.schedule.due(self.account)


def test_the_schedule_follows_the_state() -> None:
    scheduled, made = ScheduleFixture(), token()
    assert scheduled.schedule.due(scheduled.account) is None
    assert scheduled.become(Active(made, Running())) is None
    assert scheduled.become(Active(made, Retrying(1234.5, WHY))) == 1234.5
    assert scheduled.become(Active(token(renewable=False))) == 1300.0
    assert scheduled.become(Active(token(None, renewable=False))) is None
    moment = scheduled.become(Active(made, Idle()))
    assert moment is not None
    assert 1237 <= moment <= 1243


def test_the_jitter_of_a_token_stays_the_same_however_often_one_looks() -> None:
    scheduled, made = ScheduleFixture(), token()
    assert len({scheduled.become(Active(made)) for _ in range(20)}) == 1
    assert len({scheduled.become(Active(token())) for _ in range(20)}) > 1


@pytest.mark.security("S74", "S79")
def test_an_unsaved_token_is_due_for_saving_at_once_then_with_backoff_and_for_renewal_in_time() -> None:
    scheduled, unsaved = ScheduleFixture(), Active(token(), Unsaved(WHY))
    assert scheduled.become(unsaved) == 0.0
    again = scheduled.schedule.failed(scheduled.account)
    assert scheduled.become(unsaved) == again
    assert 1001.6 <= again <= 1002.4
    scheduled.clock.move(236.0)
    assert scheduled.schedule.failed(scheduled.account) >= 1259 or scheduled.become(unsaved) is not None
    scheduled.clock.move(14.0)
    later = scheduled.schedule.failed(scheduled.account)
    assert scheduled.become(unsaved) == later, "a renewal that was tried and failed waits too"
    scheduled.schedule.succeeded(scheduled.account)
    assert scheduled.become(unsaved) == 0.0


def test_the_failures_in_a_row_are_forgotten_by_a_success() -> None:
    scheduled = ScheduleFixture()
    waits = [scheduled.schedule.failed(scheduled.account) - scheduled.clock.elapsed for _ in range(5)]
    assert waits == sorted(waits)
    scheduled.schedule.succeeded(scheduled.account)
    assert scheduled.schedule.failed(scheduled.account) - scheduled.clock.elapsed <= 2.4
