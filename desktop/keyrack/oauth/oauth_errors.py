"""The tree of failures of a sign-in and of a renewal.

Failure
├── Transient                 keep everything and try again; `retry_after` in seconds, if asked for
│   ├── Unavailable           408, 429, 5xx
│   └── StrangeAnswer         HTML, a redirect, broken JSON: not an answer of this endpoint
├── InvalidGrant              the code or refresh token is dead (RFC 6749 §5.2)
├── ClientRejected            client id or secret refused
├── RequestRefused            any other error of RFC 6749 §5.2
├── AccessDenied              the person pressed Refuse (RFC 6749 §4.1.2.1)
├── WrongIssuer               another provider answered (RFC 9207 §2.4)
├── SignInExpired             nobody came back in time
├── NotYetApproved            the person has not answered at the device page yet (RFC 8628 §3.5)
├── SignInCancelled           the person pressed Cancel
├── PortBusy                  the registered redirect port is taken
├── BrowserMissing            no browser could be started
└── BadPaste                  the pasted text is not the address that was waited for
Failures of the transport itself (`keyrack.net.network_errors`) are transient too.
"""

from keyrack.primitives.failure import Failure


class Transient(Failure):
    """Keep everything and try again."""


class Unavailable(Transient):
    """The provider is busy or down (408, 429, 5xx)."""


class UnexpectedResponse(Transient):
    """What came back is not an answer of this endpoint."""


class InvalidGrant(Failure):
    """The code or the refresh token is dead."""


class ClientRejected(Failure):
    """The client id or secret is refused."""


class RequestRefused(Failure):
    """The provider refuses the request for another reason."""


class AccessDenied(Failure):
    """The person refused at the provider."""


class WrongIssuer(Failure):
    """Another provider answered."""


class NotYetApproved(Failure):
    """The person has not answered yet; `slower` when the server asks for longer pauses (RFC 8628 §3.5)."""

    slower = False


class SignInExpired(Failure):
    """Nobody came back in time."""


class SignInCancelled(Failure):
    """The person pressed Cancel."""


class PortBusy(Failure):
    """The registered redirect port is taken."""


class BrowserMissing(Failure):
    """No browser could be started."""


class WrongAddressPasted(Failure):
    """The pasted text is not the address that was waited for."""
