"""The course of a value over a period: what was known in each slot, and the change from the first to the last."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Context, Decimal

_WIDE = Context(prec=500)
_HUNDRED = Decimal(100)


@dataclass(frozen=True, slots=True)
class Point:
    """A value that was known at `at` wall seconds."""

    at: int
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Course:
    """One value over a period, slot by slot from the oldest. None is a slot in which nothing is known: a gap.

    `ids` names the accounts whose values it adds, where it is a sum.
    """

    slots: tuple[Point | None, ...]
    ids: tuple[str, ...] = ()

    @property
    def first(self) -> Point | None:
        """The oldest point."""
        return next((point for point in self.slots if point is not None), None)

    @property
    def last(self) -> Point | None:
        """The newest point."""
        return next((point for point in reversed(self.slots) if point is not None), None)

    @property
    def reaches_back(self) -> bool:
        """Whether something is known in the oldest twentieth of the period."""
        return any(self.slots[: max(1, len(self.slots) // 20)])

    @property
    def share(self) -> float:
        """How much of the period lies between the oldest and the newest point, 0 to 1."""
        known = [at for at, point in enumerate(self.slots) if point is not None]
        return (known[-1] - known[0]) / len(self.slots) if known else 0.0

    @property
    def change(self) -> Decimal | None:
        """The last value without the first. None while there are not two."""
        first, last = self.first, self.last
        if first is None or last is None or first is last:
            return None
        return _WIDE.subtract(last.amount, first.amount)

    @property
    def percent(self) -> Decimal | None:
        """The change in percent of the first value. None where that is not above zero."""
        first, change = self.first, self.change
        if first is None or change is None or first.amount <= 0:
            return None
        return _WIDE.divide(_WIDE.multiply(change, _HUNDRED), first.amount)


def up_to(course: Course, at: int, amounts: Sequence[Decimal]) -> Course:
    """A course with the sum of what is known at `at` wall seconds in its newest slot."""
    return replace(course, slots=(*course.slots[:-1], Point(at, _total(amounts))))


def added(courses: Mapping[str, Course]) -> Course | None:
    """All accounts as one course. None where nothing is known.

    A sum has a meaning only over the same accounts. It begins at the oldest slot in which accounts are known that are
    known now too and hold at least half of the present value. It counts these. Where one of them is not known there is
    a gap.
    """
    count = max((len(course.slots) for course in courses.values()), default=0)
    newest = next((at for at in reversed(range(count)) if any(c.slots[at] for c in courses.values())), None)
    if newest is None:
        return None
    present = {id: point for id, course in courses.items() if (point := course.slots[newest]) is not None}
    first = _begin(present, courses, newest)
    ids = tuple(id for id in present if courses[id].slots[first] is not None)
    counted = [courses[id] for id in ids]
    slots = [
        _sum((course.slots[at] for course in counted), len(counted)) if at >= first else None
        for at in range(newest + 1)
    ]
    slots += [None] * (count - newest - 1)
    return Course(tuple(slots), ids)


def _begin(present: Mapping[str, Point], courses: Mapping[str, Course], newest: int) -> int:
    whole = _total([abs(point.amount) for point in present.values()])
    for at in range(newest):
        there = [abs(point.amount) for id, point in present.items() if courses[id].slots[at] is not None]
        if there and 2 * _total(there) >= whole:
            return at
    return newest


def _sum(points: Iterable[Point | None], of: int) -> Point | None:
    found = [point for point in points if point is not None]
    if not found or len(found) < of:
        return None
    return Point(max(point.at for point in found), _total([point.amount for point in found]))


def _total(amounts: Sequence[Decimal]) -> Decimal:
    whole = Decimal(0)
    for amount in amounts:
        whole = _WIDE.add(whole, amount)
    return whole
