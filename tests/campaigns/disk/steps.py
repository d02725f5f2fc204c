"""Everything that makes Keyrack write: each verb, and where its effect must stand when it said that it went well."""

import json
import tomllib
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from keyrack.core.access.lock import MARKER
from tests.campaigns.disk.person import FRESH, KEPT, NEW, PASSPHRASE, SPARE, Person

Effect = Callable[[Person], bool]


@dataclass(frozen=True)
class Step:
    """One verb. `effect` is true once what it did would outlast a restart, unless the verb says the `warning`.

    `given` stands on its standard input.
    """

    words: tuple[str, ...]
    effect: Effect
    given: str = ""
    warning: str = ""


def steps(person: Person) -> Iterator[Step]:
    """The walk. Each step begins from whatever the ones before came to."""
    yield Step(("status",), _always)
    yield Step(("token", KEPT), _always)
    yield Step(("refresh", KEPT), _always)
    yield Step(("accounts", "add", NEW, *person.client), _listed(NEW))
    yield Step(("accounts", "set", SPARE, "--scripts", "off"), _field(SPARE, "scripts", "off"))
    yield Step(("accounts", "set", SPARE, "--name", f"{SPARE} again"), _listed(f"{SPARE} again"))
    yield Step(("proxy", "--use", "system"), _preference("system"))
    yield Step(("proxy", "--use", "none"), _preference("none"))
    yield Step(("providers", "add", str(person.second), "--yes"), _provider("second"))
    yield Step(("lock", "--set-passphrase"), _always, f"\n{PASSPHRASE}\n")
    yield Step(("lock",), _marker(there=True), warning="A restart would unlock it too")
    yield Step(("unlock",), _marker(there=False), f"{PASSPHRASE}\n")
    yield Step(("lock", "--set-passphrase"), _always, f"{PASSPHRASE}\n\n")
    yield Step(("logout", FRESH), _always)
    yield Step(("login", FRESH), _always, person.refresh_token())
    yield Step(("token", FRESH), _always)
    yield Step(("accounts", "remove", SPARE, "--yes"), _not_listed(SPARE))
    yield Step(("accounts", "remove", FRESH, "--yes"), _not_listed(FRESH))
    yield Step(("refresh", KEPT), _always)


def _always(person: Person) -> bool:
    return True


def _accounts(person: Person) -> list[dict[str, object]]:
    try:
        whole = json.loads((person.config / "accounts.json").read_bytes())
    except (FileNotFoundError, ValueError):
        return []
    accounts: list[dict[str, object]] = whole["accounts"]
    return accounts


def _listed(name: str) -> Effect:
    return lambda person: any(account["name"] == name for account in _accounts(person))


def _not_listed(name: str) -> Effect:
    return lambda person: not _listed(name)(person)


def _field(name: str, field: str, value: str) -> Effect:
    return lambda person: any(a["name"] == name and a[field] == value for a in _accounts(person))


def _preference(choice: str) -> Effect:
    def stored(person: Person) -> bool:
        try:
            found = tomllib.loads((person.config / "settings.toml").read_text("utf-8"))
        except (FileNotFoundError, ValueError):
            found = {}
        return bool(found.get("proxy", "none") == choice)

    return stored


def _provider(id: str) -> Effect:
    return lambda person: (person.config / "providers" / f"{id}.toml").exists()


def _marker(*, there: bool) -> Effect:
    return lambda person: (person.state / MARKER).exists() == there
