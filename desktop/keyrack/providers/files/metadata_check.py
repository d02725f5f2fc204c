"""Compares a provider file with the server's metadata at import, and fills in what the file leaves open (RFC 8414)."""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from keyrack.providers.files.metadata import Metadata
from keyrack.providers.files.mistake import Mistake
from keyrack.providers.schema import REDIRECT_FLOWS, Provider

# RFC 7591 §2 names the methods of RFC 6749 §2.3.1 so.
_METHODS = {"basic": "client_secret_basic", "basic_raw": "client_secret_basic", "body": "client_secret_post"}
_HEADER = re.compile(r"^[ \t]*\[[ \t]*dialect[ \t]*\][^\n]*\n?", re.MULTILINE)


def settled(provider: Provider, named: Mapping[str, Any], metadata: Metadata) -> dict[str, Any]:
    """The keys of the dialect that the metadata fills in. `named` are those that the file has.

    Raises Mistake for the first key that the metadata contradicts.
    """
    for mistake in (*_methods(provider, named, metadata), *_challenges(provider, metadata)):
        raise mistake
    found: dict[str, Any] = {}
    if metadata.iss is not None and REDIRECT_FLOWS & set(provider.flows):
        if "iss_required" not in named:
            found |= {"iss_required": True} if metadata.iss else {}
        elif named["iss_required"] and not metadata.iss:
            raise Mistake(["dialect", "iss_required"], "iss_not_offered")
    if "client_authentication" not in named and metadata.authentication is not None and _with_secret(provider):
        offered = [way for way in ("basic", "body") if _METHODS[way] in metadata.authentication]
        if offered and offered[0] != provider.dialect.client_authentication:
            found["client_authentication"] = offered[0]
    return found


def _with_secret(provider: Provider) -> list[str]:
    return [name for name, flow in provider.flows.items() if flow.needs_secret is not False]


def _methods(provider: Provider, named: Mapping[str, Any], metadata: Metadata) -> Iterator[Mistake]:
    offered = metadata.authentication
    for name in provider.flows if offered is not None else ():
        flow = provider.flows[name]
        if flow.needs_secret is False:
            continue  # many servers list no "none" and know public clients all the same
        if flow.client_authentication is not None:
            ways, steps = [flow.client_authentication], ["flows", name, "client_authentication"]
        else:
            steps = ["dialect", "client_authentication"]
            ways = [provider.dialect.client_authentication] if steps[1] in named else ["basic", "body"]
        if not any(_METHODS.get(way, "") in (offered or ()) for way in ways):
            yield Mistake(steps, "authentication_not_offered", offered=", ".join(offered or ()) or "none")


def _challenges(provider: Provider, metadata: Metadata) -> Iterator[Mistake]:
    proving = provider.dialect.pkce and REDIRECT_FLOWS & set(provider.flows)
    if proving and metadata.challenges is not None and "S256" not in metadata.challenges:
        yield Mistake(["dialect", "pkce"], "pkce_not_offered", offered=", ".join(metadata.challenges) or "none")


def with_dialect(text: str, keys: Mapping[str, Any]) -> str:
    """The file's text with these keys under the header of its dialect. Raises Mistake when it has no such header."""
    if not keys:
        return text
    header = _HEADER.search(text)
    if header is None:
        raise Mistake(["dialect"], "header_of_region_needed", table="dialect")
    end = "" if header[0].endswith("\n") else "\n"
    lines = [f"{name} = {json.dumps(value)}\n" for name, value in keys.items()]
    note = "# Read from the metadata when this file was imported.\n"
    return "".join([text[: header.end()], end, note, *lines, text[header.end() :]])
