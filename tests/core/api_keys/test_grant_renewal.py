"""The token that makes and deletes a key: renewed while Keyrack runs, stored before use, and never the key's end."""

import asyncio
from dataclasses import replace

import pytest

from keyrack.core.access.program import Program
from keyrack.core.accounts.account import Account
from keyrack.core.accounts.state import Active, LoggedOut, Reason, Retrying, Unsaved
from keyrack.core.api_keys.key_failures import NoGrant
from keyrack.core.failures import NoTokenToGive
from keyrack.core.tokens.refresh_journal import RefreshJournal
from keyrack.core.vault.record import Record
from keyrack.core.vault.vault_errors import Locked
from keyrack.primitives.secret import Secret
from tests.core.api_keys.key_harness import calls, fault, key_of, old_documents, page, sign_in, with_key
from tests.core.harness import CoreHarness

PROGRAM = Program(4711, "/usr/bin/python3.11", "/srv/bot.py", lasting=True)


@pytest.fixture
def harness(harness_without_streams: CoreHarness) -> CoreHarness:
    return harness_without_streams


def renewed(account: Account) -> int:
    return sum(line.notice.code == "token_renewed" for line in account.activity.lines())


async def hours_later(harness: CoreHarness, hours: float = 3) -> None:
    """Let the clock go on in steps that a running Keyrack sees."""
    for _ in range(int(hours * 15)):
        await harness.step(240)


async def test_it_is_renewed_in_time_and_the_key_stays_what_it_is(harness: CoreHarness) -> None:
    account = await with_key(harness)
    public, first = key_of(account).public, key_of(account).grant
    assert first is not None
    assert first.lifetime == 300, "what arrives counts, and no constant"
    await harness.step(200)
    assert key_of(account).grant is first
    await harness.step(50)
    second = key_of(account).grant
    assert second is not None
    assert second.access != first.access
    assert second.refresh != first.refresh
    assert key_of(account).public == public
    assert harness.status(account).name == "ready"
    assert len(harness.asked(account, "refresh")) == renewed(account) == 1


@pytest.mark.security("S72", "S65")
async def test_it_is_stored_and_read_back_before_it_is_used(harness: CoreHarness) -> None:
    account = await with_key(harness)
    before = await harness.vault.load(account.id)
    await harness.step(245)
    after, grant = await harness.vault.load(account.id), key_of(account).grant
    assert grant is not None
    assert after.refresh == grant.refresh != before.refresh
    assert after.generation == before.generation + 1
    assert after.access is None, "a token that can be made again stays in memory"
    assert (after.api_key, after.api_secret, after.scopes) == (before.api_key, before.api_secret, before.scopes)
    assert RefreshJournal(harness.paths.state).read(account.id) == after.generation


async def test_after_hours_the_key_can_be_deleted(harness: CoreHarness) -> None:
    account = await with_key(harness)
    await hours_later(harness)
    assert "deleted at WhiteBIT" in await harness.rack.keys.delete(account)
    assert page(harness, account) == []
    await sign_in(harness, account)
    assert harness.status(account).name == "ready"


async def test_after_hours_a_secret_and_the_rights_are_had_without_a_browser(harness: CoreHarness) -> None:
    account = await with_key(harness)
    await hours_later(harness)
    browsed, rights = len(harness.opened), key_of(account).rights
    await sign_in(harness, account)
    assert len(harness.opened) == browsed
    assert key_of(account).rights == rights


async def test_a_short_restart_keeps_it_and_a_long_one_only_the_key(harness: CoreHarness) -> None:
    await with_key(harness)
    await harness.kill()
    harness.leap(500)
    await harness.start()
    (account,) = harness.rack.accounts
    await harness.until(lambda: renewed(account) == 1)
    await harness.kill()
    harness.leap(700)
    await harness.start()
    (account,) = harness.rack.accounts
    assert key_of(account).grant is None
    assert harness.status(account).name == "ready"
    with pytest.raises(NoGrant):
        await harness.rack.keys.delete(account)


async def test_a_refused_renewal_leaves_the_key_and_is_told(harness: CoreHarness) -> None:
    account = await with_key(harness)
    fault(harness, "refresh", "refused")
    await harness.step(245)
    assert key_of(account).grant is None
    assert isinstance(account.state, Active)
    assert any("The key goes on working" in line.notice.sentence for line in account.activity.lines())
    record = await harness.vault.load(account.id)
    assert (record.refresh, record.access) == (None, None)
    asked = len(harness.asked(account, "refresh"))
    await harness.step(600)
    assert len(harness.asked(account, "refresh")) == asked


async def test_a_network_that_is_away_costs_nothing_until_ten_minutes(harness: CoreHarness) -> None:
    account = await with_key(harness)
    fault(harness, "refresh", "status:503")
    await harness.step(245)
    assert isinstance(account.state, Active)
    assert isinstance(account.state.renewal, Retrying)
    assert harness.status(account).name == "ready", "the key itself works"
    assert not harness.status(account).happened
    harness.sandbox.clear_faults()
    await harness.step(40)
    assert harness.rack.unsaved() == []
    assert len([row for row in harness.asked(account, "refresh") if row["status"] == 200]) == 1
    fault(harness, "refresh", "reset")
    await harness.step(700)
    await harness.look()
    assert key_of(account).grant is None


