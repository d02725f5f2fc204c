"""Which sign-ins need nobody: no browser, no code and no other credentials."""

from keyrack.core.accounts.account import Account
from keyrack.core.accounts.state import LoggedOut, Reason, State
from keyrack.oauth.oauth_errors import ClientRejected
from keyrack.providers.schema import UNATTENDED_FLOWS


def needs_nobody(account: Account) -> bool:
    """Whether the account is signed out, and one request with its stored credentials may sign it in."""
    state = account.state
    alone = account.settings.flow in UNATTENDED_FLOWS
    if not alone or not isinstance(state, LoggedOut) or state.reason == Reason.ITEM_NEWER:
        return False
    return not needs_other_credentials(state)


def needs_other_credentials(state: State) -> bool:
    """Whether the stored credentials were refused or cannot be read, so that the same sign-in would fail again."""
    if not isinstance(state, LoggedOut):
        return False
    return isinstance(state.why, ClientRejected) or state.reason in (Reason.ITEM_MISSING, Reason.ITEM_CORRUPT)
