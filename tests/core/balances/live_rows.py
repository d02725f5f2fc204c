"""What the tests of live figures look at."""

import asyncio

from keyrack.core.accounts.account import Account
from keyrack.core.accounts.balances_snapshot import Balances
from tests.core.harness import CoreHarness

PAUSED = "Live figures paused"


def shown(account: Account) -> Balances:
    """The figures that are there."""
    assert account.balances is not None
    return account.balances


async def moved(harness: CoreHarness, account: Account) -> None:
    """Let the market move until the account's figures do."""
    before = shown(account).holdings
    async with asyncio.timeout(20):
        while shown(account).holdings == before:
            harness.sandbox.advance(7)
            await asyncio.sleep(0.02)
