"""The client as registered at a server (RFC 7591 names)."""

from dataclasses import dataclass, field

from keyrack.primitives.secret import Secret


@dataclass(frozen=True, slots=True)
class OAuthClient:
    """A client id with its secret and its registered redirect address."""

    client_id: str
    client_secret: Secret | None = field(default=None, repr=False)
    redirect_uri: str = ""
