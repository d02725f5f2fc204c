"""The failures of a call to a provider's API."""

from keyrack.primitives.failure import Failure


class TokenRefused(Failure):
    """The API answered 401 to a token that was believed valid (RFC 6750 §3.1)."""


class GatewayRefused(TokenRefused):
    """A 401 that is a page and names no bearer token: it may be of a gateway that knows nothing of tokens."""


class ApiRefused(Failure):
    """The API refused the call for another reason. The token may be good."""
