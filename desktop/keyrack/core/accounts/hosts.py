"""Addresses that the person enters, for a private exchange or a successor with a known protocol (ProBit Q1)."""

from dataclasses import dataclass

import msgspec

from keyrack.core.failures import DraftProblem
from keyrack.net.address import is_endpoint, is_socket
from keyrack.providers.schema import Provider, Region

_LONGEST = 500


@dataclass(frozen=True, slots=True)
class Hosts:
    """Three whole addresses, none of them secret. `stream` is "" for an exchange without a WebSocket."""

    token_endpoint: str
    api: str
    stream: str = ""


def region_of(provider: Provider, region_id: str, hosts: Hosts | None) -> Region:
    """One site of a provider, with the entered addresses where the site takes them."""
    region = provider.regions[region_id]
    if hosts is None or not region.typed_in:
        return region
    return msgspec.structs.replace(
        region, token_endpoint=hosts.token_endpoint, api=hosts.api.rstrip("/"), stream=hosts.stream
    )


def check_hosts(hosts: Hosts | None, region: Region) -> None:
    """Raise DraftProblem for the first address that is not accepted. Secrets are sent to https and wss alone (S40)."""
    if not region.typed_in:
        return
    typed = hosts or Hosts("", "")
    for field, name, address in (("token_endpoint", "token", typed.token_endpoint), ("api", "API", typed.api)):
        if not address:
            raise DraftProblem(field, "host_missing", host=name)
        if not is_endpoint(address, plain_http=region.test) or len(address) > _LONGEST:
            raise DraftProblem(field, "host_not_https", host=name)
    if typed.stream and (not is_socket(typed.stream, plain=region.test) or len(typed.stream) > _LONGEST):
        raise DraftProblem("stream", "host_not_wss")
