"""Renewal against the sandbox: in time, once, stored before it is seen, and never lost (S70 to S81)."""

import asyncio
import itertools
import threading

import pytest

from keyrack.core.accounts.account import Account
from keyrack.core.accounts.state import Active, Idle, LoggedOut, Reason, Retrying, Running, Unsaved
from keyrack.core.tokens.refresh_journal import Intents
from keyrack.core.vault.vault_errors import Locked
from keyrack.oauth.oauth_errors import ClientRejected
from keyrack.primitives.failure import Failure
from keyrack.primitives.secret import Secret
from tests.core.harness import Desk

LIFETIME = 300.0
LEAD = 60.0


def renewal_of(account: Account) -> object:
    assert isinstance(account.state, Active), account.state
    return account.state.renewal


@pytest.mark.security("S77")
async def test_an_hour_of_a_300_second_token_is_15_renewals_each_at_80_percent(desk: Desk) -> None:
    account = await desk.signed_in()
    born = desk.asked(account, "token")[0]["at"]
    ends = born + 3600 + 65  # 15 renewals, each at most 3 s of jitter and 1 s of stepping late
    seen, now = 0, born
    await desk.step(232)
    while now < ends:
        renewed = len(desk.asked(account)) > seen
        seen += renewed
        await desk.step(232 if renewed else 1)
        now = desk.stand_in.ask("GET", "/clock")["now"]
    rows = desk.asked(account)
    moments = [born, *(row["at"] for row in rows)]
    gaps = [later - earlier for earlier, later in itertools.pairwise(moments)]
    assert [row["status"] for row in rows] == [200] * 15
    assert min(gaps) >= LIFETIME - LEAD - 0.05 * LEAD - 0.5
    assert max(gaps) <= LIFETIME - LEAD + 0.05 * LEAD + 2.5
    assert max(gaps) < LIFETIME
    assert min(gaps) >= 1.0


@pytest.mark.security("S70")
async def test_100_demands_at_expiry_are_one_request(desk: Desk) -> None:
    account = await desk.signed_in()
    old = desk.token(account).access
    desk.leap(301)
    tokens = await asyncio.gather(*(desk.rack.hand_out.fresh(account) for _ in range(100)))
    assert len(desk.asked(account)) == 1
    assert len({token.reveal() for token in tokens}) == 1
    assert tokens[0] != old


@pytest.mark.security("S70")
async def test_the_loop_a_press_and_a_demand_share_one_attempt(desk: Desk) -> None:
    account = await desk.signed_in()
    desk.stand_in.fault("whitebit", "refresh", "delay:0.2")
    desk.leap(301)
    desk.rack._refresher.wake()
    await desk.until(lambda: isinstance(renewal_of(account), Running))
    await asyncio.gather(desk.rack.refresh(account), desk.rack.hand_out.fresh(account), desk.rack.refresh_all())
    assert len(desk.asked(account)) == 1


@pytest.mark.security("S72")
async def test_no_waiter_gets_a_token_before_the_vault_has_it(desk: Desk) -> None:
    account = await desk.signed_in()
    old = desk.token(account).access
    desk.leap(301)
    desk.vault.saves.clear()
    desk.vault.gate = asyncio.Event()
    waiters = [asyncio.create_task(desk.rack.hand_out.fresh(account)) for _ in range(20)]
    await desk.until(lambda: desk.vault.saves)
    for _ in range(50):
        await asyncio.sleep(0)
    assert not any(waiter.done() for waiter in waiters)
    assert desk.token(account).access == old
    desk.vault.gate.set()
    tokens = await asyncio.gather(*waiters)
    assert all(token != old for token in tokens)
    stored = await desk.vault.load(account.id)
    assert stored.refresh == desk.token(account).refresh


