"""Renewal against the sandbox: in time, once, stored before it is seen, and never lost (S70 to S81)."""

import asyncio
import itertools
import threading

import pytest

from keyrack.core.accounts.account import Account
from keyrack.core.accounts.draft import Draft
from keyrack.core.accounts.state import Active, Idle, LoggedOut, Reason, Retrying, Running, Unsaved
from keyrack.core.tokens.refresh_journal import RefreshJournal
from keyrack.core.tokens.renewal_notes import OwnNotes
from keyrack.core.vault.vault_errors import Locked
from keyrack.oauth.oauth_errors import ClientRejected
from keyrack.primitives.failure import Failure
from keyrack.primitives.secret import Secret
from tests.core.harness import SECRET, CoreHarness

LIFETIME = 300.0
LEAD = 60.0


def renewal_of(account: Account) -> object:
    assert isinstance(account.state, Active), account.state
    return account.state.renewal


@pytest.mark.security("S77")
async def test_an_hour_of_a_300_second_token_is_15_renewals_each_at_80_percent(harness: CoreHarness) -> None:
    account = await harness.signed_in()
    born = harness.asked(account, "token")[0]["at"]
    ends = born + 3600 + 65  # 15 renewals, each at most 3 s of jitter and 1 s of stepping late
    seen, now = 0, born
    await harness.step(232)
    while now < ends:
        renewed = len(harness.asked(account)) > seen
        seen += renewed
        await harness.step(232 if renewed else 1)
        now = harness.sandbox.ask("GET", "/clock")["now"]
    rows = harness.asked(account)
    moments = [born, *(row["at"] for row in rows)]
    gaps = [later - earlier for earlier, later in itertools.pairwise(moments)]
    assert [row["status"] for row in rows] == [200] * 15
    assert min(gaps) >= LIFETIME - LEAD - 0.05 * LEAD - 0.5
    assert max(gaps) <= LIFETIME - LEAD + 0.05 * LEAD + 2.5
    assert max(gaps) < LIFETIME
    assert min(gaps) >= 1.0


@pytest.mark.security("S70")
async def test_100_demands_at_expiry_are_one_request(harness: CoreHarness) -> None:
    account = await harness.signed_in()
    old = harness.token(account).access
    harness.leap(301)
    tokens = await asyncio.gather(*(harness.rack.parts.token_source.fresh(account) for _ in range(100)))
    assert len(harness.asked(account)) == 1
    assert len({token.reveal() for token in tokens}) == 1
    assert tokens[0] != old


@pytest.mark.security("S70")
async def test_the_loop_a_press_and_a_demand_share_one_attempt(harness: CoreHarness) -> None:
    account = await harness.signed_in()
    harness.sandbox.fault("whitebit", "refresh", "delay:0.2")
    harness.leap(301)
    harness.rack.parts.refresher.wake()
    await harness.until(lambda: isinstance(renewal_of(account), Running))
    await asyncio.gather(harness.rack.refresh(account), harness.rack.parts.token_source.fresh(account))
    assert len(harness.asked(account)) == 1


@pytest.mark.security("S72")
async def test_no_waiter_gets_a_token_before_the_vault_has_it(harness: CoreHarness) -> None:
    account = await harness.signed_in()
    old = harness.token(account).access
    harness.leap(301)
    harness.vault.saves.clear()
    harness.vault.gate = asyncio.Event()
    waiters = [asyncio.create_task(harness.rack.parts.token_source.fresh(account)) for _ in range(20)]
    await harness.until(lambda: harness.vault.saves)
    for _ in range(50):
        await asyncio.sleep(0)
    assert not any(waiter.done() for waiter in waiters)
    assert harness.token(account).access == old
    harness.vault.gate.set()
    tokens = await asyncio.gather(*waiters)
    assert all(token != old for token in tokens)
    stored = await harness.vault.load(account.id)
    assert stored.refresh == harness.token(account).refresh


