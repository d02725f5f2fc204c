"""Takes an account's tokens back at the provider once they are gone here, and says what came of it (S51)."""

import asyncio
from dataclasses import dataclass, field

from keyrack.core.accounts.account import Account
from keyrack.core.accounts.state import Active
from keyrack.core.sites.sites import Service, Services
from keyrack.core.vault.record_store import Records
from keyrack.oauth.client import OAuthClient
from keyrack.oauth.token import Token
from keyrack.primitives.failure import Failure

PATIENCE = 10.0


@dataclass(frozen=True, slots=True)
class Ending:
    """What is needed to revoke a sign-in after it was removed from this computer."""

    service: Service
    client: OAuthClient = field(repr=False)
    token: Token | None = field(repr=False)

    @classmethod
    def of(cls, account: Account, services: Services, records: Records) -> "Ending":
        """Keep hold of an account's tokens before they are forgotten."""
        token = account.state.token if isinstance(account.state, Active) else None
        return cls(services.of(account), records.client(account), token)

    async def revoke(self) -> str:
        """Ask the provider within 10 s; a sentence about the outcome, "" where it offers none. Never raises."""
        name = self.service.provider.name
        if self.token is None:
            return ""
        try:
            async with asyncio.timeout(PATIENCE):
                outcome = await self.service.revocation.revoke(self.client, self.token)
        except TimeoutError:
            return f"{name} did not confirm in time that the token is revoked. It ends there by itself."
        except Failure as why:
            return f"{name} did not revoke the token: {why.happened} It ends by itself, or in your settings there."
        return {
            "none": "",
            "revoked": f"The token was revoked at {name}.",
            "asked": f"{name} was asked to revoke the token; its answer does not tell whether it did.",
        }[outcome]
