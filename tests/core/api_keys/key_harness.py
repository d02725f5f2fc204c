"""What tests of WhiteBIT keys share: an account with such a key, and a look at WhiteBIT's own page of keys."""

import asyncio
from typing import Any

from keyrack.core.accounts import state
from keyrack.core.accounts.account import Account
from keyrack.core.accounts.credential import Key
from keyrack.core.accounts.state import Authorizing, LoggedOut
from keyrack.core.api_keys import key_wait
from keyrack.primitives.failure import Failure
from keyrack.primitives.sleep import NAP
from tests.core.harness import CoreHarness

WHITEBIT = "whitebit-fast-key"


async def new(harness: CoreHarness) -> Account:
    """An account without a sign-in."""
    return await harness.add(WHITEBIT, "fast_api_key")


async def with_key(harness: CoreHarness) -> Account:
    """An account with a working key."""
    account = await new(harness)
    await sign_in(harness, account)
    assert isinstance(key_of(account), Key)
    return account


def key_of(account: Account) -> Key:
    """The account's key."""
    key = state.key_of(account.state)
    assert key is not None, account.state
    return key


def why(account: Account) -> Failure:
    """Why the last sign-in failed."""
    assert isinstance(account.state, LoggedOut), account.state
    assert account.state.why is not None
    return account.state.why


def page(harness: CoreHarness, account: Account) -> list[dict[str, Any]]:
    """The keys of an account's client, as WhiteBIT's page shows them."""
    rows: list[dict[str, Any]] = harness.sandbox.ask("GET", "/keys")
    return [row for row in rows if row["client_id"] == account.settings.client_id]


def step(account: Account) -> str:
    """Which step a sign-in is at."""
    return account.state.step if isinstance(account.state, Authorizing) else ""


def fault(harness: CoreHarness, endpoint: str, kind: str, times: int | None = None) -> None:
    """Switch a fault or a mode of WhiteBIT on."""
    harness.sandbox.fault(WHITEBIT, endpoint, kind, times)


def old_documents(harness: CoreHarness) -> None:
    """WhiteBIT as its older documents have it: a token of four hours, and the key exists at the callback."""
    fault(harness, "login", "order:old")
    fault(harness, "token", "old")


def asked(harness: CoreHarness, account: Account, endpoint: str) -> list[dict[str, Any]]:
    """What the sandbox counted for an account's client."""
    return harness.asked(account, endpoint)


def calls(harness: CoreHarness, endpoint: str) -> int:
    """The number of requests to an endpoint, from all clients."""
    return len(harness.sandbox.log(WHITEBIT, endpoint))


async def sign_in(harness: CoreHarness, account: Account) -> None:
    """Sign in. A sign-in that still waits for a person fails the test."""
    await over(signing_in(harness, account))


async def over(task: "asyncio.Task[None]") -> None:
    """Wait for the end of a sign-in."""
    async with asyncio.timeout(20):
        await task


def signing_in(harness: CoreHarness, account: Account) -> "asyncio.Task[None]":
    """A sign-in under way."""
    return asyncio.create_task(harness.sign_in(account))


async def waited(harness: CoreHarness, account: Account, task: "asyncio.Task[None]") -> None:
    """Skip each wait at the end of a sign-in. The account's state says how long it is."""
    async with asyncio.timeout(20):
        while not (await asyncio.wait({task}, timeout=NAP))[0]:
            state = account.state
            if not isinstance(state, Authorizing) or state.ends is None:
                continue
            if state.step == "key":
                harness.leap(key_wait.SHORT_WAIT)
            elif state.step == "key_secret":
                harness.leap(max(0.0, state.ends - harness.rack.clock.elapsed()))
