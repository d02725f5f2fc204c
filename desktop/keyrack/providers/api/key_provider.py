"""What a provider's code implements where requests are signed with an API key."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Protocol

from keyrack.primitives.secret import Secret
from keyrack.providers.api.balance_request import Headers
from keyrack.providers.api_key import ApiKey
from keyrack.providers.holding import Reading

# One signed call of a path. It returns the decoded answer and raises Failure.
SignedCall = Callable[[str], Awaitable[Any]]


@dataclass(frozen=True, slots=True)
class KeyInfo:
    """What the provider knows of this person's key for this client.

    `rights` are the names of what the key may do.
    """

    exists: bool
    enabled: bool
    id: str = ""
    rights: tuple[str, ...] = ()
    key: Secret | None = None


class KeyProvider(Protocol):
    """One site of a provider whose credential is an API key, which the person lets Keyrack make.

    The token of the sign-in, the grant, makes and deletes keys and does nothing else. The methods raise the
    failures of `key_refusals`, and those of the network.
    """

    id_is_public_key: bool
    """Whether the id of a key is the public part that is sent with each call."""
    idle_seconds: float | None
    """Seconds without a signed call after which the provider ends a key. None where it ends none."""
    sign_in_window: float
    """Seconds that a person has for the provider's pages."""

    async def info(self, grant: Secret) -> KeyInfo:
        """What is known of the key."""

    async def secret(self, grant: Secret, id: str) -> ApiKey:
        """The key's secret, which can be had once, with the public part where the provider adds it."""

    async def delete(self, grant: Secret, id: str) -> None:
        """Delete the key."""

    def public_key(self, text: str) -> Secret | None:
        """A public part as it arrived or was pasted. None for what cannot be one."""

    async def call(self, key: ApiKey, path: str, nonce: int) -> Any:
        """Make one signed call. `nonce` is greater than every earlier one of this key. Returns the decoded response."""

    async def prove(self, call: SignedCall) -> None:
        """Make one harmless call. Raises KeyUnknown for a pair that does not fit."""

    async def holdings(self, call: SignedCall) -> Reading:
        """Every asset that is not zero, and the names of the wallets that the key may not read."""

    async def stream_ticket(self, call: SignedCall) -> Secret:
        """What authorizes one connection of the push stream."""


class ReadOnlyKeyProvider(Protocol):
    """A provider that shows balances to a read-only key, which is made in exchange for the token."""

    path: str
    """The path at which the key is made by POST and deleted by DELETE."""
    list_path: str
    """The path that lists the keys."""

    def request_body(self, name: str) -> bytes:
        """The request for a key of this name that may see balances and nothing else."""

    def read(self, answer: Any) -> ApiKey | None:
        """The key in the decoded response. None where there is none that can sign."""

    def names(self, answer: Any) -> frozenset[str]:
        """The names of the keys in the decoded list."""

    def deletion_body(self, name: str) -> bytes:
        """The request to delete the key of this name."""

    def signed(self, path: str, key: ApiKey, nonce: int) -> tuple[Headers, bytes]:
        """Headers and body of one call. `nonce` grows with each."""
