"""When a token is renewed and how long a failure waits: arithmetic alone."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keyrack.core.accounts.account import Account, Settings
from keyrack.core.accounts.activity import Activity
from keyrack.core.accounts.state import Active, Idle, Retrying, Running, State, Unsaved
from keyrack.core.tokens.schedule import Schedule
from keyrack.core.tokens.timing import backoff, due, has_left, jitter, lead, least_left
from keyrack.oauth.token import Token
from keyrack.primitives.clock import Clock
from keyrack.primitives.failure import Failure
from keyrack.primitives.secret import Secret

WHY = Failure("unexpected")


def token(lifetime: float | None = 300.0, *, renewable: bool = True, access: bool = True) -> Token:
    return Token(
        Secret("at-invented") if access else None, 1000.0, lifetime, Secret("rt-invented"), renewable=renewable
    )


@pytest.mark.security("S77")
@pytest.mark.parametrize(
    ("lifetime", "seconds"),
    [(10, 2), (300, 60), (599, 119.8), (600, 120), (900, 120), (14_400, 120), (315_360_000, 120)],
)
def test_the_lead_is_a_fifth_of_the_life_and_120_seconds_at_most(lifetime: float, seconds: float) -> None:
    assert lead(lifetime) == pytest.approx(seconds)
    assert due(token(lifetime)) == pytest.approx(1000 + lifetime - seconds)


@pytest.mark.security("S77")
@given(lifetime=st.floats(1, 3.2e8), seed=st.integers())
def test_the_due_moment_with_jitter_lies_in_the_last_fifth_and_before_the_end(lifetime: float, seed: int) -> None:
    made = token(lifetime)
    moved = jitter(made, random.Random(seed))
    assert abs(moved) <= 0.05 * lead(lifetime) + 1e-9
    moment = due(made)
    assert moment is not None
    assert 1000 + 0.79 * lifetime - 1e-6 <= moment + moved < 1000 + lifetime


def test_what_cannot_be_renewed_or_has_no_end_is_never_due() -> None:
    assert due(token(renewable=False)) is None
    assert due(token(None)) is None
    assert due(token(access=False)) == 1000.0


@pytest.mark.security("S79")
@given(failures=st.integers(1, 50), retry_after=st.none() | st.floats(0, 1e6), seed=st.integers())
def test_backoff_stays_in_its_bounds_and_never_undercuts_the_provider(
    failures: int, retry_after: float | None, seed: int
) -> None:
    wait = backoff(failures, retry_after, random.Random(seed))
    base = [2, 4, 8, 16, 30][min(failures, 5) - 1]
    assert wait >= 0.8 * base - 1e-9
    assert wait >= (retry_after or 0)
    assert wait <= max(1.2 * base, retry_after or 0) + 1e-9


@pytest.mark.security("S79")
def test_backoff_has_jitter_both_ways() -> None:
    source = random.Random(7)
    waits = [backoff(5, None, source) for _ in range(200)]
    assert min(waits) < 27
    assert max(waits) > 33


def test_a_token_handed_out_lives_30_seconds_or_half_its_life() -> None:
    assert [least_left(life) for life in (None, 10, 59, 60, 300)] == [0, 5, 29.5, 30, 30]


def test_a_token_has_left_what_it_has_left() -> None:
    assert has_left(token(), 1270.0, 30)
    assert not has_left(token(), 1270.1, 30)
    assert has_left(token(None), 9e9, 30)
    assert not has_left(token(access=False), 1000.0, 0)


class Scene:
    """A schedule over one account whose state and clock the test sets."""

    def __init__(self) -> None:
        self.now = 1000.0
        self.account = Account(Settings("a", "A", "p", "r", "client_credentials", "c"), Activity([], lambda: 0.0))
        self.schedule = Schedule(Clock(lambda: self.now, lambda: 0.0), random.Random(1))

    def be(self, state: State) -> float | None:
        self.account.become(state, expected=self.account.state)
        return self.schedule.due(self.account)


def test_the_schedule_follows_the_state() -> None:
    scene, made = Scene(), token()
    assert scene.schedule.due(scene.account) is None
    assert scene.be(Active(made, Running())) is None
    assert scene.be(Active(made, Retrying(1234.5, WHY))) == 1234.5
    assert scene.be(Active(token(renewable=False))) == 1300.0
    assert scene.be(Active(token(None, renewable=False))) is None
    moment = scene.be(Active(made, Idle()))
    assert moment is not None
    assert 1237 <= moment <= 1243


def test_the_jitter_of_a_token_stays_the_same_however_often_one_looks() -> None:
    scene, made = Scene(), token()
    assert len({scene.be(Active(made)) for _ in range(20)}) == 1
    assert len({scene.be(Active(token())) for _ in range(20)}) > 1


@pytest.mark.security("S74", "S79")
def test_an_unsaved_token_is_due_for_saving_at_once_then_with_backoff_and_for_renewal_in_time() -> None:
    scene, unsaved = Scene(), Active(token(), Unsaved(WHY))
    assert scene.be(unsaved) == 0.0
    again = scene.schedule.failed(scene.account)
    assert scene.be(unsaved) == again
    assert 1001.6 <= again <= 1002.4
    scene.now = 1236.0
    assert scene.schedule.failed(scene.account) >= 1259 or scene.be(unsaved) is not None
    scene.now = 1250.0
    later = scene.schedule.failed(scene.account)
    assert scene.be(unsaved) == later, "a renewal that was tried and failed waits too"
    scene.schedule.succeeded(scene.account)
    assert scene.be(unsaved) == 0.0


def test_the_failures_in_a_row_are_forgotten_by_a_success() -> None:
    scene = Scene()
    waits = [scene.schedule.failed(scene.account) - scene.now for _ in range(5)]
    assert waits == sorted(waits)
    scene.schedule.succeeded(scene.account)
    assert scene.schedule.failed(scene.account) - scene.now <= 2.4
