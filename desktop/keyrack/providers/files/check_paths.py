"""Checks every path of a provider file: those of requests, those into a response, and braces wherever they stand."""

import re
from collections.abc import Iterator
from typing import Any

import msgspec

from keyrack.providers.call_schema import ACCOUNT
from keyrack.providers.files.mistake import Mistake
from keyrack.providers.schema import Provider

_STEP = r'(?:[\w-]+|"[^"\x00-\x1f]+")'
_DOTTED = re.compile(rf"{_STEP}(?:\.{_STEP})*\Z", re.ASCII)
# A number as a step of its own, or in brackets.
_INDEX = re.compile(r"(?:^|\.)\d+(?:\.|\Z)|\[\s*\d*\s*\]", re.ASCII)
_QUOTED = re.compile(r'"[^"]*"')
_REQUEST = re.compile(r"/[\x21-\x7e]*\Z")
_BRACES = re.compile(r"\{[^{}]{0,40}\}?|\}")
# Names of templates that a body of JSON could be meant to hold. Other braces there are JSON's own.
_IN_A_BODY = re.compile(r"\{(?:accounts?|account_id|base|client_id|pair|quote|region|token)\}")
# The keys that hold dotted paths, with the example for the sentence about one that is none.
_PATHS: tuple[tuple[str, tuple[str, ...], str], ...] = (
    (
        "balances",
        ("rows", "rows_inside", "asset", "available", "total", "in_use", "shared", "next_page"),
        "data.total",
    ),
    ("accounts", ("rows", "id", "name", "next_page"), "data.id"),
    ("storage", ("used", "available", "size", "plan", "plan_ends"), "data.used"),
    ("identity", ("field",), "data.email"),
    ("errors", ("codes", "messages"), "error.code"),
    ("dialect", ("inside", "api_field", "error_codes", "error_texts"), "error.code"),
    ("prices", ("rows", "name", "base_name", "quote_name", "traded", "closed", "fields"), "data.last"),
)
# Keys with another language, or with exact words of the provider.
_NOT_OURS = frozenset({"body", "says", "no_error", "unauthorized", "ended", "rights", "wait"})


def path_mistakes(provider: Provider) -> Iterator[Mistake]:
    """Every path that cannot be one, and every pair of braces that is no template of Keyrack's."""
    value: dict[str, Any] = msgspec.to_builtins(provider)
    for table, keys, example in _PATHS:
        for steps, entry in _tables(value, table):
            for key in keys:
                yield from _dotted([*steps, key], entry.get(key), example)
    for table in ("dialect", "errors"):
        for at, known in enumerate(value[table]["failures"]):
            yield from _dotted([table, "failures", str(at), "at"], known["at"], "error.code")
    if provider.prices is not None and provider.prices.markets is not None:
        for key in ("rows", "name", "closed"):
            yield from _dotted(["prices", "markets", key], getattr(provider.prices.markets, key), "data.last")
    yield from _requests(value)
    yield from _braces(value, ())
    yield from _accounts(provider)


def _tables(value: dict[str, Any], table: str) -> Iterator[tuple[list[str], dict[str, Any]]]:
    found = value[table]
    if isinstance(found, list | tuple):
        yield from (([table, str(at)], entry) for at, entry in enumerate(found))
    elif found is not None:
        yield [table], found


def _dotted(steps: list[str], found: Any, example: str) -> Iterator[Mistake]:
    for path in [found] if isinstance(found, str) else found or ():
        if path and _INDEX.search(_QUOTED.sub("q", path)):
            yield Mistake(steps, "index_in_path")
        elif path and not _DOTTED.match(path):
            yield Mistake(steps, "dotted_path_needed", example=example)


def _requests(value: dict[str, Any]) -> Iterator[Mistake]:
    for table in ("balances", "accounts", "storage", "identity"):
        for steps, entry in _tables(value, table):
            if not entry["path"].startswith("/"):  # else it would become part of the host's name
                yield Mistake([*steps, "path"], "path_needed")
            elif "#" in entry["path"] or not _REQUEST.match(entry["path"]):
                yield Mistake([*steps, "path"], "path_without_space_needed")


def _accounts(provider: Provider) -> Iterator[Mistake]:
    used = [at for at, call in enumerate(provider.balances) if ACCOUNT in call.path]
    if used and provider.accounts is None:
        yield Mistake(["balances", str(used[0]), "path"], "accounts_needed")
    if provider.accounts is not None and not used:
        yield Mistake(["accounts"], "accounts_unused")
    for at in used:
        if provider.balances[at].proof != "bearer":
            yield Mistake(["balances", str(at), "path"], "account_needs_token")


def _braces(value: Any, steps: tuple[str, ...]) -> Iterator[Mistake]:
    if isinstance(value, dict):
        for key, each in value.items():
            yield from _braces(each, (*steps, str(key)))
    elif isinstance(value, list | tuple):
        for at, each in enumerate(value):
            yield from _braces(each, (*steps, str(at)) if isinstance(each, dict) else steps)
    elif isinstance(value, str) and (found := _unknown(value, steps)):
        yield Mistake(steps, "template_unknown", found=found)


def _unknown(text: str, steps: tuple[str, ...]) -> str:
    """The first braces in a text that no template of its key explains, or ""."""
    key = steps[-1]
    if key == "body":
        found = _IN_A_BODY.search(text)
        return found[0] if found else ""
    if key in _NOT_OURS or steps[:2] == ("prices", "pairs"):
        return ""
    known = {("balances", "path"): ACCOUNT, ("regions", "authorization_endpoint"): "{client_id}"}
    template = known.get((steps[0], key)) or ("{pair}" if steps == ("prices", "path") else "")
    found = _BRACES.search(text.replace(template, "") if template else text)
    return found[0] if found else ""
