"""Which closing page the browser shows for the failures that only this room knows."""

from keyrack.core.failures import WrongAccount
from keyrack.core.vault.vault_errors import VaultFailure
from keyrack.oauth.loopback.outcome import Outcome, outcome_of
from keyrack.primitives.failure import Failure


def page_for(why: Failure) -> Outcome:
    """The constant page that tells this failure best."""
    if isinstance(why, WrongAccount):
        return Outcome.WRONG_ACCOUNT
    return Outcome.NOT_SAVED if isinstance(why, VaultFailure) else outcome_of(why)
