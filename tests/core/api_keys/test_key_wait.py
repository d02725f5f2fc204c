"""Code first, key later: the wait for the key that the person makes at WhiteBIT, and what may go wrong meanwhile."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import suppress

import pytest

from keyrack.core.accounts.account import Account
from keyrack.core.accounts.state import Active, LoggedOut, Reason
from keyrack.core.api_keys import key_wait
from keyrack.core.api_keys.key_failures import NoKeyMade
from keyrack.primitives.sleep import NAP
from keyrack.providers.api.key_refusals import GrantEnded
from tests.core.api_keys.key_harness import (
    calls,
    fault,
    key_of,
    new,
    over,
    page,
    sign_in,
    signing_in,
    step,
    waited,
    why,
)
from tests.core.harness import CoreHarness


@pytest.fixture
async def harness(harness_without_streams: CoreHarness) -> AsyncGenerator[CoreHarness]:
    """A person who agrees and does not go on to make the key yet."""
    harness_without_streams.person.goes_on = False
    yield harness_without_streams
    harness_without_streams.sandbox.clear_faults()


async def waiting(harness: CoreHarness) -> "tuple[Account, asyncio.Task[None]]":
    account = await new(harness)
    task = signing_in(harness, account)
    await harness.until(lambda: step(account) == "key")
    await asyncio.gather(*harness.visits)  # the page is shown when the first question is answered
    return account, task


def make_key(harness: CoreHarness, account: Account) -> None:
    """The person makes the key at last."""
    harness.sandbox.ask("POST", "/keys", {"client_id": account.settings.client_id, "untaken": True})


async def asked_again(harness: CoreHarness) -> None:
    """The clock was moved. A question that was under way then begins the next wait later, so that one is skipped."""
    before = calls(harness, "info")
    while calls(harness, "info") == before:
        with suppress(TimeoutError):
            await harness.until(lambda: calls(harness, "info") > before, 2 * NAP)
            return
        harness.leap(key_wait.LONG_WAIT)


async def test_the_code_is_exchanged_at_once_and_the_key_comes_minutes_later(harness: CoreHarness) -> None:
    account, task = await waiting(harness)
    assert len(harness.asked(account, "token")) == 1
    assert page(harness, account) == []
    assert 590 < (harness.status(account).left or 0) <= 600
    for _ in range(8):
        harness.leap(60)
        await asked_again(harness)
    assert step(account) == "key"
    assert harness.asked(account, "refresh"), "the token lives for less than the wait"
    make_key(harness, account)
    harness.leap(key_wait.LONG_WAIT)
    await waited(harness, account, task)
    assert key_of(account).grant is not None
    assert len(harness.asked(account, "token")) == 1


async def test_it_asks_often_at_first_and_then_less(harness: CoreHarness) -> None:
    account, task = await waiting(harness)
    assert (key_wait.SHORT_WAIT, key_wait.SHORT_TOTAL) == (2.0, 30.0)
    assert (key_wait.LONG_WAIT, key_wait.WAIT_TOTAL) == (5.0, 600.0)
    harness.leap(2)
    await asked_again(harness)
    harness.leap(40)
    await asked_again(harness)
    before = calls(harness, "info")
    harness.leap(3)
    await asyncio.sleep(0.3)
    assert calls(harness, "info") == before
    harness.leap(2)
    await asked_again(harness)
    harness.rack.sign_ins.cancel(account)
    await over(task)


async def test_look_again_asks_at_once(harness: CoreHarness) -> None:
    account, task = await waiting(harness)
    harness.leap(40)
    await asked_again(harness)
    make_key(harness, account)
    harness.rack.sign_ins.look_again(account)
    await over(task)
    assert isinstance(account.state, Active)


async def test_cancel_ends_the_wait_and_the_next_sign_in_takes_the_key(harness: CoreHarness) -> None:
    account, task = await waiting(harness)
    harness.rack.sign_ins.cancel(account)
    await over(task)
    assert harness.status(account).reason == Reason.NEW
    make_key(harness, account)
    browsed = len(harness.opened)
    await sign_in(harness, account)
    assert isinstance(account.state, Active)
    assert len(harness.opened) == browsed, "the token of the first one is renewed and asked with"


async def test_asked_twice_there_is_one_sign_in(harness: CoreHarness) -> None:
    account, task = await waiting(harness)
    await harness.rack.sign_in(account)
    assert step(account) == "key"
    assert len(harness.asked(account, "token")) == 1
    harness.rack.sign_ins.cancel(account)
    await over(task)


async def test_a_lid_that_is_closed_for_minutes_costs_nothing(harness: CoreHarness) -> None:
    account, task = await waiting(harness)
    make_key(harness, account)
    harness.leap(400)
    await waited(harness, account, task)
    assert isinstance(account.state, Active), "the token had ended, and was renewed first"
    assert harness.asked(account, "refresh")


async def test_a_lid_that_is_closed_for_too_long_ends_it_with_the_reason(harness: CoreHarness) -> None:
    account, task = await waiting(harness)
    harness.leap(3600)
    await over(task)
    assert isinstance(why(account), GrantEnded)
    assert "when the computer sleeps" in why(account).means
    record = await harness.vault.load(account.id)
    assert (record.access, record.refresh) == (None, None)
    harness.person.goes_on = True
    await sign_in(harness, account)
    assert isinstance(account.state, Active)


async def test_a_network_that_is_lost_is_waited_out(harness: CoreHarness) -> None:
    account, task = await waiting(harness)
    fault(harness, "info", "reset")
    fault(harness, "refresh", "reset")
    harness.leap(280)
    await asked_again(harness)
    harness.sandbox.clear_faults()
    make_key(harness, account)
    harness.leap(key_wait.LONG_WAIT)
    await waited(harness, account, task)
    assert isinstance(account.state, Active)


async def test_a_key_that_is_never_made_is_told_after_ten_minutes(harness: CoreHarness) -> None:
    account, task = await waiting(harness)
    for _ in range(6):
        harness.leap(100)
        if not task.done():
            await asyncio.wait({task}, timeout=0.6)
    await over(task)
    assert isinstance(why(account), NoKeyMade)
    assert "ten minutes" in why(account).means
    make_key(harness, account)
    browsed = len(harness.opened)
    await sign_in(harness, account)
    assert isinstance(account.state, Active), "it came after all"
    assert len(harness.opened) == browsed


@pytest.mark.parametrize("gate", ["2fa", "kyc", "region", "key"])
async def test_a_gate_never_calls_back_and_can_be_cancelled(harness: CoreHarness, gate: str) -> None:
    fault(harness, "login", f"gate:{gate}")
    account = await new(harness)
    task = signing_in(harness, account)
    await harness.until(lambda: step(account) == "browser" and calls(harness, "login"))
    await asyncio.gather(*harness.visits)
    assert step(account) == "browser"
    harness.rack.sign_ins.cancel(account)
    await over(task)
    assert account.state == LoggedOut(Reason.NEW)
    assert harness.asked(account, "token") == []


async def test_a_right_that_is_missing_is_told_and_not_asked_for_ever(harness: CoreHarness) -> None:
    fault(harness, "info", "withdrawn")
    account = await new(harness)
    await sign_in(harness, account)
    assert isinstance(why(account), GrantEnded)
    assert len(harness.asked(account, "info")) == 2, "once more with a renewed token, and never in a loop"
