"""The proxy that the environment names, as curl and its kin read it."""

from collections.abc import Mapping

from keyrack.messages.catalogue import phrases
from keyrack.net.proxy.named_proxy import NamedProxy, does_not_count

# A name in small letters goes first, and the one for https before the one for every protocol (curl(1), "ENVIRONMENT").
_NAMES = ("https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY")
_EXCEPTED = ("no_proxy", "NO_PROXY")


def of_the_environment(environment: Mapping[str, str]) -> NamedProxy | None:
    """What the environment says, None where it says nothing."""
    found = {name: value for name in _NAMES if (value := environment.get(name, "").strip())}
    if not found:
        return None
    name, address = next(iter(found.items()))
    other = next((each for each, value in found.items() if value != address and each.lower() == name.lower()), "")
    excepted = next((value for each in _EXCEPTED if (value := environment.get(each, ""))), "")
    return NamedProxy(
        _place(name),
        address,
        tuple(excepted.replace(",", " ").split()),
        overruled=does_not_count(_place(other), _place(name)) if other else "",
    )


def _place(name: str) -> str:
    return phrases("proxy_place_environment", {"name": name}).happened
