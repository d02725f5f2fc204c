"""What an account holds to speak to its provider: a token, or a key that signs each request."""

from dataclasses import dataclass, replace

from keyrack.oauth.token import Token
from keyrack.primitives.secret import Secret


@dataclass(frozen=True, slots=True)
class Key:
    """An API key whose secret stays in the record (`RecordStore.api_key`).

    `public` is the part that is sent. `made` and `used` are moments in elapsed seconds. The provider ends a key that
    lies unused for `idle_seconds`, and none where that is None. `grant` is the token that made the key and can delete
    it, while that lives or can be renewed.
    """

    public: Secret
    made: float
    used: float
    idle_seconds: float | None = None
    rights: tuple[str, ...] = ()
    grant: Token | None = None

    @property
    def idle_ends(self) -> float | None:
        """When the provider ends the key unless it is used before, in elapsed seconds."""
        return None if self.idle_seconds is None else self.used + self.idle_seconds


Credential = Token | Key


def renewed_part(credential: Credential) -> Token | None:
    """What renewals keep alive: the token itself, or the token that made the key."""
    return credential.grant if isinstance(credential, Key) else credential


def with_renewed(credential: Credential, token: Token) -> Credential:
    """The credential with a renewed token. A key stays what it is."""
    return replace(credential, grant=token) if isinstance(credential, Key) else token
