"""Reads each account's record from the vault, at the start and again while the keyring is away."""

import asyncio

from keyrack.core.account import Account
from keyrack.core.accounts import Accounts
from keyrack.core.clock import Clock
from keyrack.core.records import Records
from keyrack.core.services import Services
from keyrack.core.state import Active, Closed, LoggedOut, Opening, Reason, State, Unreadable
from keyrack.core.vault_errors import Corrupt, Missing, NewerSchema, VaultFailure

RETRY_SECONDS = 60.0


class Opener:
    """Turns what the vault holds into each account's first state."""

    def __init__(self, accounts: Accounts, services: Services, records: Records, clock: Clock) -> None:
        self._accounts = accounts
        self._services = services
        self._records = records
        self._clock = clock

    async def run(self) -> None:
        """Ask an unreadable keyring again every minute, without prompting."""
        while True:
            await asyncio.sleep(RETRY_SECONDS)
            await self.read_all()

    async def read_all(self) -> None:
        """Read every account that has not been read yet; after a keyring failure the rest wait for the next round."""
        for account in self._accounts:
            await self.read(account)

    async def read(self, account: Account, *, prompt: bool = False) -> None:
        """Read one account, if it has not been read yet."""
        before = account.state
        if not isinstance(before, Opening | Unreadable):
            return
        account.become(await self._state(account, prompt), expected=before)

    async def _state(self, account: Account, prompt: bool) -> State:
        if self._services.of(account).region.closed:
            return Closed()
        try:
            record = await self._records.read(account.id, prompt=prompt)
        except Missing as why:
            return LoggedOut(Reason.ITEM_MISSING, why)
        except (Corrupt, NewerSchema) as why:
            return LoggedOut(Reason.ITEM_CORRUPT, why)
        except VaultFailure as why:
            return Unreadable(why)
        if not record.signed_in:
            return LoggedOut(Reason.SIGNED_OUT if record.generation > 1 else Reason.NEW)
        again = self._services.of(account).server.dialect.renewal == "again"
        token = self._records.token(account.id, renews_again=again)
        window = token.refresh_expires
        if token.access is None and window is not None and window <= self._clock.elapsed():
            return LoggedOut(Reason.REFRESH_EXPIRED)
        return Active(token)
