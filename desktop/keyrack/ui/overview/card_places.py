"""Where cards and lines stand on the overview, and who is beside whom."""

from collections.abc import Container, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Place:
    """Where an item stands: in columns from the left, and in pixels from the top."""

    column: int
    top: int
    height: int

    @property
    def end(self) -> int:
        """Where it ends, in pixels from the top."""
        return self.top + self.height


def placed(low: Sequence[bool], columns: int, heights: tuple[int, int], gap: int) -> list[Place]:
    """Each item at the end of the shortest column, so that none stands higher than the one before it.

    `low` says which items are low. `heights` are the least ones of a high and of a low item, in pixels. Where there
    are low ones beside others, a high one is as high as two of them, so that all stand on one grid.
    """
    high, half = heights
    if columns > 1 and any(low):
        half = max(half, -(-(high - gap) // 2))
        high = 2 * half + gap
    ends, places = [0] * columns, list[Place]()
    for is_low in low:
        column = ends.index(min(ends))
        places.append(Place(column, ends[column], half if is_low else high))
        ends[column] = places[-1].end + gap
    return places


def above_or_below(places: Sequence[Place], at: int, *, down: bool) -> int:
    """The next item of the same column. Below the last one of a column that is the last of all."""
    here, last = places[at], len(places) - 1
    others = range(at + 1, last + 1) if down else range(at - 1, -1, -1)
    found = next((to for to in others if places[to].column == here.column), None)
    if found is not None:
        return found
    return last if down and places[last].top > here.top else at


def beside(id: str, order: Sequence[str], shown: Container[str]) -> str:
    """The account itself where it is still shown, else the one that took its place in an `order` from before.

    The one before it takes the place of the last. "" where none is shown.
    """
    at = order.index(id) if id in order else 0
    return next((other for other in (*order[at:], *reversed(order[:at])) if other in shown), "")
