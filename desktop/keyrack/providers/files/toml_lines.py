"""Finds the line of a key in a TOML text."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence

_HEADER = re.compile(r"\s*(\[{1,2})\s*([^\[\]]+?)\s*\]")
_KEY = re.compile(r"""\s*((?:[\w-]+|"[^"]*"|'[^']*')(?:\s*\.\s*(?:[\w-]+|"[^"]*"|'[^']*'))*)\s*=""", re.ASCII)
_NAME = re.compile(r"""[\w-]+|"[^"]*"|'[^']*'""", re.ASCII)

Steps = tuple[str, ...]


def line_of(text: str, steps: Sequence[str]) -> int:
    """The line of the key, counted from 1, else that of the nearest table or key above it.

    A step that is a number counts the tables of an array from 0.
    """
    wanted, best, length = tuple(steps), 1, 0
    for number, place in _places(text):
        if len(place) > length and wanted[: len(place)] == place:
            best, length = number, len(place)
    return best


def _places(text: str) -> Iterator[tuple[int, Steps]]:
    table: Steps = ()
    counted: Counter[Steps] = Counter()
    for number, line in enumerate(text.split("\n"), 1):  # nothing else ends a line in TOML
        if header := _HEADER.match(line):
            table = _names(header[2])
            if header[1] == "[[":
                counted[table] += 1
                table = (*table, str(counted[table] - 1))
            yield number, table
        elif key := _KEY.match(line):
            yield number, (*table, *_names(key[1]))


def _names(dotted: str) -> Steps:
    return tuple(name.strip("\"'") for name in _NAME.findall(dotted))
