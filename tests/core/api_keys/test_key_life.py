"""The life of a WhiteBIT key after it was made: its figures, its refusals, its fortnight, its stream, its end."""

import asyncio
from collections.abc import AsyncGenerator
from pathlib import Path

import pytest

from keyrack.core.accounts.account import Account
from keyrack.core.accounts.credential import Key
from keyrack.core.accounts.state import Active, LoggedOut, Reason
from keyrack.core.api_keys import key_wait
from keyrack.core.api_keys.key_failures import DeleteByHand, NoGrant
from keyrack.core.api_keys.nonces import Nonces
from keyrack.core.failures import NotSignedIn
from keyrack.core.scheduling.poll_loop import HIDDEN_SECONDS
from keyrack.primitives.failure import Failure
from keyrack.primitives.secret import Secret
from keyrack.providers.api.api_failures import TokenRefused
from keyrack.providers.api.key_refusals import KeyDisabled, KeyUnknown, NonceRefused
from tests.core.api_keys.key_harness import (
    WHITEBIT,
    calls,
    fault,
    key_of,
    old_documents,
    over,
    page,
    sign_in,
    signing_in,
    step,
    why,
    with_key,
)
from tests.core.harness import CoreHarness
from tests.sandbox_process import RunningSandbox

DAY = 86_400.0


@pytest.fixture
async def polled(sandbox: RunningSandbox, tmp_path: Path) -> AsyncGenerator[CoreHarness]:
    """A harness whose providers have no stream. Each request is one that a test caused."""
    made = CoreHarness(sandbox, tmp_path, live=False)
    await made.start()
    yield made
    sandbox.clear_faults()
    await made.close()


def failure(account: Account) -> Failure | None:
    return account.balances.failure if account.balances is not None else None


def ended(account: Account) -> Reason | None:
    return account.state.reason if isinstance(account.state, LoggedOut) else None


async def test_a_refused_nonce_is_sent_once_more_with_a_larger_one_q6(polled: CoreHarness) -> None:
    account = await with_key(polled)
    await polled.look()
    before = calls(polled, "main")
    fault(polled, "main", "nonce", 1)
    await polled.rack.refresh(account)
    assert calls(polled, "main") == before + 2
    assert failure(account) is None
    fault(polled, "main", "nonce")
    await polled.rack.refresh(account)
    assert calls(polled, "main") == before + 4, "once, and never a loop"
    assert isinstance(failure(account), NonceRefused)
    assert account.balances is not None
    assert account.balances.holdings, "the old figures stay"
    assert isinstance(account.state, Active)


async def test_a_gateway_that_limits_is_no_nonce_q6(polled: CoreHarness) -> None:
    account = await with_key(polled)
    await polled.look()
    before = calls(polled, "main")
    fault(polled, "main", "retry:30", 1)
    await polled.rack.refresh(account)
    assert calls(polled, "main") == before + 1
    why_not = failure(account)
    assert why_not is not None
    assert "slow down" in why_not.happened


@pytest.mark.security("S75")
async def test_one_unknown_key_keeps_the_figures_and_the_second_ends_it(polled: CoreHarness) -> None:
    """Authentication errors are not tried again at once. S75: the record stays until the next sign-in."""
    account = await with_key(polled)
    await polled.look()
    fault(polled, "main", "unknown")
    before = calls(polled, "main")
    await polled.step(HIDDEN_SECONDS)
    assert calls(polled, "main") == before + 1
    assert isinstance(account.state, Active)
    assert isinstance(failure(account), KeyUnknown)
    await polled.step(HIDDEN_SECONDS)
    assert ended(account) is Reason.REFRESH_REJECTED
    assert "Sign in again to make a new key" in why(account).sentences()
    assert (await polled.vault.load(account.id)).api_secret is not None


async def test_a_good_answer_between_two_refusals_keeps_the_sign_in(polled: CoreHarness) -> None:
    account = await with_key(polled)
    await polled.look()
    for _ in range(2):
        fault(polled, "main", "unknown", 1)
        await polled.step(HIDDEN_SECONDS)
        assert isinstance(failure(account), TokenRefused)
        await polled.step(HIDDEN_SECONDS)
        assert failure(account) is None
    assert isinstance(account.state, Active)


async def test_a_key_that_is_said_to_be_disabled_never_ends_a_sign_in_q7(polled: CoreHarness) -> None:
    account = await with_key(polled)
    await polled.look()
    fault(polled, "main", "disabled")
    for _ in range(4):
        await polled.step(HIDDEN_SECONDS)
    assert isinstance(account.state, Active)
    why_not = failure(account)
    assert isinstance(why_not, KeyDisabled)
    assert "14 days" in why_not.means
    assert "address" not in why_not.sentences(), "no list of addresses applies to these keys"


async def test_a_wallet_that_the_key_may_not_read_is_named(polled: CoreHarness) -> None:
    fault(polled, "summary", "forbidden")
    fault(polled, "collateral", "forbidden")
    account = await with_key(polled)
    await polled.look()
    assert account.balances is not None
    assert account.balances.leaves_out == "Earn is not included. The key may not read: Collateral."
    assert {row.place for row in account.balances.holdings} == {"Main", "Spot"}


