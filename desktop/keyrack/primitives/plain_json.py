"""Parses JSON without the extras of Python's parser."""

import json
from collections.abc import Callable
from typing import Any, NoReturn


def parse_json(
    text: str, *, parse_float: Callable[[str], object] = float, parse_int: Callable[[str], object] = int
) -> Any:
    """The value of a JSON text (RFC 8259). Raises ValueError or RecursionError.

    Duplicate keys, NaN and infinities are errors. Python's parser would take the last key and all three numbers.
    The errors may quote the text.
    """
    return json.loads(
        text, object_pairs_hook=_unique, parse_constant=_refuse, parse_float=parse_float, parse_int=parse_int
    )


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("duplicate keys")
    return found


def _refuse(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is not JSON")
