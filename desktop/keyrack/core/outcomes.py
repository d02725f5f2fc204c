"""Which closing page the browser shows for each way a sign-in can fail."""

from keyrack.core.failures import WrongAccount
from keyrack.core.vault_errors import VaultFailure
from keyrack.net.errors import NetFailure
from keyrack.net.failure import Failure
from keyrack.oauth.errors import AccessDenied, ClientRejected, InvalidGrant, SignInCancelled, Transient, WrongIssuer
from keyrack.oauth.outcome import Outcome

_PAGES: tuple[tuple[type[Failure], Outcome], ...] = (
    (AccessDenied, Outcome.REFUSED),
    (SignInCancelled, Outcome.CANCELLED),
    (WrongIssuer, Outcome.WRONG_PROVIDER),
    (WrongAccount, Outcome.WRONG_ACCOUNT),
    (VaultFailure, Outcome.NOT_SAVED),
    (NetFailure, Outcome.UNREACHABLE),
    (Transient, Outcome.UNREACHABLE),
    (ClientRejected, Outcome.NOT_ACCEPTED),
    (InvalidGrant, Outcome.NOT_ACCEPTED),
)


def page_for(why: Failure) -> Outcome:
    """The constant page that tells this failure best."""
    return next((page for kind, page in _PAGES if isinstance(why, kind)), Outcome.FAILED)