async def test_the_plain_collateral_call_is_asked_where_the_summary_is_closed(polled: CoreHarness) -> None:
    fault(polled, "summary", "forbidden")
    account = await with_key(polled)
    await polled.look()
    assert account.balances is not None
    rows = {row.asset: row.total for row in account.balances.holdings if row.place == "Collateral"}
    assert set(rows) == {"BTC", "USDT"}
    assert account.balances.leaves_out == "Earn is not included."


async def test_the_key_is_used_while_the_program_runs_q8(polled: CoreHarness) -> None:
    """Keep-alive: the polls are signed calls, five minutes apart at most. A fortnight never passes without one."""
    account = await with_key(polled)
    await polled.look()
    assert HIDDEN_SECONDS < 7 * DAY
    for _ in range(4):
        await polled.step(6 * DAY)
        assert failure(account) is None
        assert not polled.status(account).lies_idle
        assert 13.9 * DAY < (polled.status(account).left or 0) <= 14 * DAY
    assert page(polled, account)[0]["disabled"] is False


async def test_a_key_that_cannot_be_used_is_reminded_of_from_day_ten_q8(polled: CoreHarness) -> None:
    account = await with_key(polled)
    await polled.look()
    fault(polled, "main", "reset")
    fault(polled, "trade", "reset")
    await polled.step(9.9 * DAY)
    assert not polled.status(account).lies_idle
    await polled.step(0.2 * DAY)
    status = polled.status(account)
    assert status.lies_idle
    assert status.name == "ready"
    assert 3.8 * DAY < (status.left or 0) < 4 * DAY
    polled.sandbox.clear_faults()
    await polled.step(HIDDEN_SECONDS)
    assert not polled.status(account).lies_idle


async def test_the_fortnight_counts_over_a_restart_q8(polled: CoreHarness) -> None:
    account = await with_key(polled)
    await polled.look()
    await polled.kill()
    polled.leap(11 * DAY)
    fault(polled, "main", "reset")
    await polled.start()
    (account,) = polled.rack.accounts
    assert isinstance(account.state, Active)
    assert polled.status(account).lies_idle
    assert 2.9 * DAY < (polled.status(account).left or 0) < 3.1 * DAY


async def left_alone(polled: CoreHarness) -> Account:
    """An account of a Keyrack that was closed for more than a fortnight."""
    await with_key(polled)
    await polled.look()
    await polled.kill()
    polled.leap(15 * DAY)
    await polled.start()
    (account,) = polled.rack.accounts
    assert polled.status(account).name == "ready", "nothing ends before WhiteBIT has said so"
    assert polled.status(account).left == 0
    await polled.look()
    return account


async def test_a_fortnight_may_disable_a_key_q8(polled: CoreHarness) -> None:
    """The person deletes it by hand, then a new one is made."""
    old_documents(polled)
    account = await left_alone(polled)
    assert isinstance(failure(account), KeyDisabled)
    task = signing_in(polled, account)
    await polled.until(lambda: step(account) == "key")
    polled.leap(key_wait.SHORT_TOTAL)
    await over(task)
    assert "WhiteBIT has a disabled key" in account.activity.lines()[0].notice.sentence
    polled.sandbox.ask("DELETE", "/keys", {"externalId": page(polled, account)[0]["externalId"]})
    await sign_in(polled, account)
    await polled.rack.refresh(account)
    assert failure(account) is None
    assert key_of(account).public == Secret(page(polled, account)[0]["apiKey"])


async def test_a_fortnight_may_delete_a_key_q8(polled: CoreHarness) -> None:
    """A new sign-in makes a new key."""
    for endpoint in ("main", "trade", "info", "consent", "create"):
        fault(polled, endpoint, "inactive:deleted")
    account = await left_alone(polled)
    assert isinstance(failure(account), KeyUnknown)
    await polled.step(HIDDEN_SECONDS)
    assert ended(account) is Reason.REFRESH_REJECTED
    await sign_in(polled, account)
    await polled.rack.refresh(account)
    assert failure(account) is None
    assert key_of(account).public == Secret(page(polled, account)[0]["apiKey"])


async def test_the_four_hours_are_shown_and_run_out(polled: CoreHarness) -> None:
    old_documents(polled)
    account = await with_key(polled)
    status = polled.status(account)
    assert status.is_key
    assert 14_390 < (status.sign_in_left or 0) <= 14_400
    assert status.sign_in_lifetime == 14_400
    await polled.step(14_400)
    assert polled.status(account).sign_in_left is None
    assert polled.status(account).name == "ready", "the key outlives the sign-in that made it"
    with pytest.raises(NoGrant):
        await polled.rack.keys.delete(account)
    assert isinstance(key_of(account), Key)
    assert len(page(polled, account)) == 1


