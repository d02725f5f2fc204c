"""Whose a token is, compared with whose it was before (S34)."""

from keyrack.core.accounts.account import Account
from keyrack.core.accounts.masking import mask
from keyrack.core.failures import WrongAccount
from keyrack.core.sign_in.sign_in_context import Means
from keyrack.core.vault.vault_errors import VaultFailure
from keyrack.oauth.token import Token
from keyrack.primitives.failure import Failure


async def identify(means: Means, account: Account, token: Token) -> str:
    """Whose token it is, "" if the provider does not tell; raises WrongAccount."""
    service, known = means.services.of(account), (await _known(means, account)).casefold()
    if token.access is None or service.provider.identity is None:
        return ""
    try:
        identity = await service.api.identity(token.access)
    except Failure:
        if known:
            raise
        # The figure is missing, the first sign-in is good: the pane shows the client id instead.
        return ""
    if known and identity.casefold() != known:
        raise WrongAccount(detail=mask(identity))
    return identity


async def _known(means: Means, account: Account) -> str:
    try:
        return (await means.records.read(account.id)).identity
    except VaultFailure:
        return ""
