"""The only way out for a token: who is admitted, in which order things are looked at, and what is recorded."""

import asyncio
import json

import pytest

from keyrack.core.access.lock import LockRefused
from keyrack.core.access.policy import AccessRefused
from keyrack.core.access.program import Program
from keyrack.core.accounts.account import Account
from keyrack.core.failures import LifetimeTooShort, NoTokenToGive, NotSignedIn
from keyrack.core.vault.vault_errors import Locked
from keyrack.primitives.failure import Failure
from tests.core.api_keys.key_harness import with_key
from tests.core.harness import CoreHarness

BOT = Program(4711, "/usr/bin/python3.11", "/srv/bot.py", lasting=True)


def recorded(harness: CoreHarness) -> list[bool]:
    """Whether each recorded request was granted, oldest first."""
    path = harness.paths.state / "releases.jsonl"
    return [json.loads(line)["granted"] for line in path.read_text().splitlines()] if path.exists() else []


async def allowed(harness: CoreHarness) -> Account:
    account = await harness.signed_in()
    harness.rack.access.choose(account, "allow")
    return account


@pytest.mark.security("S92")
async def test_a_program_gets_the_token_and_is_recorded(harness: CoreHarness) -> None:
    account = await allowed(harness)
    given = await harness.rack.tokens.give(account, BOT)
    token = harness.token(account)
    assert (given.secret, given.expires) == (token.access, token.expires)
    assert recorded(harness) == [True]
    assert given.secret.reveal() not in repr(given)


async def test_the_person_gets_the_token_whatever_programs_may_do(harness: CoreHarness) -> None:
    account = await harness.signed_in()
    harness.rack.access.choose(account, "off")
    assert (await harness.rack.tokens.give(account, None)).secret == harness.token(account).access
    assert recorded(harness) == []


@pytest.mark.security("S91")
async def test_any_lock_keeps_the_token_from_the_person(harness: CoreHarness) -> None:
    account = await harness.signed_in()
    harness.rack.lock.lock(by_hand=False)
    with pytest.raises(LockRefused):
        await harness.rack.tokens.give(account, None)
    with pytest.raises(LockRefused):
        harness.rack.tokens.give_key(account)


@pytest.mark.security("S92")
async def test_a_setting_that_says_no_while_the_token_is_renewed_is_obeyed(harness: CoreHarness) -> None:
    account = await allowed(harness)
    harness.leap(280)
    harness.vault.gate = asyncio.Event()
    asking = asyncio.create_task(harness.rack.tokens.give(account, BOT))
    saved = len(harness.vault.saves)
    await harness.until(lambda: len(harness.vault.saves) > saved)
    harness.rack.access.choose(account, "off")
    harness.vault.gate.set()
    with pytest.raises(AccessRefused):
        await asking
    assert recorded(harness) == [False]


@pytest.mark.security("S91", "S92")
async def test_a_lock_during_a_renewal_that_fails_is_what_is_said_and_recorded(harness: CoreHarness) -> None:
    account = await allowed(harness)
    harness.sandbox.fault("whitebit", "refresh", "delay:0.3", times=1)
    harness.sandbox.fault("whitebit", "refresh", "status:503")
    harness.leap(280)
    asking = asyncio.create_task(harness.rack.tokens.give(account, BOT, 290.0))
    await harness.until(lambda: harness.rack.parts.refresher.busy)
    harness.rack.lock.lock(by_hand=True)
    with pytest.raises(AccessRefused, match="locked"):
        await asking
    assert recorded(harness) == [False]


async def test_a_refused_program_has_the_keyring_asked_for_nothing(harness: CoreHarness) -> None:
    account = await allowed(harness)
    harness.rack.access.choose(account, "off")
    await harness.kill()
    harness.vault.refuses_loads = Locked()
    await harness.start()
    again, loads = next(iter(harness.rack.accounts)), len(harness.vault.loads)
    with pytest.raises(AccessRefused):
        await harness.rack.tokens.give(again, BOT)
    assert len(harness.vault.loads) == loads
    harness.rack.access.choose(again, "allow")
    with pytest.raises(Locked):
        await harness.rack.tokens.give(again, BOT)
    assert False in harness.vault.loads[loads:], "read once more, without a prompt"


async def test_without_a_token_nobody_is_asked_for_leave(harness: CoreHarness) -> None:
    account = await harness.add("whitebit")
    assert account.settings.scripts == "ask"
    with pytest.raises(NotSignedIn):
        await harness.rack.tokens.give(account, BOT)
    assert harness.rack.access.asking.pending == ()


async def test_a_life_that_no_token_has_is_refused_without_a_record(harness: CoreHarness) -> None:
    account = await allowed(harness)
    with pytest.raises(LifetimeTooShort):
        await harness.rack.tokens.give(account, BOT, 301.0)
    assert recorded(harness) == []


async def test_an_account_with_a_key_has_no_token_for_a_program(harness: CoreHarness) -> None:
    account = await with_key(harness)
    harness.rack.access.choose(account, "allow")
    with pytest.raises(NoTokenToGive) as caught:
        await harness.rack.tokens.give(account, BOT)
    assert isinstance(caught.value, Failure)
    assert caught.value.todo == "Copy the key in Keyrack's window."
    assert harness.rack.tokens.give_key(account).key is not None