@pytest.mark.security("S73")
@pytest.mark.parametrize("fault", ["hold:5", "lost", "truncated", "malformed"])
async def test_killed_after_the_provider_rotated_is_interrupted_after_one_try(harness: CoreHarness, fault: str) -> None:
    account = await harness.signed_in()
    harness.sandbox.fault("whitebit", "refresh", fault, times=1)
    harness.leap(245)
    harness.rack.parts.refresher.wake()
    await harness.until(lambda: harness.asked(account))
    await harness.kill()
    harness.leap(2)
    await harness.start()
    again = next(iter(harness.rack.accounts))
    await harness.until(lambda: isinstance(again.state, LoggedOut))
    assert again.state == LoggedOut(Reason.INTERRUPTED_REFRESH, again.state.why)  # type: ignore[union-attr]
    assert harness.status(again).happened == "No answer of an earlier renewal could be stored."
    await harness.step(40)
    assert len(harness.asked(again)) == 2
    await harness.sign_in(again)
    assert harness.status(again).name == "ready"


@pytest.mark.security("S73")
async def test_killed_while_the_vault_writes_is_interrupted(harness: CoreHarness) -> None:
    await harness.signed_in()
    harness.vault.saves.clear()
    harness.vault.gate = asyncio.Event()
    harness.leap(245)
    harness.rack.parts.refresher.wake()
    await harness.until(lambda: harness.vault.saves)
    harness.vault.gate = None
    await harness.kill()
    harness.leap(2)
    await harness.start()
    again = next(iter(harness.rack.accounts))
    await harness.until(lambda: isinstance(again.state, LoggedOut))
    assert harness.status(again).reason == "interrupted_refresh"


@pytest.mark.security("S73")
async def test_killed_before_the_provider_worked_is_ready_again(harness: CoreHarness) -> None:
    account = await harness.signed_in()
    harness.sandbox.fault("whitebit", "refresh", "reset", times=1)
    harness.leap(245)
    harness.rack.parts.refresher.wake()
    await harness.until(lambda: harness.asked(account))
    await harness.kill()
    harness.leap(2)
    await harness.start()
    again = next(iter(harness.rack.accounts))
    await harness.until(lambda: harness.status(again).name == "ready")
    assert [row["status"] for row in harness.asked(again)] == [0, 200]


@pytest.mark.security("S73")
async def test_a_note_of_a_generation_that_is_stored_accuses_nobody(harness: CoreHarness) -> None:
    account = await harness.signed_in()
    stored = (await harness.vault.load(account.id)).generation
    await harness.rack.parts.rotation.notes.write(account.id, stored, None)
    harness.sandbox.fault("whitebit", "refresh", "refused")
    await harness.rack.refresh(account)
    assert harness.status(account).reason == "refresh_rejected"


async def test_an_answer_lost_after_rotation_is_one_more_try_and_then_interrupted(harness: CoreHarness) -> None:
    account = await harness.signed_in()
    harness.sandbox.fault("whitebit", "refresh", "lost", times=1)
    await harness.step(245)
    assert isinstance(renewal_of(account), Retrying)
    await harness.step(4)
    assert harness.status(account).reason == "interrupted_refresh"
    await harness.step(100)
    assert len(harness.asked(account)) == 2
    assert (await harness.vault.load(account.id)).refresh is not None


@pytest.mark.security("S74")
async def test_a_token_the_vault_refuses_is_kept_shown_as_unsaved_and_stored_later(harness: CoreHarness) -> None:
    account = await harness.signed_in()
    old = harness.token(account)
    harness.vault.refuses_saves = Locked()
    await harness.step(245)
    assert harness.status(account).name == "unsaved"
    assert harness.rack.unsaved() == [account]
    new = harness.token(account)
    assert new.refresh != old.refresh
    assert await harness.rack.parts.token_source.fresh(account) == new.access
    tries = len(harness.vault.saves)
    for _ in range(4):
        await harness.step(37)
    assert len(harness.vault.saves) == tries + 4
    assert harness.token(account).access == new.access
    assert len(harness.asked(account)) == 1
    harness.vault.refuses_saves = None
    await harness.step(37)
    assert harness.status(account).name == "ready"
    assert harness.rack.unsaved() == []
    assert (await harness.vault.load(account.id)).refresh == new.refresh


