"""Changes one line of a settings text, and leaves every other as the person wrote it."""

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass

from keyrack.core.preferences.all_settings import ALL, AnySetting
from keyrack.core.preferences.setting import Setting, T, written
from keyrack.language.translation import SOURCE, speaking

SCHEMA = 1
_HEAD = f"""\
# What you chose in Keyrack. You may edit this file while Keyrack is closed; it is read at the start.
# The window (Ctrl+,) and `keyrack settings` change single lines of it, and leave everything else as it is.

schema = {SCHEMA}
"""
# One of these is in the last line of what takes several.
_ENDS = ("]", '"""', "'''")
_WHERE = re.compile(r"\(at line (\d+),")


@dataclass(frozen=True, slots=True)
class Statement:
    """Some lines that belong together, from 0. `names` are the keys that they set outside of any table."""

    first: int
    after: int
    names: tuple[str, ...]


def new_text() -> str:
    """The text of a new file: every setting with its sentence, what it may be, and its default.

    It is in English.
    """
    with speaking(SOURCE):  # a file is kept for longer than a language is spoken
        return "".join((_HEAD, *(_shown(setting) for setting in ALL)))


def _shown(setting: AnySetting) -> str:
    return f"\n# {setting.sentence}\n# It may be {setting.allowed()}.\n{_unset(setting)}\n"


def salvaged(text: str, name: str) -> object:
    """The value of a key in a text that is no TOML, from the first line that sets it alone. None where none does."""
    for line in text.split("\n"):
        if _names(line) == (name,):
            return tomllib.loads(line)[name]
    return None


def line_of_mistake(why: tomllib.TOMLDecodeError, text: str) -> int:
    """The line that is no TOML, from 1. A text that ends too early is wrong in its last line."""
    found = _WHERE.search(str(why))
    return int(found[1]) if found else len(text.rstrip("\n").split("\n"))


def line_of_setting(text: str, name: str) -> int:
    """The line of a key outside of any table, from 1. 1 where there is none."""
    return next((part.first + 1 for part in _statements(text.split("\n")) if name in part.names), 1)


def with_value(text: str, setting: Setting[T], value: T | None) -> str:
    """A valid text with another value, None for the default.

    A comment behind the value is kept. A new line takes the place of the one that shows the default value, and
    else stands before the first table.
    """
    lines = text.split("\n")
    statements = list(_statements(lines))
    line = _unset(setting) if value is None else f"{setting.name} = {written(value)}"
    there = next((part for part in statements if setting.name in part.names), None)
    if there is not None:
        end = "\r" if lines[there.after - 1].endswith("\r") else ""
        comment = _comment(lines[there.first], setting.name) if there.after == there.first + 1 else ""
        lines[there.first : there.after] = [line + comment + end]
        return "\n".join(lines)
    if value is None:
        return text
    shown = re.compile(rf"#\s*{re.escape(setting.name)}\s*=")
    table = next((part.first for part in statements if lines[part.first].lstrip().startswith("[")), len(lines))
    commented = [part.first for part in statements if part.first < table and shown.match(lines[part.first])]
    if commented:
        lines[commented[0]] = line
    elif table == len(lines) and not lines[-1]:
        lines.insert(len(lines) - 1, line)
    else:
        lines.insert(table, line)
    return "\n".join(lines)


def _unset(setting: AnySetting) -> str:
    return f"# {setting.name} = {written(setting.default)}"


def _statements(lines: list[str]) -> Iterator[Statement]:
    """Every statement, comment and empty line of a valid text, in order.

    A text of several lines is no TOML until its last one, and neither is a list.
    """
    first, in_table = 0, False
    while first < len(lines):
        after = first + 1
        names = _names(lines[first])
        while names is None and after < len(lines):
            after += 1
            if any(end in lines[after - 1] for end in _ENDS):
                names = _names("\n".join(lines[first:after]))
        in_table = in_table or lines[first].lstrip().startswith("[")
        yield Statement(first, after, () if in_table or names is None else names)
        first = after


def _names(text: str) -> tuple[str, ...] | None:
    try:
        return tuple(tomllib.loads(text + "\n"))
    except tomllib.TOMLDecodeError:
        return None


def _comment(line: str, name: str) -> str:
    """The comment behind a value, with the blanks before it."""
    line = line.removesuffix("\r")
    for at, letter in enumerate(line):
        if letter == "#" and _names(line[:at]) == (name,):
            return line[len(line[:at].rstrip()) :]
    return ""
