"""The table that a campaign prints at its end: what was counted, what it came to, and what it must be."""

from collections.abc import Sequence
from dataclasses import dataclass

_TITLES = ("what", "counted", "must be")


@dataclass(frozen=True, slots=True)
class Count:
    """One line of the table. `good` is None for a figure that nothing was promised about."""

    what: str
    figure: str
    promise: str = ""
    good: bool | None = None

    def cells(self) -> tuple[str, str, str]:
        """The line as texts."""
        return self.what, self.figure, self.promise + ("  BROKEN" if self.good is False else "")


def printed(title: str, counts: Sequence[Count]) -> str:
    """All lines, aligned, under the campaign's title."""
    texts = [_TITLES, *(count.cells() for count in counts)]
    widths = [max(len(text[at]) for text in texts) for at in range(len(_TITLES))]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(text, widths, strict=True)).rstrip() for text in texts]
    return "\n".join([title, lines[0], "-" * len(lines[0]), *lines[1:]])
