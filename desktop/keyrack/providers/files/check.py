"""Checks what the schema of a provider file cannot express: safe addresses, and what a flow needs."""

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from keyrack.net.address import is_endpoint, is_safe, is_socket
from keyrack.oauth.authorization_server import CLIENT_ID
from keyrack.providers.files.check_balances import balance_mistakes
from keyrack.providers.files.check_dialect import dialect_mistakes
from keyrack.providers.files.check_errors import error_mistakes
from keyrack.providers.files.check_paths import path_mistakes
from keyrack.providers.files.check_prices import price_mistakes
from keyrack.providers.files.metadata import THIS_COMPUTER
from keyrack.providers.files.mistake import Mistake
from keyrack.providers.schema import ADDRESSES, REDIRECT_FLOWS, Provider, Region

SHORTEST_LIFETIME = 1.0
LONGEST_POLL = 86_400.0
# An id becomes part of a file name and of the redirect address, a site's id of whole addresses.
_ID = re.compile(r"[a-z][a-z0-9-]{0,39}\Z")
# Never PATH, LD_PRELOAD or another variable that has a meaning.
_VARIABLE = re.compile(r"[A-Z][A-Z0-9_]{0,59}_TOKEN\Z")


def check(provider: Provider) -> None:
    """Raises Mistake for the first thing that is wrong."""
    further = (dialect_mistakes, balance_mistakes, error_mistakes, price_mistakes)
    for found in (_names, _addresses, _pages, _flows, _numbers, path_mistakes, *further):
        for mistake in found(provider):
            raise mistake


def _names(provider: Provider) -> Iterator[Mistake]:
    if not _ID.match(provider.id):
        yield Mistake(["id"], "id_invalid")
    for id in provider.regions:
        if not _ID.match(id):
            yield Mistake(["regions", id], "id_invalid")
    if provider.successor and (not _ID.match(provider.successor) or provider.successor == provider.id):
        yield Mistake(["successor"], "successor_invalid")
    if provider.ends_note and provider.ends is None:
        yield Mistake(["ends"], "needed_where", key_above="ends_note", value="a sentence")
    if not _VARIABLE.match(provider.variable):
        yield Mistake(["token_variable"], "variable_invalid")


def _addresses(provider: Provider) -> Iterator[Mistake]:
    for id, region in provider.regions.items():
        for key in ADDRESSES:
            url = getattr(region, key)
            if key == "authorization_endpoint" and CLIENT_ID in _path(url):
                url = url.replace(CLIENT_ID, "x")
            if {"{", "}"} & set(url):
                yield Mistake(["regions", id, key], "braces_in_address")
            needed = key in ("token_endpoint", "api") and not region.typed_in
            if (url or needed) and not is_endpoint(url, plain_http=region.test):
                code = "loopback_by_number" if url.startswith(THIS_COMPUTER) else "bare_https_needed"
                yield Mistake(["regions", id, key], code)
        for url in region.apis:
            if not is_endpoint(url, plain_http=region.test):
                yield Mistake(["regions", id, "apis"], "bare_https_needed")
        if bool(region.apis) != bool(provider.dialect.api_field):
            missing = ["dialect", "api_field"] if region.apis else ["regions", id, "apis"]
            yield Mistake(missing, "api_address_incomplete")
        if region.stream and not is_socket(region.stream, plain=region.test):
            yield Mistake(["regions", id, "stream"], "bare_wss_needed")


def _path(url: str) -> str:
    try:
        return urlsplit(url).path
    except ValueError:
        return ""


def _pages(provider: Provider) -> Iterator[Mistake]:
    if not is_safe(provider.documentation):
        yield Mistake(["documentation"], "https_needed")
    for name, flow in provider.flows.items():
        if flow.credentials_url and not is_safe(flow.credentials_url):
            yield Mistake(["flows", name, "credentials_url"], "https_needed")


def _flows(provider: Provider) -> Iterator[Mistake]:
    for table in ("regions", "flows"):
        if not getattr(provider, table):
            yield Mistake([table], "none_named")
    if "user_code" in provider.flows and not provider.dialect.user_code_grant:
        yield Mistake(["dialect", "user_code_grant"], "needed_by_flow", flow="user_code")
    for id, region in provider.regions.items():
        yield from _missing(provider, id, region)


def _missing(provider: Provider, id: str, region: Region) -> Iterator[Mistake]:
    for name in provider.flows:
        if name in REDIRECT_FLOWS and not region.authorization_endpoint:
            yield Mistake(["regions", id, "authorization_endpoint"], "needed_by_flow", flow=name)
    if "device_code" in provider.flows and not region.device_authorization_endpoint:
        yield Mistake(["regions", id, "device_authorization_endpoint"], "needed_by_flow", flow="device_code")
    ways = {provider.dialect.revocation, *(provider.dialect_of(name).revocation for name in provider.flows)}
    if ways != {"none"} and not region.revocation_endpoint:
        yield Mistake(["regions", id, "revocation_endpoint"], "needed_for_revocation")
    if provider.dialect.iss_required and not region.issuer:
        yield Mistake(["regions", id, "issuer"], "needed_where", key_above="dialect.iss_required", value="true")


def _numbers(provider: Provider) -> Iterator[Mistake]:
    for key in ("refresh_interval", "refresh_lifetime", "sign_in_lifetime", "default_lifetime"):
        value = getattr(provider.dialect, key)
        least = 0.0 if key == "refresh_interval" else SHORTEST_LIFETIME
        if value is not None and not least <= value < float("inf"):
            yield Mistake(["dialect", key], "seconds_from", least=f"{least:g}")
    if not 0.0 <= provider.poll_interval <= LONGEST_POLL:
        yield Mistake(["poll_interval"], "seconds_between", least="0", most=f"{LONGEST_POLL:g}")
    rate = provider.rate
    if rate is not None and rate.requests < 1:
        yield Mistake(["rate", "requests"], "integer_above_zero")
    if rate is not None and not 0.0 < rate.seconds <= LONGEST_POLL:
        yield Mistake(["rate", "seconds"], "seconds_above_zero", most=f"{LONGEST_POLL:g}")
    if not provider.dialect.scope_separator:
        yield Mistake(["dialect", "scope_separator"], "character_needed")
