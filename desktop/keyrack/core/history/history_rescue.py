"""Reads what is left of a damaged history: from its first row to the damage, and from its last row back to it."""

import contextlib
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

_QUERY = "SELECT * FROM snapshot ORDER BY account {way}, at {way}"


def readable_rows(
    aside: Path, number: int, is_good: Callable[[Sequence[object]], bool]
) -> Iterator[tuple[object, ...]]:
    """The rows of a file that was put aside, in no order and some of them twice. It never raises.

    `number` is the format that is read, as `user_version` has it. `is_good` tells rows of Keyrack's from
    what the damage made of them.
    """
    for way in ("ASC", "DESC"):
        with contextlib.suppress(sqlite3.Error), contextlib.closing(_opened(aside)) as file:
            if file.execute("PRAGMA user_version").fetchone() == (number,):
                yield from filter(is_good, file.execute(_QUERY.format(way=way)))


def _opened(aside: Path) -> sqlite3.Connection:
    file = sqlite3.connect(f"{aside.absolute().as_uri()}?mode=ro&immutable=1", uri=True)
    file.execute("PRAGMA cell_size_check = ON")
    return file
