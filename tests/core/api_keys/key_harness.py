"""What tests of WhiteBIT keys share: an account with such a key, and a look at WhiteBIT's own page of keys."""

import asyncio
from typing import Any

from keyrack.core.accounts.account import Account
from keyrack.core.accounts.state import Active, Authorizing, LoggedOut
from keyrack.oauth.token import Token
from keyrack.primitives.failure import Failure
from tests.core.harness import Desk

WHITEBIT = "whitebit-fast-key"


async def new(desk: Desk) -> Account:
    """An account that nobody has signed in to."""
    return await desk.add(WHITEBIT, "fast_api_key")


async def with_key(desk: Desk) -> Account:
    """An account whose key works."""
    account = await new(desk)
    await sign_in(desk, account)
    assert key_of(account).kind == "key"
    return account


def key_of(account: Account) -> Token:
    """The account's key."""
    assert isinstance(account.state, Active), account.state
    return account.state.token


def why(account: Account) -> Failure:
    """Why the last sign-in failed."""
    assert isinstance(account.state, LoggedOut), account.state
    assert account.state.why is not None
    return account.state.why


def page(desk: Desk, account: Account) -> list[dict[str, Any]]:
    """The keys of an account's client, as WhiteBIT's page shows them."""
    rows: list[dict[str, Any]] = desk.stand_in.ask("GET", "/keys")
    return [row for row in rows if row["client_id"] == account.settings.client_id]


def step(account: Account) -> str:
    """Which step a sign-in is at."""
    return account.state.step if isinstance(account.state, Authorizing) else ""


def fault(desk: Desk, endpoint: str, kind: str, times: int | None = None) -> None:
    """Switch a fault or a mode of WhiteBIT on."""
    desk.stand_in.fault(WHITEBIT, endpoint, kind, times)


def asked(desk: Desk, account: Account, endpoint: str) -> list[dict[str, Any]]:
    """What the sandbox counted for an account's client."""
    return desk.asked(account, endpoint)


def calls(desk: Desk, endpoint: str) -> int:
    """How often an endpoint was asked by anybody."""
    return len(desk.stand_in.log(WHITEBIT, endpoint))


async def sign_in(desk: Desk, account: Account) -> None:
    """Sign in; a sign-in that waits for somebody who never comes fails the test."""
    await over(signing_in(desk, account))


async def over(task: "asyncio.Task[None]") -> None:
    """Wait for the end of a sign-in."""
    async with asyncio.timeout(20):
        await task


def signing_in(desk: Desk, account: Account) -> "asyncio.Task[None]":
    """A sign-in under way."""
    return asyncio.create_task(desk.sign_in(account))