@pytest.mark.security("S73")
@pytest.mark.parametrize("fault", ["hold:5", "lost", "truncated", "malformed"])
async def test_killed_after_the_provider_rotated_is_interrupted_after_one_try(desk: Desk, fault: str) -> None:
    account = await desk.signed_in()
    desk.stand_in.fault("whitebit", "refresh", fault, times=1)
    desk.leap(245)
    desk.rack._refresher.wake()
    await desk.until(lambda: desk.asked(account))
    await desk.kill()
    desk.leap(2)
    await desk.start()
    again = next(iter(desk.rack.accounts))
    await desk.until(lambda: isinstance(again.state, LoggedOut))
    assert again.state == LoggedOut(Reason.INTERRUPTED_REFRESH, again.state.why)  # type: ignore[union-attr]
    assert desk.status(again).happened == "A renewal was interrupted before its answer was stored."
    await desk.step(40)
    assert len(desk.asked(again)) == 2
    await desk.sign_in(again)
    assert desk.status(again).name == "ready"


@pytest.mark.security("S73")
async def test_killed_while_the_vault_writes_is_interrupted(desk: Desk) -> None:
    await desk.signed_in()
    desk.vault.saves.clear()
    desk.vault.gate = asyncio.Event()
    desk.leap(245)
    desk.rack._refresher.wake()
    await desk.until(lambda: desk.vault.saves)
    desk.vault.gate = None
    await desk.kill()
    desk.leap(2)
    await desk.start()
    again = next(iter(desk.rack.accounts))
    await desk.until(lambda: isinstance(again.state, LoggedOut))
    assert desk.status(again).reason == "interrupted_refresh"


@pytest.mark.security("S73")
async def test_killed_before_the_provider_worked_is_ready_again(desk: Desk) -> None:
    account = await desk.signed_in()
    desk.stand_in.fault("whitebit", "refresh", "reset", times=1)
    desk.leap(245)
    desk.rack._refresher.wake()
    await desk.until(lambda: desk.asked(account))
    await desk.kill()
    desk.leap(2)
    await desk.start()
    again = next(iter(desk.rack.accounts))
    await desk.until(lambda: desk.status(again).name == "ready")
    assert [row["status"] for row in desk.asked(again)] == [0, 200]


@pytest.mark.security("S73")
async def test_a_note_of_a_generation_that_is_stored_accuses_nobody(desk: Desk) -> None:
    account = await desk.signed_in()
    stored = (await desk.vault.load(account.id)).generation
    desk.rack._refresher._rotation._intents.write(account.id, stored)
    desk.stand_in.fault("whitebit", "refresh", "refused")
    await desk.rack.refresh(account)
    assert desk.status(account).reason == "refresh_rejected"


async def test_an_answer_lost_after_rotation_is_one_more_try_and_then_interrupted(desk: Desk) -> None:
    account = await desk.signed_in()
    desk.stand_in.fault("whitebit", "refresh", "lost", times=1)
    await desk.step(245)
    assert isinstance(renewal_of(account), Retrying)
    await desk.step(4)
    assert desk.status(account).reason == "interrupted_refresh"
    await desk.step(100)
    assert len(desk.asked(account)) == 2
    assert (await desk.vault.load(account.id)).refresh is not None


@pytest.mark.security("S74")
async def test_a_token_the_vault_refuses_is_kept_shown_as_unsaved_and_stored_later(desk: Desk) -> None:
    account = await desk.signed_in()
    old = desk.token(account)
    desk.vault.refuses_saves = Locked()
    await desk.step(245)
    assert desk.status(account).name == "unsaved"
    assert desk.rack.unsaved() == [account]
    new = desk.token(account)
    assert new.refresh != old.refresh
    assert await desk.rack.hand_out.fresh(account) == new.access
    tries = len(desk.vault.saves)
    for _ in range(4):
        await desk.step(37)
    assert len(desk.vault.saves) == tries + 4
    assert desk.token(account).access == new.access
    assert len(desk.asked(account)) == 1
    desk.vault.refuses_saves = None
    await desk.step(37)
    assert desk.status(account).name == "ready"
    assert desk.rack.unsaved() == []
    assert (await desk.vault.load(account.id)).refresh == new.refresh


