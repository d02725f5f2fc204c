"""Reads JSON from outside strictly, and finds values in it by dotted paths."""

import json
import re
from collections.abc import Callable
from decimal import Decimal
from functools import lru_cache
from typing import Any

from keyrack.oauth.oauth_errors import UnexpectedResponse
from keyrack.primitives.plain_json import parse_figures, parse_json, parse_leniently

DEEPEST = 64
LONGEST_NUMBER = 400
# A step of a dotted path: a key in quotation marks, which may hold dots, or a plain one.
_KEY = re.compile(r'"([^"]*)"|([^."]+)')
_FAILED = object()


def read_json(body: bytes, server: str, *, forgiving: bool = False) -> Any:
    """The JSON value of a body. Numbers with a fraction come as `Decimal`. `server` is the name for sentences.

    Raises UnexpectedResponse for anything that is not one plain JSON value: duplicate keys, NaN and infinities,
    nesting deeper than 64, numbers longer than 400 digits, undecodable text. A bare tab or line end in a
    string is taken, because some servers do not escape those of a person's text. UTF-16 and UTF-32 are known by their
    zero bytes. With `forgiving` one odd value does not cost the whole: NaN, an infinity, a number that is too long and
    a key that stands twice with two values are None.
    """
    found = _parsed(body, _parse_forgiving if forgiving else _parse_all)
    if found is _FAILED:
        raise UnexpectedResponse("response_unreadable", server=server, detail=_kind(body))
    return found


def read_figures(body: bytes, server: str) -> Any:
    """The same for a list of figures, in which one bad value costs its own row alone.

    A number may come as its own text. NaN, an infinity and a value whose key stands twice become UNREADABLE.
    """
    found = _parsed(body, parse_figures)
    if found is _FAILED:
        found = _parsed(body, parse_leniently)
    if found is _FAILED:
        raise UnexpectedResponse("response_unreadable", server=server, detail=_kind(body))
    return found


def _parse_all(text: str, deepest: int) -> Any:
    return parse_json(text, parse_float=_decimal, parse_int=_integer, deepest=deepest, bare_tabs=True)


def _parse_forgiving(text: str, deepest: int) -> Any:
    return parse_json(
        text,
        parse_float=_decimal_or_none,
        parse_int=_integer_or_none,
        deepest=deepest,
        bare_tabs=True,
        forgiving=True,
    )


def _parsed(body: bytes, parse: Callable[[str, int], Any]) -> Any:
    """The value, or _FAILED: the parser's errors hold the whole body, so that none may hang on one that is raised."""
    try:
        return parse(body.decode(json.detect_encoding(body)), DEEPEST)
    except (ValueError, ArithmeticError, RecursionError):
        return _FAILED


def _kind(body: bytes) -> str:
    start = body[:64].lstrip().lower()
    return "HTML page" if start.startswith((b"<!", b"<html", b"<")) else "unreadable answer"


def _integer(text: str) -> int:
    if len(text) > LONGEST_NUMBER:
        raise ValueError("number too long")
    return int(text)


def _decimal(text: str) -> Decimal:
    if len(text) > LONGEST_NUMBER:
        raise ValueError("number too long")
    return Decimal(text)


def _integer_or_none(text: str) -> int | None:
    return int(text) if len(text) <= LONGEST_NUMBER else None


def _decimal_or_none(text: str) -> Decimal | None:
    try:
        return _decimal(text)
    except (ValueError, ArithmeticError):
        return None


@lru_cache(maxsize=1024)
def steps(path: str) -> tuple[str, ...]:
    """The keys of a dotted path. One in quotation marks may hold any character but those: `value."@odata.next"`."""
    return tuple(quoted or plain for quoted, plain in _KEY.findall(path))


def at(value: Any, path: str) -> Any:
    """The value at a dotted path, or None. A list is entered at its first item (Bitport Q6)."""
    for step in steps(path):
        if isinstance(value, list):
            value = value[0] if value else None
        if not isinstance(value, dict):
            return None
        value = value.get(step)
    return value


def text_at(value: Any, path: str) -> str:
    """The text at a dotted path, of a list the first one, or ""."""
    return text_of(at(value, path))


def text_of(found: Any) -> str:
    """A value as text, of a list the first one. "" for anything but a text or a number."""
    if isinstance(found, list):
        found = found[0] if found else None
    if isinstance(found, bool) or found is None:
        return ""
    return str(found) if isinstance(found, str | int | Decimal) else ""