@pytest.mark.security("S74")
async def test_while_unsaved_it_is_renewed_in_memory_and_a_failing_provider_hides_nothing(harness: CoreHarness) -> None:
    account = await harness.signed_in()
    harness.vault.refuses_saves = Locked()
    await harness.step(245)
    first = harness.token(account)
    harness.sandbox.fault("whitebit", "refresh", "status:503", times=1)
    await harness.step(245)
    assert isinstance(renewal_of(account), Unsaved)
    assert harness.token(account) is first
    await harness.step(37)
    assert isinstance(renewal_of(account), Unsaved)
    assert harness.token(account).refresh != first.refresh
    assert [row["status"] for row in harness.asked(account)] == [200, 503, 200]
    harness.vault.refuses_saves = None
    await harness.rack.retry_save(account)
    assert harness.status(account).name == "ready"


@pytest.mark.security("S74")
async def test_a_token_that_cannot_be_renewed_is_stored_by_a_press_too(harness: CoreHarness) -> None:
    harness.vault.refuses_saves = None
    account = await harness.add("bitport")
    harness.vault.refuses_saves = Locked()
    await harness.sign_in(account)
    assert harness.status(account).name == "unsaved"
    harness.vault.refuses_saves = None
    await harness.rack.retry_save(account)
    assert harness.status(account).name == "ready"
    record = await harness.vault.load(account.id)
    assert (record.access, record.identity) == (harness.token(account).access, "sam.okafor@example.org")


@pytest.mark.security("S75")
@pytest.mark.parametrize(
    "fault",
    [
        "status:500",
        "html:502",
        "status:503",
        "status:504",
        "status:408",
        "status:429",
        "closed",
        "redirect:https://example.org/",
        "body:{}",
        "body:[]",
        'body:{"odd":NaN}',
        'body:{"error":"temporarily_unavailable"}',
        "reset",
        "big",
    ],
)
async def test_everything_but_a_dead_grant_is_retried_and_heals(harness: CoreHarness, fault: str) -> None:
    account = await harness.signed_in()
    kept = harness.token(account).refresh
    harness.sandbox.fault("whitebit", "refresh", fault, times=1)
    await harness.step(245)
    assert harness.status(account).name == "retrying"
    assert harness.token(account).refresh == kept
    assert harness.status(account).happened
    await harness.step(4)
    assert harness.status(account).name == "ready"
    assert [row["status"] for row in harness.asked(account)][-1] == 200


@pytest.mark.security("S75")
async def test_a_dead_grant_ends_it_after_one_request_and_keeps_the_record(harness: CoreHarness) -> None:
    account = await harness.signed_in()
    before = await harness.vault.load(account.id)
    harness.sandbox.fault("whitebit", "refresh", "refused")
    await harness.step(245)
    status = harness.status(account)
    assert (status.name, status.reason) == ("needs_login", "refresh_rejected")
    assert status.happened == "WhiteBIT no longer accepts this sign-in."
    for _ in range(3):
        await harness.step(60)
    assert len(harness.asked(account)) == 1
    assert await harness.vault.load(account.id) == before
    with pytest.raises(Failure):
        await harness.rack.parts.token_source.fresh(account)
    assert len(harness.asked(account)) == 1


@pytest.mark.security("S76")
async def test_a_rejected_client_has_its_own_text_and_keeps_the_refresh_token(harness: CoreHarness) -> None:
    account = await harness.signed_in()
    kept = harness.token(account).refresh
    harness.sandbox.fault("whitebit", "refresh", "refused:401", times=1)
    await harness.step(245)
    assert isinstance(account.state, Active)
    assert isinstance(account.state.renewal, Retrying)
    assert isinstance(account.state.renewal.why, ClientRejected)
    assert "client id or secret" in harness.status(account).means
    assert harness.token(account).refresh == kept
    await harness.step(4)
    assert harness.status(account).name == "ready"