@pytest.mark.security("S74")
async def test_while_unsaved_it_is_renewed_in_memory_and_a_failing_provider_hides_nothing(desk: Desk) -> None:
    account = await desk.signed_in()
    desk.vault.refuses_saves = Locked()
    await desk.step(245)
    first = desk.token(account)
    desk.stand_in.fault("whitebit", "refresh", "status:503", times=1)
    await desk.step(245)
    assert isinstance(renewal_of(account), Unsaved)
    assert desk.token(account) is first
    await desk.step(37)
    assert isinstance(renewal_of(account), Unsaved)
    assert desk.token(account).refresh != first.refresh
    assert [row["status"] for row in desk.asked(account)] == [200, 503, 200]
    desk.vault.refuses_saves = None
    await desk.rack.retry_save(account)
    assert desk.status(account).name == "ready"


@pytest.mark.security("S74")
async def test_a_token_that_cannot_be_renewed_is_stored_by_a_press_too(desk: Desk) -> None:
    desk.vault.refuses_saves = None
    account = await desk.add("bitport")
    desk.vault.refuses_saves = Locked()
    await desk.sign_in(account)
    assert desk.status(account).name == "unsaved"
    desk.vault.refuses_saves = None
    await desk.rack.retry_save(account)
    assert desk.status(account).name == "ready"
    record = await desk.vault.load(account.id)
    assert (record.access, record.identity) == (desk.token(account).access, "sam.okafor@example.org")


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
async def test_everything_but_a_dead_grant_is_retried_and_heals(desk: Desk, fault: str) -> None:
    account = await desk.signed_in()
    kept = desk.token(account).refresh
    desk.stand_in.fault("whitebit", "refresh", fault, times=1)
    await desk.step(245)
    assert desk.status(account).name == "retrying"
    assert desk.token(account).refresh == kept
    assert desk.status(account).happened
    await desk.step(4)
    assert desk.status(account).name == "ready"
    assert [row["status"] for row in desk.asked(account)][-1] == 200


@pytest.mark.security("S75")
async def test_a_dead_grant_ends_it_after_one_request_and_keeps_the_record(desk: Desk) -> None:
    account = await desk.signed_in()
    before = await desk.vault.load(account.id)
    desk.stand_in.fault("whitebit", "refresh", "refused")
    await desk.step(245)
    status = desk.status(account)
    assert (status.name, status.reason) == ("needs_login", "refresh_rejected")
    assert status.happened == "WhiteBIT no longer accepts this sign-in."
    for _ in range(3):
        await desk.step(60)
    assert len(desk.asked(account)) == 1
    assert await desk.vault.load(account.id) == before
    with pytest.raises(Failure):
        await desk.rack.hand_out.fresh(account)
    assert len(desk.asked(account)) == 1


@pytest.mark.security("S76")
async def test_a_rejected_client_has_its_own_text_and_keeps_the_refresh_token(desk: Desk) -> None:
    account = await desk.signed_in()
    kept = desk.token(account).refresh
    desk.stand_in.fault("whitebit", "refresh", "refused:401", times=1)
    await desk.step(245)
    assert isinstance(account.state, Active)
    assert isinstance(account.state.renewal, Retrying)
    assert isinstance(account.state.renewal.why, ClientRejected)
    assert "client id or secret" in desk.status(account).means
    assert desk.token(account).refresh == kept
    await desk.step(4)
    assert desk.status(account).name == "ready"


@pytest.mark.security("S76")
async def test_a_key_that_is_asked_again_ends_when_it_is_rejected(desk: Desk) -> None:
    account = await desk.signed_in("probit", "client_credentials")
    desk.stand_in.fault("probit", "token", "refused")
    await desk.step(790)
    assert desk.status(account).reason == "refresh_rejected"
    assert "client id or the client secret" in desk.status(account).happened
    assert (await desk.vault.load(account.id)).client_secret is not None


@pytest.mark.security("S79")
async def test_failures_in_a_row_are_spaced_2_4_8_16_30_seconds_with_jitter(desk: Desk) -> None:
    account = await desk.signed_in()
    desk.stand_in.fault("whitebit", "refresh", "status:503")
    await desk.step(245)
    for base in (2, 4, 8, 16, 30, 30):
        renewal = renewal_of(account)
        assert isinstance(renewal, Retrying)
        wait = renewal.at - desk.rack.clock.elapsed()
        assert 0.8 * base - 0.5 <= wait <= 1.2 * base
        count = len(desk.asked(account))
        await desk.step(0.7 * base)
        assert len(desk.asked(account)) == count, "asked too early"
        await desk.step(0.5 * base + 0.1)
        assert len(desk.asked(account)) == count + 1


