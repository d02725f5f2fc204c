"""The tree of failures of a sign-in and of a renewal.

Failure
├── Transient                 keep everything and try again, after `retry_after` seconds where the server asks to wait
│   ├── Unavailable               408, 429, 5xx
│   └── UnexpectedResponse        HTML, a redirect, broken JSON: not a response of this endpoint
├── InvalidGrant              the code or refresh token is no longer valid (RFC 6749 section 5.2)
├── ClientRejected            the client id or secret was refused
├── RequestRefused            any other error of RFC 6749 section 5.2
├── ServiceEnded              the server ended this service, so that nothing is tried again
├── AccessDenied              the person refused at the provider (RFC 6749 section 4.1.2.1)
├── WrongIssuer               another provider responded (RFC 9207 section 2.4)
├── WrongNonce                the id_token belongs to another sign-in (OpenID Connect Core §3.1.3.7)
├── SignInExpired             no response came in time
├── NotYetApproved            the person has not approved at the device page yet (RFC 8628 section 3.5)
├── SignInCancelled           the person cancelled
├── PortBusy                  the registered redirect port is taken
├── BrowserMissing            no browser could be started
├── WrongAddressPasted        the pasted text is not the expected address
├── NotOurs                   the response belongs to no pending sign-in (oauth/authorization/response.py)
│   └── Unproven                  an error without a state (oauth/authorization/response_check.py)
├── BadRedirect               no redirect address (oauth/authorization/redirect_uri.py)
└── UnsafeAddress             no address to send a browser to (oauth/authorization/request.py)
Failures of the transport (`keyrack.net.network_errors`) are transient too.
"""

from keyrack.primitives.failure import Failure


class Transient(Failure):
    """Keep everything and try again."""


class Unavailable(Transient):
    """The provider is busy or down (408, 429, 5xx)."""


class UnexpectedResponse(Transient):
    """The response is not one of this endpoint."""


class InvalidGrant(Failure):
    """The code or the refresh token is no longer valid."""


class ClientRejected(Failure):
    """The client id or secret is refused. `error` is the server's code without its signs, or ""."""

    error = ""


class RequestRefused(Failure):
    """The provider refuses the request for another reason. `error` is the server's code without its signs, or ""."""

    error = ""


class ServiceEnded(Failure):
    """The provider ended this service (WhiteBIT Q17). Nothing is tried again."""


class AccessDenied(Failure):
    """The person refused at the provider."""

    code = "access_denied"


class WrongIssuer(Failure):
    """Another provider responded."""

    code = "wrong_issuer"


class WrongNonce(Failure):
    """The id_token belongs to another sign-in."""

    code = "wrong_nonce"


class NotYetApproved(Failure):
    """The person has not approved yet. `slower` asks for longer pauses between polls (RFC 8628 section 3.5)."""

    code = "not_yet_approved"

    def __init__(self, server: str, *, slower: bool) -> None:
        super().__init__(server=server)
        self.slower = slower


class SignInExpired(Failure):
    """No response came in time."""


class SignInCancelled(Failure):
    """The person cancelled the sign-in."""


class PortBusy(Failure):
    """The registered redirect port is taken."""


class BrowserMissing(Failure):
    """No browser could be started."""

    code = "browser_not_started"


class WrongAddressPasted(Failure):
    """The pasted text is not the expected address."""
