"""Reads provider files, and names the key and the line of a mistake."""

import re
import tomllib
from collections.abc import Callable
from typing import Any, TypeVar
from urllib.parse import urlsplit, urlunsplit

import msgspec

from keyrack.oauth.authorization_server import AuthorizationServer, Dialect
from keyrack.primitives.failure import Failure, plain
from keyrack.providers.files.check import check
from keyrack.providers.files.decoder_words import mistake_of
from keyrack.providers.files.mistake import Mistake
from keyrack.providers.files.toml_lines import line_of, too_deep
from keyrack.providers.schema import ADDRESSES, Flow, FlowName, Provider, Region

LONGEST_PROBLEM = 200
LONGEST_SHOWN = 1_000
DEEPEST = 16
_Kind = TypeVar("_Kind")


class BadProviderFile(Failure):
    """A provider file holds a mistake on `line`, counted from 1. Its sentences quote the file as plain text (S49)."""

    def __init__(self, file: str, line: int, code: str, **params: str) -> None:
        shown = {name: plain(text, LONGEST_SHOWN) for name, text in params.items()}
        super().__init__(code, file=plain(file), line=str(line), params=shown)
        self.line = line


def read(name: str, text: str) -> Provider:
    """The provider of one file. Raises BadProviderFile, which names the key and its line."""
    return read_value(name, text, parse(name, text))


def parse(name: str, text: str) -> dict[str, Any]:
    """The tables of a file. Raises BadProviderFile, which names the line."""
    try:
        value = tomllib.loads(text)
    except (ValueError, RecursionError) as problem:
        found = re.search(r"line (\d+)", str(problem))
        line = int(found[1]) if found else text.count("\n") + 1
        raise BadProviderFile(name, line, "file_not_toml", problem=plain(str(problem), LONGEST_PROBLEM)) from None
    if steps := too_deep(value, DEEPEST):
        raise BadProviderFile(
            name, line_of(text, steps), "file_not_toml", problem="tables and lists are nested too deep"
        )
    return value


def read_value(name: str, text: str, value: dict[str, Any], *checks: Callable[[Provider], None]) -> Provider:
    """The provider in tables that were read from `text`. Raises BadProviderFile.

    `checks` run before the usual ones, and raise Mistake.
    """
    try:
        provider = _with_regions_named(_converted(value))
        for each in (*checks, check):
            each(provider)
    except Mistake as mistake:
        raise bad_file(name, text, mistake) from None
    return provider


def bad_file(name: str, text: str, mistake: Mistake) -> BadProviderFile:
    """The failure for a mistake in the file of this name and text."""
    key = ".".join(mistake.steps)
    return BadProviderFile(name, line_of(text, mistake.steps), mistake.code, key=key, **mistake.params)


def _converted(value: dict[str, Any]) -> Provider:
    for table, kind in (("regions", Region), ("flows", Flow)):
        found = value.get(table)
        # Each on its own, because msgspec does not say which key of a table it means.
        for key, entry in found.items() if isinstance(found, dict) else ():
            _convert(entry, kind, (table, key))
    return _convert(value, Provider, ())


def _with_regions_named(provider: Provider) -> Provider:
    """The provider with `{region}` in each address replaced by the id of its site."""
    regions = {id: _named(region, id) for id, region in provider.regions.items()}
    return msgspec.structs.replace(provider, regions=regions)


def _named(region: Region, id: str) -> Region:
    addresses = {
        key: value.replace("{region}", id) for key in ADDRESSES if "{region}" in (value := getattr(region, key))
    }
    return msgspec.structs.replace(region, **addresses)


def _convert(value: Any, kind: type[_Kind], above: tuple[str, ...]) -> _Kind:
    try:
        return msgspec.convert(value, kind)
    except msgspec.ValidationError as problem:
        raise _mistake(str(problem), above) from None


def _mistake(problem: str, above: tuple[str, ...]) -> Mistake:
    """The mistake that msgspec describes. Its path ends at the table that holds the key."""
    what, _, path = problem.rpartition(" - at ")
    inner = re.findall(r"[^.\[\]]+", "".join(re.findall(r"`\$([^`]*)`", path)))
    if not (inner and path.startswith(("`$", "`key`"))):  # only a name that looks so, in the file's first table
        what, path, inner = problem, "", []
    steps = [*above, *inner]
    field = re.search(r"field `(.*)`$", what, re.DOTALL) or re.search(
        r"value '([^']+)'", what if path.startswith("`key`") else ""
    )
    steps += [field[1]] if field else []
    return mistake_of(what, steps)


def moved(provider: Provider, base: str, refresh_lifetime: float | None = None) -> Provider:
    """The same provider on a test server of this machine: every host is replaced (S40).

    `refresh_lifetime` is in seconds and replaces the documented one.
    """
    regions = {key: _moved_region(region, base) for key, region in provider.regions.items()}
    dialect = provider.dialect
    if refresh_lifetime is not None:
        dialect = msgspec.structs.replace(dialect, refresh_lifetime=refresh_lifetime)
    return msgspec.structs.replace(provider, regions=regions, dialect=dialect)


def _moved_region(region: Region, base: str) -> Region:
    target = urlsplit(base)

    def move(url: str) -> str:
        return urlunsplit((target.scheme, target.netloc, urlsplit(url).path, "", "")) if url else ""

    return msgspec.structs.replace(
        region,
        token_endpoint=move(region.token_endpoint),
        api=move(region.api),
        authorization_endpoint=move(region.authorization_endpoint),
        refresh_endpoint=move(region.refresh_endpoint),
        user_code_page=move(region.user_code_page),
        device_authorization_endpoint=move(region.device_authorization_endpoint),
        verification_page=move(region.verification_page),
        revocation_endpoint=move(region.revocation_endpoint),
        stream=move(region.stream).replace("http", "ws", 1),
        apis=tuple(move(api) for api in region.apis),
        closed=False,
        test=True,
    )


def server(provider: Provider, region_id: str, flow: FlowName | None = None) -> AuthorizationServer:
    """The authorization server of one region, with the settings of `flow` where it has some."""
    region = provider.regions[region_id]
    return AuthorizationServer(
        name=provider.name,
        dialect=_of_region(provider.dialect if flow is None else provider.dialect_of(flow), region),
        token_endpoint=region.token_endpoint,
        authorization_endpoint=region.authorization_endpoint,
        refresh_endpoint=region.refresh_endpoint,
        device_authorization_endpoint=region.device_authorization_endpoint,
        verification_page=region.verification_page,
        revocation_endpoint=region.revocation_endpoint,
        issuer=region.issuer or None,
        scope=provider.scope,
        apis=region.apis,
        plain_http=region.test,
        end_announced=provider.ends is not None,
        end_advice=provider.ends_note,
    )


def _of_region(dialect: Dialect, region: Region) -> Dialect:
    if not region.authorize_parameters:
        return dialect
    both = {**dialect.authorize_parameters, **region.authorize_parameters}
    return msgspec.structs.replace(dialect, authorize_parameters=both)
