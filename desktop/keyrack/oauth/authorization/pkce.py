"""Makes the verifier and the challenge of Proof Key for Code Exchange (RFC 7636), by S256 alone."""

import base64
import hashlib
import secrets
from dataclasses import dataclass

from keyrack.primitives.secret import Secret

METHOD = "S256"

_VERIFIER_BYTES = 48


@dataclass(frozen=True, slots=True)
class Pkce:
    """A verifier of 64 characters, and the challenge that is sent in the authorization request."""

    verifier: Secret
    challenge: str


def make() -> Pkce:
    """A fresh pair from the system's random source, 384 bit (S27)."""
    return of(Secret(secrets.token_urlsafe(_VERIFIER_BYTES)))


def of(verifier: Secret) -> Pkce:
    """The pair of a given verifier (RFC 7636 section 4.2)."""
    digest = hashlib.sha256(verifier.reveal().encode("ascii")).digest()
    return Pkce(verifier, base64.urlsafe_b64encode(digest).rstrip(b"=").decode("ascii"))
