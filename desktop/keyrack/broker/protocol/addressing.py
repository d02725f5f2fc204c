"""Finds the route of a request's target, the account's name in it, and its query."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType
from urllib.parse import parse_qsl, unquote_to_bytes

from keyrack.broker.protocol.api_errors import ApiError
from keyrack.broker.protocol.route import Route

LONGEST_NAME = 200
_NAME = "{name}"
_ACCOUNTS = "/v1/accounts/"


@dataclass(frozen=True, slots=True)
class Target:
    """The parts of a request's target.

    `pattern` is the path as routes are written. `name` is the account's name in it, or "".
    """

    pattern: str
    name: str
    query: Mapping[str, str]


@lru_cache(maxsize=256)
def target_of(raw: str) -> Target:
    """The parts of a target such as `/v1/accounts/My%20key/token?min_valid=60`. Raises ApiError.

    Results are cached, because a program sends the same target again and again. No target holds a secret.
    """
    path, _, query = raw.partition("?")
    if not path.startswith(_ACCOUNTS):
        return Target(path, "", _query(query))
    name, slash, verb = path.removeprefix(_ACCOUNTS).partition("/")
    return Target(f"{_ACCOUNTS}{_NAME}{slash}{verb}", _name(name), _query(query))


def _name(encoded: str) -> str:
    try:
        name = unquote_to_bytes(encoded).decode("utf-8")
    except UnicodeDecodeError:
        raise ApiError("usage", "name_not_utf8") from None
    if not name or len(name) > LONGEST_NAME:
        raise ApiError("usage", "name_wrong_length", longest=str(LONGEST_NAME))
    if not name.isprintable():
        raise ApiError("usage", "name_not_printable")
    return name


def _query(text: str) -> Mapping[str, str]:
    if not text:
        return MappingProxyType({})
    try:
        pairs = parse_qsl(text, keep_blank_values=True, strict_parsing=True, errors="strict", max_num_fields=16)
    except ValueError:
        raise ApiError("usage", "query_unreadable") from None
    if len(dict(pairs)) != len(pairs):
        raise ApiError("usage", "query_repeated")
    return MappingProxyType(dict(pairs))


def by_path(routes: Iterable[Route]) -> Mapping[str, Mapping[str, Route]]:
    """The routes by path, and those of a path by method."""
    found: dict[str, dict[str, Route]] = {}
    for route in routes:
        found.setdefault(route.path, {})[route.method] = route
    return found