@pytest.mark.security("S76")
async def test_a_key_that_is_asked_again_ends_when_it_is_rejected(harness: CoreHarness) -> None:
    account = await harness.signed_in("probit", "client_credentials")
    harness.sandbox.fault("probit", "token", "refused")
    await harness.step(790)
    assert harness.status(account).reason == "refresh_rejected"
    assert "client id or the client secret" in harness.status(account).happened
    assert (await harness.vault.load(account.id)).client_secret is not None


@pytest.mark.security("S79")
async def test_failures_in_a_row_are_spaced_2_4_8_16_30_seconds_with_jitter(harness: CoreHarness) -> None:
    account = await harness.signed_in()
    harness.sandbox.fault("whitebit", "refresh", "status:503")
    await harness.step(245)
    for base in (2, 4, 8, 16, 30, 30):
        renewal = renewal_of(account)
        assert isinstance(renewal, Retrying)
        wait = renewal.at - harness.rack.clock.elapsed()
        assert 0.8 * base - 0.5 <= wait <= 1.2 * base
        count = len(harness.asked(account))
        await harness.step(0.7 * base)
        assert len(harness.asked(account)) == count, "asked too early"
        await harness.step(0.5 * base + 0.1)
        assert len(harness.asked(account)) == count + 1


@pytest.mark.security("S79")
async def test_retry_after_is_never_undercut_not_even_by_a_press(harness: CoreHarness) -> None:
    account = await harness.signed_in()
    harness.sandbox.fault("whitebit", "refresh", "retry:100", times=1)
    await harness.step(245)
    renewal = renewal_of(account)
    assert isinstance(renewal, Retrying)
    assert 95 < renewal.at - harness.rack.clock.elapsed() <= 100
    await harness.step(60)
    await harness.rack.refresh(account)
    with pytest.raises(Failure, match="slow down"):
        await harness.rack.parts.token_source.fresh(account)
    assert len(harness.asked(account)) == 1
    await harness.step(45)
    assert [row["status"] for row in harness.asked(account)] == [429, 200]


@pytest.mark.security("S79")
async def test_no_retry_is_planned_beyond_the_end_of_the_sign_in(harness: CoreHarness) -> None:
    account = await harness.signed_in()
    harness.sandbox.fault("whitebit", "refresh", "retry:5000")
    await harness.step(245)
    renewal = renewal_of(account)
    assert isinstance(renewal, Retrying)
    assert renewal.at == harness.token(account).refresh_expires
    await harness.step(400)
    assert harness.status(account).reason == "refresh_expired"
    assert len(harness.asked(account)) == 1


async def test_a_long_wait_may_be_cut_short_by_hand(harness: CoreHarness) -> None:
    account = await harness.signed_in("probit", "client_credentials")
    harness.sandbox.fault("probit", "token", "retry:5000", times=1)
    await harness.step(790)
    assert harness.status(account).name == "retrying"
    with pytest.raises(Failure):
        await harness.rack.parts.token_source.fresh(account, 300)
    harness.leap(6)
    await harness.rack.refresh(account)
    assert harness.status(account).name == "ready"


@pytest.mark.security("S80")
@pytest.mark.parametrize("jump", [86_400.0, -86_400.0, -1.7e9, 2.3e9])
async def test_a_jump_of_the_wall_clock_costs_no_more_than_one_renewal(harness: CoreHarness, jump: float) -> None:
    account = await harness.signed_in()
    harness.clock.wall_offset = jump
    for _ in range(3):
        await harness.look()
    token = await harness.rack.parts.token_source.fresh(account)
    assert token == harness.token(account).access
    assert 290 < (harness.status(account).left or 0) <= 300
    assert len(harness.asked(account)) <= 1
    harness.leap(301)
    assert await harness.rack.parts.token_source.fresh(account) != token
    assert len(harness.asked(account)) <= 2


