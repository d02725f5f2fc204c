"""When a token is renewed and how long a failure waits: arithmetic alone."""

import dataclasses
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keyrack.core.scheduling.asked_wait import LONGEST_WAIT
from keyrack.core.tokens.renewal_rule import backoff, due, has_left, jitter, lead, least_left
from keyrack.oauth.token import Token
from keyrack.primitives.secret import Secret


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


def test_a_token_that_names_no_lifetime_is_renewed_before_its_refresh_token_ends() -> None:
    bounded = dataclasses.replace(token(None), refresh_lifetime=600.0, refresh_issued=1000.0)
    assert due(bounded) == 1480.0


def test_what_cannot_be_renewed_or_has_no_end_is_never_due() -> None:
    assert due(token(renewable=False)) is None
    assert due(token(None)) is None
    assert due(token(access=False)) == 1000.0


@pytest.mark.security("S79")
@given(
    failures=st.integers(1, 50), retry_after=st.none() | st.floats(0, 1e6), seed=st.integers(), refused=st.booleans()
)
def test_backoff_stays_in_its_bounds_and_undercuts_the_provider_after_15_minutes_alone(
    failures: int, retry_after: float | None, seed: int, refused: bool
) -> None:
    wait = backoff(failures, retry_after, random.Random(seed), refused=refused)
    bases = [2, 4, 8, 16, 30, *([60, 120, 240, 480, 900] if refused else [])]
    base, asked = bases[min(failures, len(bases)) - 1], min(retry_after or 0, LONGEST_WAIT)
    assert wait >= 0.8 * base - 1e-9
    assert wait >= asked
    assert wait <= max(1.2 * base, asked) + 1e-9


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
