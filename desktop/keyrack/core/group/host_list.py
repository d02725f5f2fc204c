"""Who is in the group now, and which accounts each host renews, as the store has it."""

from collections.abc import Mapping
from dataclasses import dataclass

from keyrack.core.group.open_group import OpenGroup
from keyrack.core.shared_store.seal_failures import SealFailure


@dataclass(frozen=True, slots=True)
class GroupHost:
    """A host that is there. `name` is "" where its entry was sealed with another key. `renews` are ids of accounts."""

    id: str
    name: str
    here: bool
    renews: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class HostList:
    """All of them, by their names. `shared` are the ids of all shared accounts."""

    hosts: tuple[GroupHost, ...]
    shared: tuple[str, ...]


async def list_hosts(group: OpenGroup) -> HostList:
    """Read the store once. A host without a lease is not there, and renews nothing."""
    entries = (await group.store.read(group.prefix)).entries
    names: dict[str, str] = {}
    leads: dict[str, list[str]] = {}
    shared = []
    for entry in entries:
        kind, _, id = entry.key.removeprefix(group.prefix).partition("/")
        if kind == "hosts":
            names[id] = _name(group, entry.key, entry.value)
        elif kind == "leaders":
            leads.setdefault(entry.value.decode("ascii", "replace"), []).append(id)
        elif kind == "accounts":
            shared.append(id)
    here = group.settings.host_id
    names.setdefault(here, group.settings.host)
    return HostList(tuple(_hosts(names, leads, here)), tuple(shared))


def _hosts(names: Mapping[str, str], leads: Mapping[str, list[str]], here: str) -> list[GroupHost]:
    found = [GroupHost(id, name, id == here, tuple(leads.get(id, ()))) for id, name in names.items()]
    return sorted(found, key=lambda host: (host.name.casefold(), host.id))


def _name(group: OpenGroup, key: str, value: bytes) -> str:
    try:
        return group.seal.open(key, value).plain.decode("utf-8", "replace")
    except SealFailure:
        return ""
