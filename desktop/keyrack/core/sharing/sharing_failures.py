"""The failures of shared accounts. `messages/accounts/shared_account_messages.py` has their sentences.

`SharedNotStored` and its kin are failures of the vault, because the shared store is where these records are kept.
"""

from keyrack.core.vault.vault_errors import VaultFailure
from keyrack.primitives.failure import Failure


class SharedNotStored(VaultFailure):
    """The shared store did not confirm a record."""

    code = "shared_not_stored"
    technical = False


class SharedChangeNotStored(VaultFailure):
    """The shared store did not confirm what a person changed, such as a sign-out. It may be there all the same."""

    code = "shared_change_not_stored"
    technical = False


class SharedOutrun(VaultFailure):
    """Another host stored a newer record meanwhile."""

    code = "shared_outrun"
    technical = False


class CannotShare(Failure):
    """What was asked cannot be done with this account, or on this host now. Nothing was changed."""


class NotTheRenewer(Failure):
    """Another host renews the account, or this host's lease is over, so that nothing was sent."""

    code = "shared_not_the_renewer"


class AnswerAwaited(Failure):
    """Another host began a renewal and may still store what it brought."""

    code = "shared_answer_awaited"


class NotRenewedThere(Failure):
    """The host that renews the account brought no newer token in time."""

    code = "shared_not_renewed_there"


class SharedRecordGone(Failure):
    """The record of the account was deleted in the shared store."""

    code = "shared_record_gone"


class RenewalUnderWay(NotTheRenewer):
    """A host is in the middle of a renewal of the account, so that nobody may take it away now."""

    code = "shared_renewal_under_way"