async def test_the_four_hours_go_on_over_a_restart(polled: CoreHarness) -> None:
    old_documents(polled)
    account = await with_key(polled)
    await polled.kill()
    polled.leap(3600)
    await polled.start()
    (account,) = polled.rack.accounts
    assert 10_700 < (polled.status(account).sign_in_left or 0) <= 10_800
    await polled.rack.keys.delete(account)
    assert page(polled, account) == []


async def test_a_deleted_key_is_gone_there_and_here(polled: CoreHarness) -> None:
    account = await with_key(polled)
    await polled.look()
    said = await polled.rack.keys.delete(account)
    assert said == "The key was deleted at WhiteBIT, which also tells you by mail."
    assert account.state == LoggedOut(Reason.SIGNED_OUT)
    assert account.balances is None
    record = await polled.vault.load(account.id)
    assert (record.api_key, record.api_secret, record.api_key_id, record.signed_in) == (None, None, "", False)
    with pytest.raises(NotSignedIn):
        polled.rack.tokens.give_key(account)
    with pytest.raises(NotSignedIn):
        await polled.rack.parts.token_source.fresh(account)


@pytest.mark.parametrize("mode", ["foreign", "gone"])
async def test_a_key_that_may_not_be_deleted_is_left_to_its_person(polled: CoreHarness, mode: str) -> None:
    """403 or 404 on a key that is there means the same."""
    account = await with_key(polled)
    fault(polled, "delete", mode)
    with pytest.raises(DeleteByHand) as caught:
        await polled.rack.keys.delete(account)
    assert "on WhiteBIT's site" in caught.value.todo
    assert isinstance(key_of(account), Key)


async def test_deleting_with_a_token_that_was_withdrawn_says_so(polled: CoreHarness) -> None:
    old_documents(polled)
    account = await with_key(polled)
    fault(polled, "info", "withdrawn", 1)
    with pytest.raises(NoGrant):
        await polled.rack.keys.delete(account)
    assert isinstance(key_of(account), Key)
    with pytest.raises(NoGrant):
        await polled.rack.keys.delete(account)


async def test_a_script_gets_the_public_key_and_the_secret_only_by_name(polled: CoreHarness) -> None:
    account = await with_key(polled)
    record = await polled.vault.load(account.id)
    assert await polled.rack.parts.token_source.fresh(account) == record.api_key
    assert polled.rack.tokens.give_key(account).secret == record.api_secret


async def test_two_questions_at_once_keep_their_order_q10(polled: CoreHarness) -> None:
    account = await with_key(polled)
    signed, keys = polled.rack.parts.api_keys.signed_calls, polled.rack.parts.sites.of(account).keys
    assert keys is not None
    await asyncio.gather(*(signed.holdings(account, keys) for _ in range(5)))
    rows = polled.sandbox.log(WHITEBIT, "main") + polled.sandbox.log(WHITEBIT, "trade")
    assert {row["status"] for row in rows if row["client_id"] == account.settings.client_id} == {200}


async def test_live_figures_come_by_push_and_main_goes_on_being_polled(harness: CoreHarness) -> None:
    account = await with_key(harness)
    await harness.until(lambda: account.balances is not None and account.balances.source == "push")

    def places() -> set[str]:
        return {row.place for row in account.balances.holdings} if account.balances is not None else set()

    await harness.until(lambda: places() == {"Main", "Spot", "Collateral"})
    before = calls(harness, "main")
    await harness.step(HIDDEN_SECONDS)
    await harness.until(lambda: calls(harness, "main") > before)
    # The leap was longer than a connection may be silent, so that the sandbox has closed it meanwhile.
    await harness.until(lambda: account.balances is not None and account.balances.source == "push")
    await harness.until(lambda: places() == {"Main", "Spot", "Collateral"})


async def test_a_dropped_stream_comes_back_with_a_token_of_its_own(harness: CoreHarness) -> None:
    account = await with_key(harness)
    await harness.until(lambda: account.balances is not None and account.balances.source == "push")
    tokens = calls(harness, "websocket_token")
    fault(harness, "stream", "drop", 1)
    await harness.until(lambda: account.balances is not None and account.balances.source == "poll")
    await harness.until(lambda: account.balances is not None and account.balances.source == "push")
    assert calls(harness, "websocket_token") == tokens + 1
    assert len(harness.asked(account, "stream")) == 2


async def test_what_changes_arrives_although_several_assets_are_in_one_message_q13(harness: CoreHarness) -> None:
    account = await with_key(harness)
    await harness.until(lambda: account.balances is not None and account.balances.source == "push")

    def spot() -> dict[str, object]:
        rows = account.balances.holdings if account.balances is not None else ()
        return {row.asset: row.total for row in rows if row.place == "Spot"}

    await harness.until(lambda: len(spot()) == 4)
    before = spot()
    harness.sandbox.advance(200)
    await harness.until(lambda: all(spot().get(asset) != total for asset, total in before.items()))


def test_a_call_that_ends_after_its_account_was_removed_leaves_no_note(tmp_path: Path) -> None:
    nonces = Nonces(tmp_path)
    first = nonces.next("a1")
    nonces.forget("a1")
    nonces.record_use("a1")
    assert nonces.next("a1") > first
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []
