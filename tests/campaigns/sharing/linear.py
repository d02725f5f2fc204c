"""Decides whether the history of one record is linearizable: whether one order of its operations explains it.

An order explains a history if it puts no operation before one that had ended when it began, and if each operation is
right at its place (Herlihy and Wing 1990, and the search of Wing and Gong 1993 with Lowe's memory of places that were
tried). Right is: a claim begins a new leadership, and ends the one before. A write is made by the leadership of its
time alone, and replaces the value that it names. A read finds the value of its time.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

NOTHING = ""


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation as its host saw it. `began` and `ended` are moments of one clock for all hosts.

    `kind` is "claim", "write" or "read". `leadership` is the revision at which the host began to lead. A write
    replaces `old` by `new`, and a read found `new`. Where the host never learned what became of it, `ended` is
    infinite: it may have happened at any time after it began, or not at all.
    """

    kind: str
    began: float
    ended: float = math.inf
    leadership: int = 0
    old: str = NOTHING
    new: str = NOTHING


class _Place(NamedTuple):
    """The leadership and the value after some operations."""

    leadership: int = 0
    value: str = NOTHING


def is_linearizable(operations: Sequence[Operation]) -> bool:
    """Whether one order explains them all. A write whose answer never came may be left out of it."""
    ordered = sorted(operations, key=lambda each: each.began)
    needed = sum(1 << number for number, each in enumerate(ordered) if each.ended != math.inf)
    ways: list[tuple[int, _Place]] = [(0, _Place())]
    tried = set(ways)
    while ways:
        done, place = ways.pop()
        if done & needed == needed:
            return True
        for number in _may_be_next(ordered, done):
            after = _after(place, ordered[number])
            if after is not None and (way := (done | 1 << number, after)) not in tried:
                tried.add(way)
                ways.append(way)
    return False


def _may_be_next(ordered: Sequence[Operation], done: int) -> list[int]:
    """Those that are not done and began before any other that is not done had ended."""
    found: list[int] = []
    first_end = math.inf
    for number in range(_first_left(done), len(ordered)):
        if ordered[number].began > first_end:
            break
        if not done >> number & 1:
            found.append(number)
            first_end = min(first_end, ordered[number].ended)
    return found


def _first_left(done: int) -> int:
    return (~done & (done + 1)).bit_length() - 1


def _after(place: _Place, operation: Operation) -> _Place | None:
    """The place after the operation, None where it is wrong there."""
    if operation.kind == "claim":
        return _Place(operation.leadership, place.value) if operation.leadership > place.leadership else None
    if operation.kind == "read":
        return place if operation.new == place.value else None
    right = operation.leadership == place.leadership and operation.old == place.value
    return _Place(place.leadership, operation.new) if right else None
