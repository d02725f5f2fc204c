"""The sum over time is honest: the same accounts from its beginning to its end, and a gap where one is not known."""

from decimal import Decimal

from keyrack.core.history.course import Course, Point, added


def course(*amounts: int | None) -> Course:
    return Course(tuple(None if each is None else Point(1000 + at, Decimal(each)) for at, each in enumerate(amounts)))


def told(*figures: object) -> list[str]:
    return [str(figure) for figure in figures]


def amounts(found: Course | None) -> list[int | None]:
    assert found is not None
    return [None if point is None else int(point.amount) for point in found.slots]


def test_accounts_that_are_known_all_the_time_are_added() -> None:
    found = added({"a": course(1, 2, 3), "b": course(10, 20, 30)})
    assert amounts(found) == [11, 22, 33]
    assert found is not None
    assert told(*found.ids, found.change, found.percent) == told("a", "b", 22, 200)


def test_a_gap_of_one_account_is_a_gap_of_the_sum() -> None:
    assert amounts(added({"a": course(1, 2, 3), "b": course(10, None, 30)})) == [11, None, 33]


def test_a_small_account_that_came_late_is_left_out() -> None:
    found = added({"a": course(100, 110, 120), "b": course(None, None, 50)})
    assert amounts(found) == [100, 110, 120]
    assert found is not None
    assert told(*found.ids, found.change) == told("a", 20)


def test_it_begins_where_half_of_what_is_there_now_is_known() -> None:
    found = added({"a": course(100, 110, 120, 130), "b": course(None, 900, 800, 700)})
    assert amounts(found) == [None, 1010, 920, 830]
    assert found is not None
    assert found.first is not None
    assert told(found.first.at, *found.ids, found.change) == told(1001, "a", "b", -180)


def test_an_account_that_is_away_now_is_left_out() -> None:
    found = added({"a": course(100, 110, 120), "b": course(50, 50, None)})
    assert amounts(found) == [100, 110, 120]
    assert found is not None
    assert found.ids == ("a",)


def test_the_newest_known_slot_counts_where_all_are_away() -> None:
    assert amounts(added({"a": course(100, 110, None)})) == [100, 110, None]


def test_without_rows_there_is_no_sum_and_with_one_no_change() -> None:
    assert added({}) is None
    assert added({"a": course(None, None)}) is None
    found = added({"a": course(None, 5)})
    assert found is not None
    assert told(found.change, found.percent) == told(None, None)


def test_from_zero_there_is_no_percent() -> None:
    found = course(0, 5)
    assert told(found.change, found.percent) == told(5, None)
    assert course(-5, 5).percent is None


def test_decimals_are_exact() -> None:
    found = added({str(at): Course((Point(1, Decimal("0.1")), Point(2, Decimal("0.2")))) for at in range(3)})
    assert found is not None
    assert told(found.change, found.percent) == told(Decimal("0.3"), Decimal(100))