@pytest.mark.security("S79")
async def test_retry_after_is_never_undercut_not_even_by_a_press(desk: Desk) -> None:
    account = await desk.signed_in()
    desk.stand_in.fault("whitebit", "refresh", "retry:100", times=1)
    await desk.step(245)
    renewal = renewal_of(account)
    assert isinstance(renewal, Retrying)
    assert 95 < renewal.at - desk.rack.clock.elapsed() <= 100
    await desk.step(60)
    await desk.rack.refresh(account)
    with pytest.raises(Failure, match="slow down"):
        await desk.rack.hand_out.fresh(account)
    assert len(desk.asked(account)) == 1
    await desk.step(45)
    assert [row["status"] for row in desk.asked(account)] == [429, 200]


@pytest.mark.security("S79")
async def test_no_retry_is_planned_beyond_the_end_of_the_sign_in(desk: Desk) -> None:
    account = await desk.signed_in()
    desk.stand_in.fault("whitebit", "refresh", "retry:5000")
    await desk.step(245)
    renewal = renewal_of(account)
    assert isinstance(renewal, Retrying)
    assert renewal.at == desk.token(account).refresh_expires
    await desk.step(400)
    assert desk.status(account).reason == "refresh_expired"
    assert len(desk.asked(account)) == 1


async def test_a_long_wait_may_be_cut_short_by_hand(desk: Desk) -> None:
    account = await desk.signed_in("probit", "client_credentials")
    desk.stand_in.fault("probit", "token", "retry:5000", times=1)
    await desk.step(790)
    assert desk.status(account).name == "retrying"
    with pytest.raises(Failure):
        await desk.rack.hand_out.fresh(account, 300)
    desk.leap(6)
    await desk.rack.refresh(account)
    assert desk.status(account).name == "ready"


@pytest.mark.security("S80")
@pytest.mark.parametrize("jump", [86_400.0, -86_400.0, -1.7e9, 2.3e9])
async def test_a_jump_of_the_wall_clock_costs_no_more_than_one_renewal(desk: Desk, jump: float) -> None:
    account = await desk.signed_in()
    desk.time.wall_off = jump
    for _ in range(3):
        await desk.look()
    token = await desk.rack.hand_out.fresh(account)
    assert token == desk.token(account).access
    assert 290 < (desk.status(account).left or 0) <= 300
    assert len(desk.asked(account)) <= 1
    desk.leap(301)
    assert await desk.rack.hand_out.fresh(account) != token
    assert len(desk.asked(account)) <= 2


@pytest.mark.security("S80")
async def test_a_wall_clock_that_went_back_over_a_restart_invents_no_life(desk: Desk) -> None:
    account = await desk.signed_in()
    await desk.kill()
    desk.time.wall_off = -86_400.0
    desk.stand_in.fault("whitebit", "refresh", "reset", times=1)
    await desk.start()
    again = next(iter(desk.rack.accounts))
    assert 0 < (desk.status(again).sign_in_left or 0) <= 600
    await desk.until(lambda: desk.status(again).name == "retrying")
    await desk.step(4)
    assert desk.status(again).name == "ready"
    assert len(desk.asked(account)) == 2


@pytest.mark.security("S80")
async def test_after_a_sleep_longer_than_the_sign_in_nothing_is_asked_and_nothing_handed_out(desk: Desk) -> None:
    account = await desk.signed_in()
    desk.leap(900)
    with pytest.raises(Failure):
        await desk.rack.hand_out.fresh(account)
    await desk.look()
    assert desk.status(account).reason == "refresh_expired"
    assert "not renewed in time" in desk.status(account).happened
    assert desk.asked(account) == []