@pytest.mark.security("S80")
async def test_a_wall_clock_that_went_back_over_a_restart_invents_no_life(harness: CoreHarness) -> None:
    account = await harness.signed_in()
    await harness.kill()
    harness.clock.wall_offset = -86_400.0
    harness.sandbox.fault("whitebit", "refresh", "reset", times=1)
    await harness.start()
    again = next(iter(harness.rack.accounts))
    assert 0 < (harness.status(again).sign_in_left or 0) <= 600
    await harness.until(lambda: harness.status(again).name == "retrying")
    await harness.step(4)
    assert harness.status(again).name == "ready"
    assert len(harness.asked(account)) == 2


@pytest.mark.security("S80")
@pytest.mark.parametrize("booted", [0.0, 946_684_800.0, 4_102_444_800.0])
async def test_a_clock_that_is_wrong_at_boot_and_set_later_costs_no_sign_in(
    harness: CoreHarness, booted: float
) -> None:
    """In 1970, or in 2000, as computers without a battery begin, or in 2100."""
    account = await harness.signed_in()
    await harness.kill()
    harness.clock.wall_offset = booted - harness.clock.wall
    await harness.start()
    account = next(iter(harness.rack.accounts))
    await harness.until(lambda: harness.status(account).name == "ready")
    harness.clock.wall_offset = 0.0
    await harness.look()
    assert harness.status(account).name == "ready"
    harness.leap(10)
    await harness.kill()
    await harness.start()
    account = next(iter(harness.rack.accounts))
    await harness.until(lambda: harness.status(account).name == "ready")
    assert [row["status"] for row in harness.asked(account)] == [200, 200]
    assert 0 < (harness.status(account).sign_in_left or 0) <= 600


@pytest.mark.security("S80")
async def test_after_a_sleep_longer_than_the_sign_in_nothing_is_asked_and_nothing_handed_out(
    harness: CoreHarness,
) -> None:
    account = await harness.signed_in()
    harness.leap(900)
    with pytest.raises(Failure):
        await harness.rack.parts.token_source.fresh(account)
    await harness.look()
    assert harness.status(account).reason == "refresh_expired"
    assert "not renewed in time" in harness.status(account).happened
    assert harness.asked(account) == []


@pytest.mark.security("S80")
async def test_while_the_provider_is_away_no_ended_token_is_handed_out_and_it_heals_alone(harness: CoreHarness) -> None:
    account = await harness.signed_in()
    harness.sandbox.fault("whitebit", "*", "down")
    await harness.step(245)
    assert await harness.rack.parts.token_source.fresh(account) == harness.token(account).access
    await harness.step(60)
    for _ in range(3):
        with pytest.raises(Failure, match="cannot be reached"):
            await harness.rack.parts.token_source.fresh(account)
    harness.sandbox.clear_faults()
    await harness.step(37)
    assert harness.status(account).name == "ready"
    assert await harness.rack.parts.token_source.fresh(account) == harness.token(account).access


@pytest.mark.security("S80")
async def test_after_a_shorter_sleep_the_first_demand_renews(harness: CoreHarness) -> None:
    account = await harness.signed_in()
    old = harness.token(account).access
    harness.leap(500)
    assert await harness.rack.parts.token_source.fresh(account) != old


@pytest.mark.parametrize(("mode", "changes"), [("same", False), ("without", False), ("scope", True)])
async def test_a_refresh_token_is_replaced_only_by_a_new_one(harness: CoreHarness, mode: str, changes: bool) -> None:
    account = await harness.signed_in()
    old = harness.token(account).refresh
    if not changes:
        harness.sandbox.fault("whitebit", "refresh", mode, times=1)
    await harness.step(245)
    assert (harness.token(account).refresh != old) is changes
    await harness.step(245)
    assert [row["status"] for row in harness.asked(account)] == [200, 200]


