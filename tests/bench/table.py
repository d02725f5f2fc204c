"""The table that a benchmark prints: ours, the floor, their ratio and the most it may be, and a peer."""

from collections.abc import Sequence
from dataclasses import dataclass

_TITLES = ("what", "ours", "floor", "", "ratio", "at most", "peer", "")


@dataclass(frozen=True, slots=True)
class Row:
    """One figure, in milliseconds unless `unit` says otherwise. `most` is the highest ratio to the floor."""

    what: str
    ours: float
    floor_name: str
    floor: float
    most: float | None = None
    peer_name: str = ""
    peer: float | None = None
    unit: str = " ms"

    @property
    def ratio(self) -> float:
        """How many times the floor it is."""
        return self.ours / self.floor

    @property
    def good(self) -> bool:
        """Whether the ratio keeps to what was promised."""
        return self.most is None or self.ratio <= self.most

    def cells(self) -> tuple[str, ...]:
        """The row as texts."""
        most = "" if self.most is None else f"{self.most:.2g}x{'' if self.good else '  MISSED'}"
        peer = ("", "") if self.peer is None else (self._figure(self.peer), self.peer_name)
        return (
            self.what,
            self._figure(self.ours),
            self._figure(self.floor),
            self.floor_name,
            f"{self.ratio:.2f}x",
            most,
            *peer,
        )

    def _figure(self, number: float) -> str:
        return f"{number:.{3 if number < 1 else 2}f}{self.unit}"


def printed(rows: Sequence[Row]) -> str:
    """All rows, aligned."""
    texts = [_TITLES, *(row.cells() for row in rows)]
    widths = [max(len(text[at]) for text in texts) for at in range(len(_TITLES))]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(text, widths, strict=True)).rstrip() for text in texts]
    return "\n".join([lines[0], "-" * len(lines[0]), *lines[1:]])