@pytest.mark.security("S74")
async def test_a_keyring_that_refuses_it_keeps_it_in_memory(harness: CoreHarness) -> None:
    account = await with_key(harness)
    harness.vault.refuses_saves = Locked()
    await harness.step(245)
    assert isinstance(account.state, Active)
    assert isinstance(account.state.renewal, Unsaved)
    harness.vault.refuses_saves = None
    await harness.rack.retry_save(account)
    grant = key_of(account).grant
    assert grant is not None
    assert (await harness.vault.load(account.id)).refresh == grant.refresh


@pytest.mark.security("S73")
async def test_a_crash_in_the_middle_of_a_renewal_costs_the_token_alone(harness: CoreHarness) -> None:
    account = await with_key(harness)
    fault(harness, "refresh", "hold:3", 1)
    harness.leap(245)
    harness.rack.parts.refresher.wake()
    await harness.until(lambda: harness.asked(account, "refresh"))
    await harness.kill()
    harness.sandbox.clear_faults()
    harness.leap(2)
    await harness.start()
    (account,) = harness.rack.accounts
    await harness.until(lambda: key_of(account).grant is None)
    assert any("No answer of an earlier renewal" in line.notice.sentence for line in account.activity.lines())
    assert isinstance(account.state, Active)


async def test_figures_that_arrive_during_a_renewal_do_not_lose_it(harness: CoreHarness) -> None:
    account = await with_key(harness)
    fault(harness, "refresh", "hold:1", 1)
    harness.leap(245)
    renewing = asyncio.create_task(harness.rack.parts.refresher.renew(account))
    await harness.until(lambda: harness.asked(account, "refresh"))
    await harness.rack.parts.poller.update(account)
    await renewing
    grant = key_of(account).grant
    assert grant is not None
    assert (await harness.vault.load(account.id)).refresh == grant.refresh
    assert renewed(account) == 1


async def test_a_cancelled_sign_in_leaves_the_newest_token(harness: CoreHarness) -> None:
    """The question before the browser renewed it, so the one from before is used up."""
    account = await with_key(harness)
    generation = (await harness.vault.load(account.id)).generation
    harness.leap(290)
    harness.sandbox.ask("DELETE", "/keys", {"externalId": page(harness, account)[0]["externalId"]})
    harness.person.answer = "nothing"
    task = asyncio.create_task(harness.sign_in(account))
    await harness.until(lambda: harness.opened)
    await harness.until(lambda: renewed(account) == 1)
    assert (await harness.vault.load(account.id)).generation == generation + 1, "as the journal wants (S73)"
    assert RefreshJournal(harness.paths.state).read(account.id) is None
    harness.rack.sign_ins.cancel(account)
    await task
    await harness.step(5)
    await harness.step(240)
    assert key_of(account).grant is not None
    assert {row["status"] for row in harness.asked(account, "refresh")} == {200}


async def test_a_program_gets_no_token_of_it(harness: CoreHarness) -> None:
    account = await with_key(harness)
    harness.rack.access.choose(account, "allow")
    with pytest.raises(NoTokenToGive):
        await harness.rack.tokens.give(account, PROGRAM)


async def test_the_older_answer_works_by_what_arrives(harness: CoreHarness) -> None:
    old_documents(harness)
    account = await with_key(harness)
    grant = key_of(account).grant
    assert grant is not None
    assert (grant.lifetime, grant.refresh, grant.renewable) == (14_400, None, False)
    await harness.step(3600)
    assert calls(harness, "refresh") == 0 or harness.asked(account, "refresh") == []
    assert "deleted at WhiteBIT" in await harness.rack.keys.delete(account)


async def test_a_record_of_the_first_version_goes_on_working(harness: CoreHarness) -> None:
    """0.1.0 stored a pasted public part and a token of four hours, without any refresh token."""
    old_documents(harness)
    fault(harness, "create", "deliver:callback")
    fault(harness, "consent", "deliver:callback")
    account = await with_key(harness)
    record = await harness.vault.load(account.id)
    assert record.api_key != Secret(record.api_key_id)
    old = Record(
        generation=record.generation,
        client_secret=record.client_secret,
        access=record.access,
        issued_wall=record.issued_wall,
        lifetime=record.lifetime,
        signed_in=True,
        scopes=record.scopes,
        api_key=record.api_key,
        api_secret=record.api_secret,
        api_key_id=record.api_key_id,
        api_key_issued_wall=record.api_key_issued_wall,
    )
    await harness.kill()
    await harness.vault.save(account.id, replace(old))
    await harness.start()
    (account,) = harness.rack.accounts
    assert key_of(account).public == record.api_key
    browsed = len(harness.opened)
    await sign_in(harness, account)
    assert key_of(account).public == record.api_key
    assert len(harness.opened) == browsed
    assert "deleted at WhiteBIT" in await harness.rack.keys.delete(account)
    assert account.state == LoggedOut(Reason.SIGNED_OUT)