@pytest.mark.security("S65")
async def test_access_tokens_that_can_be_remade_are_not_stored(harness: CoreHarness) -> None:
    whitebit, probit = await harness.signed_in(), await harness.signed_in("probit", "client_credentials")
    bitport = await harness.signed_in("bitport")
    await harness.step(245)
    for account in (whitebit, probit):
        assert (await harness.vault.load(account.id)).access is None
        token = harness.token(account).access
        assert token is not None
        assert all(token.reveal() not in text.reveal() for text in harness.vault.texts.values())
    assert (await harness.vault.load(bitport.id)).access == harness.token(bitport).access


async def test_accounts_that_expire_together_are_renewed_five_at_a_time(harness: CoreHarness) -> None:
    accounts = await asyncio.gather(*(harness.signed_in("probit", "client_credentials") for _ in range(12)))
    harness.sandbox.fault("probit", "token", "delay:0.25")
    await harness.step(790)
    moments = sorted(harness.asked(account, "token")[1]["at"] for account in accounts)
    assert all(later - earlier >= 0.2 for earlier, later in zip(moments, moments[5:], strict=False))
    assert all(harness.status(account).name == "ready" for account in accounts)


async def test_an_account_that_hangs_delays_no_other(harness: CoreHarness) -> None:
    slow = [await harness.signed_in("probit", "client_credentials") for _ in range(6)]
    fine = await harness.signed_in()
    harness.sandbox.fault("probit", "token", "delay:4")
    harness.leap(890)
    tasks = [asyncio.create_task(harness.rack.refresh(account)) for account in slow]
    await harness.until(lambda: all(isinstance(renewal_of(account), Running) for account in slow))
    # Its sign-in has lapsed by now: a new one goes through while the others hang.
    await harness.sign_in(fine)
    old = harness.token(fine).access
    harness.leap(250)
    async with asyncio.timeout(2):
        await harness.rack.parts.refresher.renew(fine)
    assert harness.token(fine).access != old
    harness.sandbox.clear_faults()
    for task, account in zip(tasks, slow, strict=True):
        task.cancel()
        await harness.rack.parts.refresher.stop(account, grace=0.0)


@pytest.mark.security("S70", "S77")
async def test_40_accounts_of_one_client_are_renewed_5_seconds_apart_and_no_token_ends(harness: CoreHarness) -> None:
    first = await harness.signed_in("probit", "client_credentials")
    settings, secret = first.settings, Secret(SECRET)
    drafts = [
        Draft("probit", "global", "client_credentials", f"Account {number}", settings.client_id, secret, "")
        for number in range(39)
    ]
    accounts = [first, *[await harness.rack.add(draft) for draft in drafts]]
    for account in accounts[1:]:
        await harness.sign_in(account)
    ended = min(harness.token(account).expires or 0.0 for account in accounts)
    told = [harness.status(account).renews_in or 0.0 for account in accounts]
    assert max(told) - min(told) > 38 * 5 - 12, "what is shown is when it happens, give or take the jitter"
    await harness.step(540)
    while harness.rack.clock.elapsed() < ended:
        await harness.step(1)
        assert all(harness.status(account).left for account in accounts)
    moments = [row["at"] for row in harness.asked(first, "token")[40:]]
    assert len(moments) == 40
    assert all(later - earlier >= 5.0 for earlier, later in itertools.pairwise(moments))


async def test_two_accounts_of_one_client_are_a_second_apart(harness: CoreHarness) -> None:
    first = await harness.signed_in()
    settings = first.settings
    second = await harness.rack.add(
        harness.draft(settings.provider, settings.client_id, settings.redirect_uri, name="The other account")
    )
    harness.person.account = "treasury"
    await harness.sign_in(second)
    harness.leap(245)
    await asyncio.gather(*(harness.rack.parts.refresher.renew(account) for account in (first, second)))
    rows = harness.asked(first)
    assert [row["status"] for row in rows] == [200, 200]
    assert rows[1]["at"] - rows[0]["at"] >= 1.0


