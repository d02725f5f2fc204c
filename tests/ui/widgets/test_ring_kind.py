"""The thresholds of a ring, and the share of a lifetime that is left."""

import pytest

from keyrack.ui.widgets.ring_kind import share, urgency


@pytest.mark.parametrize(
    ("left", "lifetime", "level"),
    [
        (60.0, 300.0, "fresh"),
        (59.9, 300.0, "soon"),
        (29.9, 300.0, "urgent"),
        (None, 300.0, "fresh"),
        (5.0, None, "fresh"),
    ],
)
def test_amber_under_a_fifth_and_red_under_a_tenth(left: float | None, lifetime: float | None, level: str) -> None:
    assert urgency(left, lifetime) == level


def test_the_share_of_a_life_stays_between_nothing_and_all() -> None:
    assert share(400.0, 300.0) == 1.0
    assert share(-4.0, 300.0) == 0.0
    assert share(None, 300.0) is None
