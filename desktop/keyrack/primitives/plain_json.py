"""Parses JSON without the extras of Python's parser."""

import json
from collections.abc import Callable
from typing import Any, NoReturn


def parse_json(
    text: str,
    *,
    parse_float: Callable[[str], object] = float,
    parse_int: Callable[[str], object] = int,
    strict: bool = True,
    forgiving: bool = False,
) -> Any:
    """The value of a JSON text (RFC 8259). Raises ValueError or RecursionError.

    Duplicate keys, NaN and infinities are errors. Python's parser would take the last key and all three numbers.
    With `forgiving` such a value is None, unless the duplicate keys agree. Without `strict` a string may hold bare
    control characters. The errors may quote the text.
    """
    return json.loads(
        text,
        object_pairs_hook=_forgiven if forgiving else _unique,
        parse_constant=_nothing if forgiving else _refuse,
        parse_float=parse_float,
        parse_int=parse_int,
        strict=strict,
    )


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("duplicate keys")
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
