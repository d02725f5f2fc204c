"""What the answer to a renewal leads to: RETRY, ENDED or KEEP. `refresher.py` makes the account's state of it.

    answer                                                     outcome
    no connection, no or no whole response, TLS refused        RETRY
    408, 423, 425, 429, 5xx, a redirect                        RETRY
    HTML, broken JSON, no token in it, a gateway's 401 or 403  RETRY
    temporarily_unavailable, slow_down, server_error           RETRY, whatever the status below 500 is
    410, an empty 404 where an end was announced               the account is closed (`refresher.py`)
    invalid_grant                                              ENDED, below 500
    a code of `_ENDING`                                        ENDED, below 500
    invalid_client, a 401 in JSON without a code               KEEP
    unauthorized_client, unsupported_grant_type                KEEP
    any other code, any other status                           KEEP
    a failure of the provider's file                           by its `kind`, whatever the status is

RETRY tries again for as long as the refresh token may live. ENDED needs a sign-in. KEEP keeps the token while it lives
and asks less and less often, because a person may mend the client meanwhile. It is ENDED once the token is dead and the
server has refused for `renewal_rule.PATIENCE` seconds. Where the renewal is a sign-in by client credentials, a rejected
client ends it, too. Codes are compared by their letters and digits alone.
"""

from enum import Enum, auto

from keyrack.core.failures import SignInLapsed
from keyrack.oauth.oauth_errors import ClientRejected, InvalidGrant, RequestRefused
from keyrack.primitives.failure import Failure

# OpenID Connect Core, RFC 6750 section 3.1, RFC 8628 section 3.5, GitHub, and what others write.
_ENDING = frozenset(
    {
        *("interactionrequired", "loginrequired", "consentrequired", "accountselectionrequired", "reauthrequired"),
        *("invalidtoken", "tokeninvalid", "expiredtoken", "tokenexpired", "revokedtoken", "tokenrevoked"),
        *(
            "badrefreshtoken",
            "invalidrefreshtoken",
            "refreshtokeninvalid",
            "refreshtokenexpired",
            "refreshtokenrevoked",
        ),
        *("expiredrefreshtoken", "invalidsession", "sessionexpired", "sessionnotfound"),
        *("accessdenied", "userdenied"),
    }
)


class RenewalOutcome(Enum):
    """What becomes of a sign-in whose renewal failed."""

    RETRY = auto()
    ENDED = auto()
    KEEP = auto()


def outcome(why: Failure) -> RenewalOutcome:
    """The outcome of a renewal that failed with `why`."""
    if isinstance(why, InvalidGrant | SignInLapsed):
        return RenewalOutcome.ENDED
    if isinstance(why, ClientRejected | RequestRefused):
        return RenewalOutcome.ENDED if why.error in _ENDING else RenewalOutcome.KEEP
    return RenewalOutcome.RETRY


def in_plain_words(why: ClientRejected | RequestRefused) -> InvalidGrant:
    """The failure of a refresh token that is dead, for a server that says it in another word."""
    return InvalidGrant("grant_invalid", detail=why.detail, params=why.params)
