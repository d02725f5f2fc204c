"""The registered clients: who may ask for tokens, and where the browser is sent back to."""

import hmac
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

from keyrack.sandbox.people.sample_accounts import ACCOUNTS

REDIRECT = "http://127.0.0.1:17463/cb/"


@dataclass(frozen=True)
class Client:
    """One application's registration. `account` is whose key it is, for a provider without a consent page."""

    provider: str
    client_id: str
    client_secret: str
    redirect_uri: str | None = None
    region: str = "global"
    account: str | None = None

    def knows(self, secret: str) -> bool:
        """Whether this is the client's secret."""
        return hmac.compare_digest(self.client_secret.encode(), secret.encode())


# The secrets hold characters that suffer when a client escapes what it should send raw, or the other way round.
DEFAULT = (
    Client("probit", "sandbox-probit", "invented+probit/secret=1", region="global", account="desk"),
    Client("probit", "sandbox-probit-korea", "invented+probit/secret=2", region="korea", account="seoul"),
    Client("bitport", "90210", "inventedbitportsecret", REDIRECT + "bitport"),
    Client("whitebit", "sandbox-whitebit", "invented whitebit & secret", REDIRECT + "whitebit"),
    Client("whitebit-fast-key", "sandbox-whitebit-key", "invented key & secret", REDIRECT + "whitebit-fast-key"),
    Client("whitebit", "sandbox-whitebit-eu", "invented whitebit & secret eu", REDIRECT + "whitebit", region="eu"),
    Client("example", "sandbox-example", "", REDIRECT + "example"),
    Client("gemini", "sandbox-gemini", "", REDIRECT + "gemini"),
    Client("deribit", "sandbox-deribit", "invented-deribit-secret", region="test", account="options"),
    Client("kraken", "sandbox-kraken", "", REDIRECT + "kraken"),
    Client("uphold", "sandbox-uphold", "invented:uphold secret", REDIRECT + "uphold"),
    Client("alpaca", "sandbox-alpaca", "invented-alpaca-secret", REDIRECT + "alpaca", region="paper"),
)


class Clients:
    """The registrations of all providers; registering an id again replaces it."""

    def __init__(self) -> None:
        self._known = {(client.provider, client.client_id): client for client in DEFAULT}

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
        """Add what POST /clients was given; raises ValueError with a sentence."""
        provider, client_id = (_text(fields, name) for name in ("provider", "client_id"))
        secret = str(fields.get("client_secret") or "")
        if provider not in ACCOUNTS:
            raise ValueError(f"provider is one of {', '.join(ACCOUNTS)}")
        redirect = _text(fields, "redirect_uri") if fields.get("redirect_uri") is not None else None
        if redirect is not None and not (urlsplit(redirect).scheme and urlsplit(redirect).netloc):
            raise ValueError("redirect_uri is a whole address")
        account = str(fields.get("account") or next(iter(ACCOUNTS[provider])))
        if account not in ACCOUNTS[provider]:
            raise ValueError(f"account is one of {', '.join(ACCOUNTS[provider])}")
        region = str(fields.get("region") or "global")
        client = Client(provider, client_id, secret, redirect, region, account)
        self._known[provider, client_id] = client
        return client


def _text(fields: dict[str, object], name: str) -> str:
    value = fields.get(name)
    if not isinstance(value, str) or not value:
        raise ValueError(f"{name} is missing")
    return value
