"""Finds the line of a key in a TOML text."""

import contextlib
import re
import tomllib
from collections import Counter
from collections.abc import Iterator, Sequence

_ONE = r"""(?:[\w-]+|"(?:[^"\\]|\\.)*"|'[^']*')"""
_DOTTED = rf"({_ONE}(?:\s*\.\s*{_ONE})*)"
_HEADER = re.compile(rf"\s*(\[{{1,2}})\s*{_DOTTED}\s*\]", re.ASCII)
_KEY = re.compile(rf"\s*{_DOTTED}\s*=", re.ASCII)
_NAME = re.compile(_ONE, re.ASCII)

Steps = tuple[str, ...]


def line_of(text: str, steps: Sequence[str]) -> int:
    """The line of the key, counted from 1, else that of the nearest table or key above it.

    A step that is a number counts the tables of an array from 0.
    """
    wanted, best, length = tuple(steps), 1, 0
    for number, place in _places(text):
        shared = min(len(place), len(wanted))  # a header may go through the key to a table in it
        if shared > length and wanted[:shared] == place[:shared]:
            best, length = number, shared
    return best


def too_deep(value: object, deepest: int) -> Steps | None:
    """The steps to the first table or list that lies deeper than `deepest` others, None without one."""
    waiting: list[tuple[Steps, object]] = [((), value)]
    while waiting:
        steps, found = waiting.pop()
        if not isinstance(found, dict | list):
            continue
        if len(steps) > deepest:
            return steps
        named = found.items() if isinstance(found, dict) else enumerate(found)
        waiting += [((*steps, str(name)), inner) for name, inner in named]
    return None


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
    return tuple(_unquoted(name) for name in _NAME.findall(dotted))


def _unquoted(name: str) -> str:
    if "\\" in name:
        with contextlib.suppress(tomllib.TOMLDecodeError):  # a line of a longer text only looks like a key
            return str(tomllib.loads(f"name = {name}")["name"])
    return name.strip("\"'")
