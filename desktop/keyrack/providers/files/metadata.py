"""Fills in a provider file's addresses from the server's metadata, once, when the file is imported (RFC 8414)."""

import copy
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from keyrack.net.address import is_endpoint, is_safe
from keyrack.net.client.client_message import Request
from keyrack.net.client.http_client import HttpClient
from keyrack.oauth.strict_json import read_json
from keyrack.primitives.failure import Failure, plain
from keyrack.providers.files.mistake import Mistake
from keyrack.providers.files.toml_lines import line_of

FILLED = ("authorization_endpoint", "token_endpoint", "device_authorization_endpoint", "revocation_endpoint")
_WELL_KNOWN = "/.well-known/oauth-authorization-server"
# How an address of a server on this computer begins, also where it is refused.
THIS_COMPUTER = ("http://localhost", "http://127.0.0.1", "http://[::1]")
_NOWHERE = "https://not-read-yet.invalid"


class MetadataRefused(Failure):
    """The server's metadata cannot be used for this file. Nothing was taken from it."""


@dataclass(frozen=True, slots=True)
class Wish:
    """A region whose addresses are to be read from `url`. The metadata must name the same `issuer`."""

    region: str
    issuer: str
    url: str
    test: bool


def wishes(value: Mapping[str, Any]) -> tuple[Wish, ...]:
    """The regions of a file that name an issuer or a metadata address instead of a token endpoint."""
    regions = value.get("regions")
    found = []
    for id, region in regions.items() if isinstance(regions, dict) else ():
        if isinstance(region, dict) and "token_endpoint" not in region and ("issuer" in region or "metadata" in region):
            issuer, url = region.get("issuer", ""), region.get("metadata", "")
            if isinstance(issuer, str) and isinstance(url, str):
                found.append(Wish(id, issuer, url or _usual(issuer), region.get("test") is True))
    return tuple(found)


def _usual(issuer: str) -> str:
    """The usual address of metadata: the well-known path between host and path (RFC 8414 §3.1)."""
    try:
        parts = urlsplit(issuer)
    except ValueError:
        return ""
    return f"{parts.scheme}://{parts.netloc}{_WELL_KNOWN}{parts.path.rstrip('/')}"


def check_wish(wish: Wish) -> None:
    """Raises Mistake unless both addresses are https (S38)."""
    if not is_endpoint(wish.issuer, plain_http=wish.test):
        here = wish.issuer.startswith(THIS_COMPUTER)
        code = "loopback_by_number" if here else "bare_https_needed_for_metadata"
        raise Mistake(["regions", wish.region, "issuer"], code)
    if not is_safe(wish.url, plain_http=wish.test):
        raise Mistake(["regions", wish.region, "metadata"], "https_needed")


def as_if_filled(value: Mapping[str, Any], wanted: tuple[Wish, ...]) -> dict[str, Any]:
    """The same tables with addresses that lead nowhere, so that the rest can be checked before any request."""
    filled = copy.deepcopy(dict(value))
    for wish in wanted:
        for name in FILLED:
            filled["regions"][wish.region].setdefault(name, _NOWHERE)
    return filled


@dataclass(frozen=True, slots=True)
class Metadata:
    """What a server's metadata says: its addresses, and what else may be compared with a file (RFC 8414 §2).

    A list is None where the metadata names none. `iss` is RFC 9207's parameter.
    """

    addresses: dict[str, str]
    authentication: tuple[str, ...] | None = None
    challenges: tuple[str, ...] | None = None
    iss: bool | None = None


async def fetch(http: HttpClient, wish: Wish) -> Metadata:
    """The server's metadata. No redirect is followed (S41).

    Raises UnexpectedResponse, a NetworkFailure, or MetadataRefused, for example when the issuer is not exactly the
    one that the file names (RFC 8414 §3.3).
    """
    host = urlsplit(wish.url).netloc
    request = Request("GET", wish.url, {"Accept": "application/json"}, plain_http_allowed=wish.test)
    answer = await http.send(request)
    if answer.status != 200:
        raise MetadataRefused("metadata_status", host=host, status=str(answer.status))
    metadata = read_json(answer.body, host)
    if not isinstance(metadata, dict) or metadata.get("issuer") != wish.issuer:
        raise MetadataRefused("metadata_of_other_issuer", host=host)
    found = {name: metadata[name] for name in FILLED if name in metadata}
    for name, address in found.items():
        if not isinstance(address, str) or not is_endpoint(address, plain_http=wish.test):
            raise MetadataRefused("metadata_unsafe_address", host=host, name=name)
    if "token_endpoint" not in found:
        raise MetadataRefused("metadata_without_token_endpoint", host=host)
    iss = metadata.get("authorization_response_iss_parameter_supported")
    return Metadata(
        found,
        _texts(metadata.get("token_endpoint_auth_methods_supported")),
        _texts(metadata.get("code_challenge_methods_supported")),
        iss if isinstance(iss, bool) else None,
    )


def _texts(value: Any) -> tuple[str, ...] | None:
    return tuple(plain(text, 60) for text in value if isinstance(text, str)) if isinstance(value, list) else None


def filled(text: str, wish: Wish, addresses: Mapping[str, str], named: Mapping[str, Any]) -> str:
    """The file's text with the addresses under the region's header. `named` are the keys that it has already.

    Raises Mistake when the region has no header.
    """
    lines = text.splitlines(keepends=True)
    at = line_of(text, ["regions", wish.region])
    header = rf"""\s*\[\s*regions\s*\.\s*["']?{re.escape(wish.region)}["']?\s*\]"""
    if not lines or not re.match(header, lines[at - 1]):
        raise Mistake(["regions", wish.region], "header_of_region_needed", table=f"regions.{wish.region}")
    if not lines[at - 1].endswith("\n"):
        lines[at - 1] += "\n"
    added = [f"{name} = {json.dumps(address)}\n" for name, address in addresses.items() if name not in named]
    return "".join([*lines[:at], f"# Read from {wish.url} when this file was imported.\n", *added, *lines[at:]])