@pytest.mark.security("S80")
async def test_while_the_provider_is_away_no_ended_token_is_handed_out_and_it_heals_alone(desk: Desk) -> None:
    account = await desk.signed_in()
    desk.stand_in.fault("whitebit", "*", "down")
    await desk.step(245)
    assert await desk.rack.hand_out.fresh(account) == desk.token(account).access
    await desk.step(60)
    for _ in range(3):
        with pytest.raises(Failure, match="cannot be reached"):
            await desk.rack.hand_out.fresh(account)
    desk.stand_in.clear_faults()
    await desk.step(37)
    assert desk.status(account).name == "ready"
    assert await desk.rack.hand_out.fresh(account) == desk.token(account).access


@pytest.mark.security("S80")
async def test_after_a_shorter_sleep_the_first_demand_renews(desk: Desk) -> None:
    account = await desk.signed_in()
    old = desk.token(account).access
    desk.leap(500)
    assert await desk.rack.hand_out.fresh(account) != old


@pytest.mark.parametrize(("mode", "changes"), [("same", False), ("without", False), ("scope", True)])
async def test_a_refresh_token_is_replaced_only_by_a_new_one(desk: Desk, mode: str, changes: bool) -> None:
    account = await desk.signed_in()
    old = desk.token(account).refresh
    if not changes:
        desk.stand_in.fault("whitebit", "refresh", mode, times=1)
    await desk.step(245)
    assert (desk.token(account).refresh != old) is changes
    await desk.step(245)
    assert [row["status"] for row in desk.asked(account)] == [200, 200]


@pytest.mark.security("S65")
async def test_access_tokens_that_can_be_remade_are_not_stored(desk: Desk) -> None:
    whitebit, probit = await desk.signed_in(), await desk.signed_in("probit", "client_credentials")
    bitport = await desk.signed_in("bitport")
    await desk.step(245)
    for account in (whitebit, probit):
        assert (await desk.vault.load(account.id)).access is None
        token = desk.token(account).access
        assert token is not None
        assert all(token.reveal() not in text.reveal() for text in desk.vault._texts.values())
    assert (await desk.vault.load(bitport.id)).access == desk.token(bitport).access


async def test_accounts_that_expire_together_are_renewed_five_at_a_time(desk: Desk) -> None:
    accounts = await asyncio.gather(*(desk.signed_in("probit", "client_credentials") for _ in range(12)))
    desk.stand_in.fault("probit", "token", "delay:0.25")
    await desk.step(790)
    moments = sorted(desk.asked(account, "token")[1]["at"] for account in accounts)
    assert all(later - earlier >= 0.2 for earlier, later in zip(moments, moments[5:], strict=False))
    assert all(desk.status(account).name == "ready" for account in accounts)


async def test_an_account_that_hangs_delays_no_other(desk: Desk) -> None:
    slow = [await desk.signed_in("probit", "client_credentials") for _ in range(6)]
    fine = await desk.signed_in()
    desk.stand_in.fault("probit", "token", "delay:4")
    desk.leap(890)
    tasks = [asyncio.create_task(desk.rack.refresh(account)) for account in slow]
    await desk.until(lambda: all(isinstance(renewal_of(account), Running) for account in slow))
    # Its sign-in has lapsed by now: a new one goes through while the others hang.
    await desk.sign_in(fine)
    old = desk.token(fine).access
    desk.leap(250)
    async with asyncio.timeout(2):
        await desk.rack._refresher.renew(fine)
    assert desk.token(fine).access != old
    desk.stand_in.clear_faults()
    for task, account in zip(tasks, slow, strict=True):
        task.cancel()
        await desk.rack._refresher.stop(account, grace=0.0)


async def test_two_accounts_of_one_client_are_a_second_apart(desk: Desk) -> None:
    first = await desk.signed_in()
    settings = first.settings
    second = await desk.rack.add(
        desk.draft(settings.provider, settings.client_id, settings.redirect_uri, name="The other account")
    )
    desk.person.account = "treasury"
    await desk.sign_in(second)
    desk.leap(245)
    await asyncio.gather(*(desk.rack._refresher.renew(account) for account in (first, second)))
    rows = desk.asked(first)
    assert [row["status"] for row in rows] == [200, 200]
    assert rows[1]["at"] - rows[0]["at"] >= 1.0


