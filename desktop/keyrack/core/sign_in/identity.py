"""Compares the person who signed in with the one to whom the account belonged before (S34)."""

from keyrack.core.accounts.account import Account
from keyrack.core.accounts.credential import Credential
from keyrack.core.accounts.masking import mask
from keyrack.core.failures import WrongAccount
from keyrack.core.sign_in.sign_in_context import SignInContext
from keyrack.core.vault.vault_errors import VaultFailure
from keyrack.oauth.token import Token
from keyrack.primitives.failure import Failure


async def identify(context: SignInContext, account: Account, credential: Credential) -> str:
    """The name of the person who signed in, "" where the provider does not name one. Raises WrongAccount."""
    site, known = context.sites.of(account), (await _known_identity(context, account)).casefold()
    access = credential.access if isinstance(credential, Token) else None
    if access is None or site.provider.identity is None:
        return ""
    try:
        identity = await site.api_of(credential if isinstance(credential, Token) else None).identity(access)
    except Failure:
        if known:
            raise
        # A first sign-in without a name is good. The pane shows the client id instead.
        return ""
    if known and identity.casefold() != known:
        raise WrongAccount(detail=mask(identity))
    return identity


async def _known_identity(context: SignInContext, account: Account) -> str:
    try:
        return (await context.records.load(account.id)).identity
    except VaultFailure:
        return ""
