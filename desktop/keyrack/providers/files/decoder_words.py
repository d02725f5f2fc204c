"""Turns what the decoder of provider files says into a mistake with a code, for the person who wrote the file."""

import re
from collections.abc import Sequence
from difflib import get_close_matches
from typing import Any, Literal, get_args, get_origin

import msgspec

from keyrack.primitives.failure import plain
from keyrack.providers.files.mistake import Mistake
from keyrack.providers.schema import Provider

# The decoder's names of what a key takes, and the codes of their sentences.
_NEEDED = {
    "str": "text_needed",
    "int": "integer_needed",
    "float": "number_needed",
    "bool": "boolean_needed",
    "array": "list_needed",
    "object": "table_needed",
    "date": "date_needed",
}
# The decoder's names of what is there, in the words of TOML.
_TOML = {"str": "string", "int": "integer", "bool": "boolean", "object": "table"}


def mistake_of(problem: str, steps: Sequence[str]) -> Mistake:
    """What is wrong with the key at `steps`. `problem` is the decoder's sentence without its path."""
    if "missing required field" in problem:
        return Mistake(steps, "key_missing")
    if "unknown field" in problem:
        near = get_close_matches(steps[-1], _fields(_kind_at(steps[:-1])), 1)
        return Mistake(steps, "key_misspelt", near=near[0]) if near else Mistake(steps, "key_unknown")
    if found := re.search(r"Invalid enum value '?([^']*)'?$", problem):
        return _unknown_choice(plain(found[1]), steps)
    if found := re.match(r"Expected `([^`|]+)[^`]*`, got `([^`]+)`", problem):
        wanted, got = found[1].strip(), found[2]
        if wanted in _NEEDED:
            return Mistake(steps, _NEEDED[wanted], found=_TOML.get(got, got))
    if "RFC3339" in problem:
        return Mistake(steps, "date_needed")
    return Mistake(steps, "value_refused", problem=plain(problem[:1].lower() + problem[1:]))


def _unknown_choice(value: str, steps: Sequence[str]) -> Mistake:
    above = _kind_at(steps[:-1])
    kind = get_args(above)[0] if get_origin(above) is dict else _kind_at(steps)
    kind = next((each for each in (kind, *get_args(kind)) if get_origin(each) is Literal), None)
    if kind is None:
        return Mistake(steps, "choice_unknown", value=value)
    return Mistake(steps, "choice_not_listed", value=value, choices=", ".join(str(one) for one in get_args(kind)))


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
    """The keys of a table with what each takes. Empty for anything that is not a table."""
    for each in (kind, *get_args(kind)):
        if isinstance(each, type) and issubclass(each, msgspec.Struct):
            return {field.encode_name: field.type for field in msgspec.structs.fields(each)}
    return {}
