"""Parses JSON without the extras of Python's parser."""

import json
import re
from collections.abc import Callable, Iterator
from itertools import chain
from typing import Any, NoReturn

import msgspec

# Every key ends with a quote and a colon. A text such as ":x" looks the same, and then each object is looked at.
_KEY_END = re.compile(r'"[ \t\r\n]*:')
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")
_NESTED = frozenset({dict, list})
_LONGEST_WHOLE = 400

ParseNumber = Callable[[str], object]


class _UnreadableValue:
    """Stands for a value that JSON cannot have, or that stands twice. No path and no figure is read from it."""

    def __repr__(self) -> str:
        return "<unreadable>"


_QUICK = msgspec.json.Decoder(float_hook=str)
UNREADABLE = _UnreadableValue()


def parse_json(
    text: str,
    *,
    parse_float: ParseNumber = float,
    parse_int: ParseNumber = int,
    deepest: int | None = None,
    bare_tabs: bool = False,
    forgiving: bool = False,
) -> Any:
    """The value of a JSON text (RFC 8259). Raises ValueError or RecursionError.

    Duplicate keys, NaN and infinities are errors, and so is a value nested deeper than `deepest`. Python's parser
    would take the last key and all three numbers. With `forgiving` such a value is None, unless the duplicate keys
    agree. With `bare_tabs` a string may hold tabs and line ends that are not escaped. The errors may quote the text.
    """
    if bare_tabs:
        _refuse_control(text)
    found = json.loads(
        text,
        object_pairs_hook=_forgiven if forgiving else None,
        parse_constant=_nothing if forgiving else _refuse,
        parse_float=parse_float,
        parse_int=parse_int,
        strict=not bare_tabs,
    )
    if forgiving:
        _counted_keys(found, text, deepest)
    else:
        _check_keys(found, text, deepest)
    return found


def parse_figures(text: str, deepest: int) -> Any:
    """The same with bare tabs, and each number that has a fraction as its own text.

    Whole numbers are `int`, or such a text.
    """
    try:
        # It refuses what Python's parser refuses, and lone surrogates and bare tabs besides, in half of its time.
        found = _QUICK.decode(text)
    except msgspec.MsgspecError:
        return parse_json(text, parse_float=str, parse_int=_whole, deepest=deepest, bare_tabs=True)
    _check_keys(found, text, deepest)
    return found


def parse_leniently(text: str, deepest: int) -> Any:
    """The same again, with UNREADABLE in the place of NaN, an infinity, and each value whose key stands twice."""
    _refuse_control(text)
    found = json.loads(
        text,
        object_pairs_hook=_marked,
        parse_constant=lambda _: UNREADABLE,
        parse_float=str,
        parse_int=_whole,
        strict=False,
    )
    _counted_keys(found, text, deepest)
    return found


def _refuse_control(text: str) -> None:
    """Raise ValueError for a control character other than a tab or a line end."""
    if _CONTROL.search(text):
        raise ValueError("control characters")


def _whole(text: str) -> int | str:
    return int(text) if len(text) <= _LONGEST_WHOLE else text


def _check_keys(found: Any, text: str, deepest: int | None) -> None:
    """Raise ValueError for a key that stands twice in `text`, of which `found` has only the last."""
    # Counting is much faster than a call for each object. A text such as ":x" is counted too, but no key is missed, so
    # that the same number proves that none was lost.
    if _counted_keys(found, text, deepest) != _key_ends(text):
        json.loads(text, object_pairs_hook=_unique, strict=False)  # bare tabs are judged by the first parser


def _key_ends(text: str) -> int:
    """How often a quote stands before a colon. Only white space between them needs the slower search."""
    ends = text.count('":')
    if ends == text.count(":") or not any(f"{space}:" in text for space in " \t\r\n"):
        return ends
    return len(_KEY_END.findall(text))


def _counted_keys(value: Any, text: str, deepest: int | None) -> int:
    """How many keys all objects have. Raises ValueError for a value nested deeper than `deepest`."""
    # As many as `text` may hold: the brackets in its strings are counted too, and then every value is looked at.
    most = text.count("{") + text.count("[")
    keys, seen, depth, level = 0, 0, 0, [value] if isinstance(value, dict | list) else []
    while level:
        depth += 1
        if deepest is not None and depth > deepest:
            raise ValueError("nested too deeply")
        alike = set(map(type, level)) == {dict}
        objects: list[Any] = level if alike else [node for node in level if type(node) is dict]
        lists: list[Any] = [] if alike else [node for node in level if type(node) is list]
        keys += sum(map(len, objects))
        seen += len(level)
        if seen == most:
            return keys
        level = [child for child in _values(objects, lists) if type(child) in _NESTED]
    return keys


def _values(objects: list[dict[str, Any]], lists: list[list[Any]]) -> Iterator[Any]:
    return chain(chain.from_iterable(map(dict.values, objects)), chain.from_iterable(lists))


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("duplicate keys")
    return found


def _marked(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        seen: set[str] = set()
        for key, _ in pairs:
            if key in seen:
                found[key] = UNREADABLE
            seen.add(key)
    return found


def _forgiven(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        found |= {name: None for name, value in pairs if value != found[name]}
    return found


def _nothing(constant: str) -> None:  # noqa: ARG001 - json hands the constant over
    return None


def _refuse(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is not JSON")
