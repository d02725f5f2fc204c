"""Whose a token is, compared with whose it was before (S34)."""

from keyrack.core.accounts.account import Account
from keyrack.core.accounts.masking import mask
from keyrack.core.failures import WrongAccount
from keyrack.core.sign_in.sign_in_context import SignInContext
from keyrack.core.vault.vault_errors import VaultFailure
from keyrack.oauth.token import Token
from keyrack.primitives.failure import Failure


async def identify(context: SignInContext, account: Account, token: Token) -> str:
    """Whose token it is, "" if the provider does not tell; raises WrongAccount."""
    site, known = context.sites.of(account), (await _known(context, account)).casefold()
    if token.access is None or site.provider.identity is None:
        return ""
    try:
        identity = await site.api.identity(token.access)
    except Failure:
        if known:
            raise
        # The figure is missing, the first sign-in is good: the pane shows the client id instead.
        return ""
    if known and identity.casefold() != known:
        raise WrongAccount(detail=mask(identity))
    return identity


async def _known(context: SignInContext, account: Account) -> str:
    try:
        return (await context.records.load(account.id)).identity
    except VaultFailure:
        return ""
