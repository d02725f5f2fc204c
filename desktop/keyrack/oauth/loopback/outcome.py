"""The outcome of a sign-in, as the last page in the browser shows it."""

from enum import Enum

from keyrack.net.network_errors import NetworkFailure, Unsendable
from keyrack.oauth import oauth_errors
from keyrack.primitives.failure import Failure


class Outcome(Enum):
    """One of the constant last pages. None carries a word from outside (S19)."""

    SIGNED_IN = "signed_in"
    CONFIRM_IN_APP = "confirm_in_app"
    GO_ON_AT_PROVIDER = "go_on_at_provider"
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
    oauth_errors.AccessDenied: Outcome.REFUSED,
    oauth_errors.WrongIssuer: Outcome.WRONG_PROVIDER,
    oauth_errors.WrongNonce: Outcome.NOT_ACCEPTED,
    oauth_errors.SignInCancelled: Outcome.CANCELLED,
    oauth_errors.SignInExpired: Outcome.EXPIRED,
    oauth_errors.InvalidGrant: Outcome.NOT_ACCEPTED,
    oauth_errors.ClientRejected: Outcome.NOT_ACCEPTED,
    oauth_errors.RequestRefused: Outcome.NOT_ACCEPTED,
    oauth_errors.ServiceEnded: Outcome.NOT_ACCEPTED,
    oauth_errors.Transient: Outcome.UNREACHABLE,
    Unsendable: Outcome.FAILED,
    NetworkFailure: Outcome.UNREACHABLE,
}


def outcome_of(failure: Failure) -> Outcome:
    """The page for a failure, FAILED for one that has no page."""
    return next((page for kind, page in _OUTCOMES.items() if isinstance(failure, kind)), Outcome.FAILED)
