"""Reads provider files and says which key of which line is wrong."""

import re
import tomllib
from importlib.resources import files
from urllib.parse import urlsplit, urlunsplit

import msgspec

from keyrack.net.failure import Failure
from keyrack.oauth.server import Server
from keyrack.providers.schema import Provider, Region

_PATH = re.compile(r"`\$([^`]*)`")
BUILT_IN = ("probit", "bitport", "whitebit")


class BadProviderFile(Failure):
    """A provider file holds a mistake; `line` counts from 1."""

    def __init__(self, name: str, line: int, what: str) -> None:
        super().__init__(
            f"{name}, line {line}: {what}", "The provider is left out until this is mended.", "Correct the file."
        )
        self.line = line


def built_in() -> tuple[Provider, ...]:
    """The providers that come with Keyrack, in the order in which they are offered."""
    folder = files(__package__)
    return tuple(read(f"{name}.toml", folder.joinpath(f"{name}.toml").read_text("utf-8")) for name in BUILT_IN)


def read(name: str, text: str) -> Provider:
    """One provider file; raises BadProviderFile naming the key and its line."""
    try:
        value = tomllib.loads(text)
    except tomllib.TOMLDecodeError as problem:
        found = re.search(r"line (\d+)", str(problem))
        raise BadProviderFile(name, int(found[1]) if found else text.count("\n") + 1, str(problem)) from problem
    try:
        provider = msgspec.convert(value, Provider)
    except msgspec.ValidationError as problem:
        line, what = _where(text, str(problem))
        raise BadProviderFile(name, line, what) from problem
    _check(name, text, provider)
    return provider


def _where(text: str, problem: str) -> tuple[int, str]:
    path = _PATH.search(problem)
    steps = re.findall(r"[^.\[\]]+", path[1]) if path else []
    unknown = re.search(r"unknown field `([^`]+)`", problem)
    key = ".".join(steps + [unknown[1]] if unknown else steps) or "the file"
    return _line_of(text, [*steps, unknown[1]] if unknown else steps), f"key {key}: {problem.split(' - at')[0]}"


def _line_of(text: str, steps: list[str]) -> int:
    names = [step for step in steps if not step.isdigit() and step != "..."]
    table, best = "", 1
    for number, line in enumerate(text.splitlines(), 1):
        header = re.match(r"\s*\[+([^\]]+)\]+", line)
        if header:
            table = header[1].strip()
            if names and (table == ".".join(names) or table == ".".join(names[:-1])):
                best = number
        key = re.match(r"\s*([A-Za-z0-9_-]+)\s*=", line)
        if key and names and [*filter(None, table.split(".")), key[1]] == names:
            return number
    return best


def _check(name: str, text: str, provider: Provider) -> None:
    for region_id, region in provider.regions.items():
        for key in ("token_endpoint", "api", "authorization_endpoint", "refresh_endpoint", "user_code_page"):
            url = getattr(region, key)
            if url and not _good(url, region):
                line = _line_of(text, ["regions", region_id, key])
                raise BadProviderFile(name, line, f"key regions.{region_id}.{key}: needs an https address")


def _good(url: str, region: Region) -> bool:
    parts = urlsplit(url)
    if region.test and parts.scheme == "http" and parts.hostname in ("127.0.0.1", "::1"):
        return True
    return parts.scheme == "https" and bool(parts.hostname) and "@" not in parts.netloc


def moved(provider: Provider, base: str, refresh_lifetime: float | None = None) -> Provider:
    """The same provider with every host replaced by a test server on this machine (S40).

    `refresh_lifetime` is that server's, in seconds, where it shortens the documented one.
    """
    regions = {key: _moved_region(region, base) for key, region in provider.regions.items()}
    dialect = provider.dialect
    if refresh_lifetime is not None:
        dialect = msgspec.structs.replace(dialect, refresh_lifetime=refresh_lifetime)
    return msgspec.structs.replace(provider, regions=regions, dialect=dialect)


def _moved_region(region: Region, base: str) -> Region:
    there = urlsplit(base)

    def move(url: str) -> str:
        return urlunsplit((there.scheme, there.netloc, urlsplit(url).path, "", "")) if url else ""

    return msgspec.structs.replace(
        region,
        token_endpoint=move(region.token_endpoint),
        api=move(region.api),
        authorization_endpoint=move(region.authorization_endpoint),
        refresh_endpoint=move(region.refresh_endpoint),
        user_code_page=move(region.user_code_page),
        closed=False,
        test=True,
    )


def server(provider: Provider, region_id: str) -> Server:
    """The authorization server of one region."""
    region = provider.regions[region_id]
    return Server(
        name=provider.name,
        dialect=provider.dialect,
        token_endpoint=region.token_endpoint,
        authorization_endpoint=region.authorization_endpoint,
        refresh_endpoint=region.refresh_endpoint,
        scope=provider.scope,
        plain_http=region.test,
    )
