"""The client as registered at a server (RFC 7591 names)."""

from dataclasses import dataclass, field

from keyrack.primitives.secret import Secret


@dataclass(frozen=True, slots=True)
class OAuthClient:
    """A client id with its secret, and the redirect address that was registered for it."""

    client_id: str
    client_secret: Secret | None = field(default=None, repr=False)
    redirect_uri: str = ""
