"""How a sign-in ended, as the page in the browser tells it."""

from enum import Enum

from keyrack.net.errors import NetFailure, Unsendable
from keyrack.oauth import errors
from keyrack.primitives.failure import Failure


class Outcome(Enum):
    """Which of the constant pages is shown at the end; none carries a word from outside (S19)."""

    SIGNED_IN = "signed_in"
    CONFIRM_IN_APP = "confirm_in_app"
    REFUSED = "refused"
    NOT_ACCEPTED = "not_accepted"
    UNREACHABLE = "unreachable"
    NOT_SAVED = "not_saved"
    WRONG_PROVIDER = "wrong_provider"
    WRONG_ACCOUNT = "wrong_account"
    CANCELLED = "cancelled"
    EXPIRED = "expired"
    FAILED = "failed"


_OUTCOMES: dict[type[Failure], Outcome] = {
    errors.AccessDenied: Outcome.REFUSED,
    errors.WrongIssuer: Outcome.WRONG_PROVIDER,
    errors.SignInCancelled: Outcome.CANCELLED,
    errors.SignInExpired: Outcome.EXPIRED,
    errors.InvalidGrant: Outcome.NOT_ACCEPTED,
    errors.ClientRejected: Outcome.NOT_ACCEPTED,
    errors.RequestRefused: Outcome.NOT_ACCEPTED,
    errors.Transient: Outcome.UNREACHABLE,
    Unsendable: Outcome.FAILED,
    NetFailure: Outcome.UNREACHABLE,
}


def outcome_of(failure: Failure) -> Outcome:
    """The page for a failure; FAILED for those that this room does not know."""
    return next((page for kind, page in _OUTCOMES.items() if isinstance(failure, kind)), Outcome.FAILED)
