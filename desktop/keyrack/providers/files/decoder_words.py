"""Puts what the decoder of provider files says into words for the person who wrote the file."""

import re
from collections.abc import Sequence
from difflib import get_close_matches
from typing import Any, Literal, get_args, get_origin

import msgspec

from keyrack.providers.schema import FlowName, Provider

_KINDS = {
    "str": "text in quotation marks",
    "int": "a whole number",
    "float": "a number",
    "bool": "true or false",
    "array": "a list",
    "object": "a table",
    "date": "a day such as 2026-11-21",
}


def in_words(problem: str, steps: Sequence[str]) -> str:
    """What is wrong with the key at `steps`, as the end of a sentence that begins with the key."""
    if "missing required field" in problem:
        return "is missing"
    if "unknown field" in problem:
        near = get_close_matches(steps[-1], _fields(_kind_at(steps[:-1])), 1)
        return "is not a key of this table" + (f"; did you mean {near[0]}?" if near else "")
    if found := re.search(r"Invalid enum value '?([^']*)'?$", problem):
        kind = FlowName if list(steps[:1]) == ["flows"] and len(steps) == 2 else _kind_at(steps)
        choices = [str(choice) for choice in get_args(kind)] if get_origin(kind) is Literal else []
        return f"“{found[1]}” is none of the choices" + (f": {', '.join(choices)}" if choices else "")
    if found := re.match(r"Expected `([^`]+)`, got `([^`]+)`", problem):
        return f"needs {_words(found[1])}, and this is {_words(found[2])}"
    return "needs a day such as 2026-11-21" if "RFC3339" in problem else problem[:1].lower() + problem[1:]


def _words(names: str) -> str:
    kinds = (name.strip() for name in names.split("|"))
    return " or ".join(_KINDS.get(kind, kind) for kind in kinds if kind != "null")


def _kind_at(steps: Sequence[str]) -> Any:
    """What the schema has at a path: a number enters a list, the name of a site or flow its table."""
    kind: Any = Provider
    for step in steps:
        if get_origin(kind) in (dict, tuple):
            kind = get_args(kind)[1 if get_origin(kind) is dict else 0]
        else:
            kind = _fields(kind).get(step)
    return kind


def _fields(kind: Any) -> dict[str, Any]:
    """The keys of a table with what they take; none for anything that is no table."""
    for each in (kind, *get_args(kind)):
        if isinstance(each, type) and issubclass(each, msgspec.Struct):
            return {field.encode_name: field.type for field in msgspec.structs.fields(each)}
    return {}
