"""The checker of a record's history: what it takes and what it refuses."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.campaigns.sharing.linear import NOTHING, Operation, is_linearizable


def claim(leadership: int, began: float, ended: float) -> Operation:
    return Operation("claim", began, ended, leadership)


def write(leadership: int, old: str, new: str, began: float, ended: float = math.inf) -> Operation:
    return Operation("write", began, ended, leadership, old, new)


def read(new: str, began: float, ended: float) -> Operation:
    return Operation("read", began, ended, 0, NOTHING, new)


def test_one_after_the_other_is_taken() -> None:
    assert is_linearizable(
        [claim(1, 0, 1), write(1, "", "a", 2, 3), read("a", 4, 5), claim(7, 6, 7), write(7, "a", "b", 8, 9)]
    )


def test_operations_at_the_same_time_may_have_any_order() -> None:
    assert is_linearizable([claim(1, 0, 1), write(1, "", "a", 2, 9), read("", 3, 4), read("a", 5, 6)])
    assert is_linearizable([claim(7, 0, 9), claim(1, 0, 9), write(7, "a", "b", 1, 9), write(1, "", "a", 0, 9)])


@pytest.mark.parametrize(
    "wrong",
    [
        [write(1, "", "a", 2, 3)],  # it leads nothing
        [claim(1, 0, 1), write(1, "", "a", 2, 3), write(1, "", "b", 4, 5)],  # it replaces what is gone
        [claim(1, 0, 1), write(1, "", "a", 2, 3), read("", 4, 5)],  # it reads what is gone
        [claim(1, 0, 1), write(1, "", "a", 2, 9), read("a", 3, 4), read("", 5, 6)],  # it goes back
        [claim(1, 0, 1), claim(7, 2, 3), write(1, "", "a", 4, 5)],  # it slept through its lease
        [claim(7, 0, 1), claim(1, 2, 3)],
    ],
)
def test_what_no_order_explains_is_refused(wrong: list[Operation]) -> None:
    assert not is_linearizable(wrong)


def test_a_write_whose_answer_never_came_may_have_happened_at_any_time_or_not() -> None:
    lost = write(1, "", "a", 2)
    assert is_linearizable([claim(1, 0, 1), lost, read("", 3, 4)])
    assert is_linearizable([claim(1, 0, 1), lost, read("", 3, 4), read("a", 5, 6), read("a", 7, 8)])
    assert not is_linearizable([claim(1, 0, 1), lost, read("a", 3, 4), read("", 5, 6)])
    assert not is_linearizable([claim(1, 0, 1), claim(7, 2, 3), write(1, "", "a", 4), read("a", 5, 6)])


@given(st.lists(st.tuples(st.integers(0, 3), st.floats(0.01, 3), st.floats(0.01, 3)), max_size=60))
def test_whatever_really_happened_in_an_order_is_taken(steps: list[tuple[int, float, float]]) -> None:
    """Operations that took effect one after the other, seen by their hosts as beginning earlier and ending later."""
    leadership, value, history = 0, NOTHING, []
    for number, (kind, before, after) in enumerate(steps, 1):
        began, ended = number - before, number + after
        if kind == 0:
            leadership = number
            history.append(claim(leadership, began, ended))
        elif kind == 1 or not leadership:
            history.append(read(value, began, ended))
        else:
            history.append(write(leadership, value, str(number), began, ended if kind == 2 else math.inf))
            value = str(number)
    assert is_linearizable(history)


def test_a_long_history_is_decided_soon() -> None:
    history = [claim(1, 0, 0.5)]
    for number in range(1, 3000):
        history.append(write(1, str(number - 1) if number > 1 else "", str(number), number, number + 1.4))
        history.append(read(str(number), number + 0.5, number + 1.9))
    assert is_linearizable(history)
    assert not is_linearizable([*history, read("7", 5000, 5001)])
