"""The registered clients: who may request tokens, and the redirect address of each."""

import hmac
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from keyrack.sandbox.people.person import People

REDIRECT = "http://127.0.0.1:17463/cb/"


@dataclass(frozen=True)
class Client:
    """One application's registration. `account` is the owner of a key, for a provider without a consent page."""

    provider: str
    client_id: str
    client_secret: str
    redirect_uri: str | None = None
    region: str = "global"
    account: str | None = None

    def knows(self, secret: str) -> bool:
        """Whether this is the client's secret."""
        return hmac.compare_digest(self.client_secret.encode(), secret.encode())


class Clients:
    """The registrations of all providers. Registering an id again replaces it."""

    def __init__(self, people: Mapping[str, People], registered: Iterable[Client]) -> None:
        self._people = people
        self._known = {(client.provider, client.client_id): client for client in registered}

    def __iter__(self) -> Iterator[Client]:
        return iter(self._known.values())

    def find(self, provider: str, client_id: str | None) -> Client | None:
        """The client of this id, or None."""
        return self._known.get((provider, client_id or ""))

    def check(self, provider: str, client_id: str | None, secret: str | None) -> Client | None:
        """The client when the id and its secret are right, else None."""
        client = self.find(provider, client_id)
        return client if client and client.knows(secret or "") else None

    def register(self, fields: dict[str, object]) -> Client:
        """Add the registration of POST /clients. Raises ValueError with a sentence."""
        provider, client_id = (_text(fields, name) for name in ("provider", "client_id"))
        secret = str(fields.get("client_secret") or "")
        if provider not in self._people:
            raise ValueError(f"provider is one of {', '.join(self._people)}")
        redirect = _text(fields, "redirect_uri") if fields.get("redirect_uri") is not None else None
        if redirect is not None and not (urlsplit(redirect).scheme and urlsplit(redirect).netloc):
            raise ValueError("redirect_uri is a whole address")
        account = str(fields.get("account") or next(iter(self._people[provider])))
        if account not in self._people[provider]:
            raise ValueError(f"account is one of {', '.join(self._people[provider])}")
        region = str(fields.get("region") or "global")
        client = Client(provider, client_id, secret, redirect, region, account)
        self._known[provider, client_id] = client
        return client


def _text(fields: dict[str, object], name: str) -> str:
    value = fields.get(name)
    if not isinstance(value, str) or not value:
        raise ValueError(f"{name} is missing")
    return value
