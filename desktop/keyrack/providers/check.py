"""Checks of a provider file that its schema cannot express: safe addresses, and what a flow needs."""

from collections.abc import Iterator, Sequence

from keyrack.oauth.address import is_endpoint, is_safe
from keyrack.providers.schema import Provider, Region

_ENDPOINTS = ("token_endpoint", "api", "authorization_endpoint", "refresh_endpoint", "user_code_page")

SHORTEST_LIFETIME = 1.0


class Mistake(Exception):
    """What is wrong with the key at `steps`."""

    def __init__(self, steps: Sequence[str], what: str) -> None:
        super().__init__(what)
        self.steps = steps
        self.what = what


def check(provider: Provider) -> None:
    """Raise the first Mistake."""
    for found in (_addresses, _pages, _paths, _flows, _numbers):
        for mistake in found(provider):
            raise mistake


def _addresses(provider: Provider) -> Iterator[Mistake]:
    for id, region in provider.regions.items():
        for key in _ENDPOINTS:
            url = getattr(region, key)
            if (url or key in ("token_endpoint", "api")) and not is_endpoint(url, plain_http=region.test):
                yield Mistake(["regions", id, key], "needs a bare https address")


def _pages(provider: Provider) -> Iterator[Mistake]:
    if not is_safe(provider.documentation):
        yield Mistake(["documentation"], "needs an https address")
    for name, flow in provider.flows.items():
        if flow.credentials_url and not is_safe(flow.credentials_url):
            yield Mistake(["flows", name, "credentials_url"], "needs an https address")


def _paths(provider: Provider) -> Iterator[Mistake]:
    found = {("balances", str(at)): call.path for at, call in enumerate(provider.balances)}
    found |= {("storage", str(at)): call.path for at, call in enumerate(provider.storage)}
    if provider.identity is not None:
        found["identity", ""] = provider.identity.path
    for steps, path in found.items():
        if not path.startswith("/"):  # else it would become part of the host's name
            yield Mistake([*filter(None, steps), "path"], "needs a path that begins with /")


def _flows(provider: Provider) -> Iterator[Mistake]:
    for table in ("regions", "flows"):
        if not getattr(provider, table):
            yield Mistake([table], "names none")
    if "user_code" in provider.flows and not provider.dialect.user_code_grant:
        yield Mistake(["dialect", "user_code_grant"], "is needed by the flow user_code")
    for id, region in provider.regions.items():
        yield from _missing(provider, id, region)


def _missing(provider: Provider, id: str, region: Region) -> Iterator[Mistake]:
    if "authorization_code" in provider.flows and not region.authorization_endpoint:
        yield Mistake(["regions", id, "authorization_endpoint"], "is needed by the flow authorization_code")
    if provider.dialect.iss_required and not region.issuer:
        yield Mistake(["regions", id, "issuer"], "is needed where dialect.iss_required is true")


def _numbers(provider: Provider) -> Iterator[Mistake]:
    for key in ("refresh_interval", "refresh_lifetime", "default_lifetime"):
        value = getattr(provider.dialect, key)
        least = 0.0 if key == "refresh_interval" else SHORTEST_LIFETIME
        if value is not None and not least <= value < float("inf"):
            yield Mistake(["dialect", key], f"needs a number of seconds from {least:g}")
    if not provider.dialect.scope_separator:
        yield Mistake(["dialect", "scope_separator"], "needs at least one character")
