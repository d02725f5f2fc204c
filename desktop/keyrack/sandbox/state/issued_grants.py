"""What was issued: codes for one use, access tokens, and refresh tokens that change with every use."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass

from keyrack.sandbox.state.clients import Client
from keyrack.sandbox.state.lifetimes import CODE_LIFETIME
from keyrack.sandbox.state.sandbox_clock import Clock


@dataclass(frozen=True)
class IssuedToken:
    """One code or token: its account, its purpose, and its end in sandbox seconds."""

    kind: str
    provider: str
    client_id: str
    account: str
    expires: float


class Grants:
    """All codes and tokens that are valid, and how often each account renewed."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._alive: dict[str, IssuedToken] = {}
        self.renewals: dict[str, int] = {}

    def code(self, kind: str, provider: str, client_id: str, account: str) -> str:
        """A new code for one use. With the client id "" any client of the provider may use it."""
        return self._issue(_code, IssuedToken(kind, provider, client_id, account, self._clock.now() + CODE_LIFETIME))

    def redeem_code(self, code: str, kind: str, client: Client) -> str | None:
        """Use a code up. Its account, or None when it is unknown, used, too old or of another client."""
        found = self._find(code, kind, client.provider)
        if not found or found.client_id not in ("", client.client_id):
            return None
        del self._alive[code]
        return found.account

    def access(self, client: Client, account: str, lifetime: float, make: Callable[[], str]) -> str:
        """A new access token. `make` gives its text."""
        return self._issue(make, self._issued("access", client, account, lifetime))

    def bearer(self, provider: str, token: str) -> IssuedToken | None:
        """What an access token stands for, or None when it is unknown or has ended."""
        return self._find(token, "access", provider)

    def refresh(self, client: Client, account: str, lifetime: float, make: Callable[[], str]) -> str:
        """A new refresh token. `make` gives its text."""
        return self._issue(make, self._issued("refresh", client, account, lifetime))

    def refreshable(self, token: str, client: Client) -> IssuedToken | None:
        """What a refresh token of this client stands for, or None."""
        found = self._find(token, "refresh", client.provider)
        return found if found and found.client_id == client.client_id else None

    def rotate(self, token: str, client: Client) -> str | None:
        """Use a refresh token up and count the renewal. Its account, or None when it is not valid."""
        found = self.refreshable(token, client)
        if found is None:
            return None
        self.drop(token)
        self.count_renewal(client, found.account)
        return found.account

    def drop(self, token: str) -> None:
        """Forget a code or token, so that it is refused from now on."""
        self._alive.pop(token, None)

    def drop_all(self, kind: str, client: Client, account: str | None = None) -> None:
        """Forget all of a client's tokens of one kind, or only those of one account."""
        for value, issued in list(self._alive.items()):
            same = (issued.kind, issued.provider, issued.client_id) == (kind, client.provider, client.client_id)
            if same and account in (None, issued.account):
                del self._alive[value]

    def count_renewal(self, client: Client, account: str) -> None:
        """Count one renewal of an account."""
        key = f"{client.client_id}/{account}"
        self.renewals[key] = self.renewals.get(key, 0) + 1

    def count_key_token(self, client: Client, account: str) -> None:
        """Count a token that comes from a key: the first is a sign-in, every further one a renewal."""
        key = f"{client.client_id}/{account}"
        self.renewals[key] = self.renewals.get(key, -1) + 1

    def _issued(self, kind: str, client: Client, account: str, lifetime: float) -> IssuedToken:
        return IssuedToken(kind, client.provider, client.client_id, account, self._clock.now() + lifetime)

    def _issue(self, make: Callable[[], str], issued: IssuedToken) -> str:
        now = self._clock.now()
        self._alive = {value: kept for value, kept in self._alive.items() if kept.expires > now}
        value = make()
        self._alive[value] = issued
        return value

    def _find(self, value: str, kind: str, provider: str) -> IssuedToken | None:
        found = self._alive.get(value)
        if not found or (found.kind, found.provider) != (kind, provider) or found.expires <= self._clock.now():
            return None
        return found


def _code() -> str:
    return secrets.token_hex(5)