async def test_closing_while_a_renewal_hangs_takes_less_than_5_seconds_and_leaves_the_note(
    harness: CoreHarness,
) -> None:
    account = await harness.signed_in()
    harness.sandbox.fault("whitebit", "refresh", "hold:8", times=1)
    harness.leap(245)
    harness.rack.parts.refresher.wake()
    await harness.until(lambda: harness.asked(account))
    async with asyncio.timeout(5):
        await harness.rack.close()
    assert (harness.paths.state / "intents" / f"{account.id}.json").exists()


async def test_closing_lets_a_renewal_end_that_can(harness: CoreHarness) -> None:
    account = await harness.signed_in()
    old = (await harness.vault.load(account.id)).refresh
    harness.sandbox.fault("whitebit", "refresh", "hold:0.3", times=1)
    harness.leap(245)
    harness.rack.parts.refresher.wake()
    await harness.until(lambda: harness.asked(account))
    await harness.rack.close()
    record = await harness.vault.load(account.id)
    assert record.refresh != old
    assert RefreshJournal(harness.paths.state).read(account.id) == record.generation


@pytest.mark.security("S73")
async def test_a_renewal_that_is_ended_before_it_asks_leaves_no_note(harness: CoreHarness) -> None:
    account = await harness.signed_in()
    begun, go_on = threading.Event(), threading.Event()

    class Slow(RefreshJournal):
        """A disk that takes its time."""

        def write(self, account: str, generation: int) -> None:
            begun.set()
            assert go_on.wait(20)
            super().write(account, generation)

    harness.rack.parts.rotation.notes = OwnNotes(Slow(harness.paths.state))
    harness.leap(245)
    harness.rack.parts.refresher.wake()
    await harness.until(begun.is_set)
    stopping = asyncio.create_task(harness.rack.parts.refresher.stop(account, grace=0.0))
    await harness.until(lambda: all(attempt.cancelling() for attempt in harness.rack.parts.refresher.attempts.tasks()))
    go_on.set()
    await stopping
    assert RefreshJournal(harness.paths.state).read(account.id) is None
    assert harness.asked(account) == []


@pytest.mark.security("S74")
async def test_a_token_whose_storing_is_cut_off_stays_in_memory(harness: CoreHarness) -> None:
    account = await harness.signed_in()
    old = harness.token(account)
    harness.vault.saves.clear()
    harness.vault.gate = asyncio.Event()
    harness.leap(245)
    harness.rack.parts.refresher.wake()
    await harness.until(lambda: harness.vault.saves)
    await harness.rack.parts.refresher.stop(account, grace=0.0)
    assert harness.token(account).refresh != old.refresh
    assert isinstance(renewal_of(account), Unsaved)
    harness.vault.gate.set()
    await harness.until(lambda: renewal_of(account) == Idle())
    assert (await harness.vault.load(account.id)).refresh == harness.token(account).refresh


async def test_a_fault_of_our_own_does_not_end_the_renewal_for_ever(
    harness: CoreHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    account = await harness.signed_in()
    with monkeypatch.context() as patch:
        patch.setattr(harness.rack.parts.rotation, "next", None)
        await harness.step(245)
        assert harness.status(account).happened == "Keyrack met an error of its own."
    await harness.step(4)
    assert harness.status(account).name == "ready"


async def test_a_secret_changed_during_a_renewal_loses_neither(harness: CoreHarness) -> None:
    account = await harness.signed_in()
    harness.sandbox.fault("whitebit", "refresh", "hold:0.2", times=1)
    harness.vault.gate = asyncio.Event()
    harness.leap(245)
    harness.rack.parts.refresher.wake()
    await harness.until(lambda: harness.asked(account))
    editing = asyncio.create_task(
        harness.rack.edit(
            account, account.settings.client_id, Secret("another-invented-one"), account.settings.redirect_uri
        )
    )
    await asyncio.sleep(0.3)
    harness.vault.gate.set()
    await editing
    await harness.look()
    record = await harness.vault.load(account.id)
    assert record.client_secret == Secret("another-invented-one")
    assert record.refresh == harness.token(account).refresh
    assert len(harness.asked(account)) == 1