async def test_closing_while_a_renewal_hangs_takes_less_than_5_seconds_and_leaves_the_note(desk: Desk) -> None:
    account = await desk.signed_in()
    desk.stand_in.fault("whitebit", "refresh", "hold:8", times=1)
    desk.leap(245)
    desk.rack._refresher.wake()
    await desk.until(lambda: desk.asked(account))
    async with asyncio.timeout(5):
        await desk.rack.close()
    assert (desk.paths.state / "intents" / f"{account.id}.json").exists()


async def test_closing_lets_a_renewal_end_that_can(desk: Desk) -> None:
    account = await desk.signed_in()
    old = (await desk.vault.load(account.id)).refresh
    desk.stand_in.fault("whitebit", "refresh", "hold:0.3", times=1)
    desk.leap(245)
    desk.rack._refresher.wake()
    await desk.until(lambda: desk.asked(account))
    await desk.rack.close()
    assert (await desk.vault.load(account.id)).refresh != old
    assert not (desk.paths.state / "intents" / f"{account.id}.json").exists()


@pytest.mark.security("S73")
async def test_a_renewal_that_is_ended_before_it_asks_leaves_no_note(desk: Desk) -> None:
    account = await desk.signed_in()
    begun, go_on = threading.Event(), threading.Event()

    class Slow(Intents):
        """A disk that takes its time."""

        def write(self, account: str, generation: int) -> None:
            begun.set()
            assert go_on.wait(20)
            super().write(account, generation)

    desk.rack._refresher._rotation._intents = Slow(desk.paths.state)
    desk.leap(245)
    desk.rack._refresher.wake()
    await desk.until(begun.is_set)
    stopping = asyncio.create_task(desk.rack._refresher.stop(account, grace=0.0))
    await desk.until(lambda: all(attempt.cancelling() for attempt in desk.rack._refresher._attempts.values()))
    go_on.set()
    await stopping
    assert Intents(desk.paths.state).read(account.id) is None
    assert desk.asked(account) == []


@pytest.mark.security("S74")
async def test_a_token_whose_storing_is_cut_off_stays_in_memory(desk: Desk) -> None:
    account = await desk.signed_in()
    old = desk.token(account)
    desk.vault.saves.clear()
    desk.vault.gate = asyncio.Event()
    desk.leap(245)
    desk.rack._refresher.wake()
    await desk.until(lambda: desk.vault.saves)
    await desk.rack._refresher.stop(account, grace=0.0)
    assert desk.token(account).refresh != old.refresh
    assert isinstance(renewal_of(account), Unsaved)
    desk.vault.gate.set()
    await desk.until(lambda: renewal_of(account) == Idle())
    assert (await desk.vault.load(account.id)).refresh == desk.token(account).refresh


async def test_a_fault_of_our_own_does_not_end_the_renewal_for_ever(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    account = await desk.signed_in()
    with monkeypatch.context() as patch:
        patch.setattr(desk.rack._refresher._rotation, "next", None)
        await desk.step(245)
        assert desk.status(account).happened == "Keyrack met an error of its own."
    await desk.step(4)
    assert desk.status(account).name == "ready"


async def test_a_secret_changed_during_a_renewal_loses_neither(desk: Desk) -> None:
    account = await desk.signed_in()
    desk.stand_in.fault("whitebit", "refresh", "hold:0.2", times=1)
    desk.vault.gate = asyncio.Event()
    desk.leap(245)
    desk.rack._refresher.wake()
    await desk.until(lambda: desk.asked(account))
    editing = asyncio.create_task(
        desk.rack.edit(
            account, account.settings.client_id, Secret("another-invented-one"), account.settings.redirect_uri
        )
    )
    await asyncio.sleep(0.3)
    desk.vault.gate.set()
    await editing
    await desk.look()
    record = await desk.vault.load(account.id)
    assert record.client_secret == Secret("another-invented-one")
    assert record.refresh == desk.token(account).refresh
    assert len(desk.asked(account)) == 1
