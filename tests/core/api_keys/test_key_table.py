"""What WhiteBIT says of a key decides what is done: the table, the waiting, and each refusal with its sentence."""

import asyncio
import logging

import pytest

from keyrack.core.accounts.credential import Key
from keyrack.core.accounts.state import Authorizing, LoggedOut, Reason
from keyrack.core.api_keys import key_sign_in, key_wait
from keyrack.core.api_keys.key_failures import KeyAsleep, SecretLost, SecretUnderWay
from keyrack.net.network_errors import NetworkFailure
from keyrack.oauth.oauth_errors import ClientRejected, Unavailable
from keyrack.providers.api.key_refusals import GrantEnded, KeyBusy, KeyGone, NotOurKey, SecretTaken
from tests.core.api_keys.key_harness import (
    calls,
    fault,
    key_of,
    new,
    old_documents,
    over,
    page,
    sign_in,
    signing_in,
    step,
    waited,
    why,
    with_key,
)
from tests.core.harness import CoreHarness

FOUR_HOURS = 14_400.0


async def test_no_key_starts_the_consent_flow_q1(harness: CoreHarness) -> None:
    """Row 1, seen with the stored token of the sign-in."""
    account = await with_key(harness)
    await harness.rack.keys.delete(account)
    asked, browsed = calls(harness, "info"), len(harness.opened)
    await sign_in(harness, account)
    assert len(harness.opened) == browsed + 1
    assert calls(harness, "info") >= asked + 2, "before the browser, and after it"
    assert len(page(harness, account)) == 1


async def test_an_active_key_that_we_hold_is_used_q1(harness: CoreHarness) -> None:
    """Row 2: no browser, and the secret is not asked for again."""
    account = await with_key(harness)
    browsed, fetched = len(harness.opened), calls(harness, "secret")
    access = key_of(account).public
    await sign_in(harness, account)
    assert key_of(account).public == access
    assert (len(harness.opened), calls(harness, "secret")) == (browsed, fetched)


async def test_an_active_key_of_elsewhere_is_told_and_can_be_deleted(harness: CoreHarness) -> None:
    """Row 2 without the secret: partner_key_active_exists, then 409, then a deletion, then a new key."""
    old_documents(harness)
    fault(harness, "consent", "exists:active", 2)
    account = await new(harness)
    await sign_in(harness, account)
    assert isinstance(why(account), SecretTaken)
    assert "shows it only once" in why(account).sentences()
    assert "Delete the key at WhiteBIT" in why(account).todo
    assert "deleted at WhiteBIT" in await harness.rack.keys.delete(account)
    assert page(harness, account) == []
    await sign_in(harness, account)
    assert isinstance(key_of(account), Key)


async def test_a_key_asleep_is_left_to_its_person(harness: CoreHarness) -> None:
    """Row 3: partner_key_expired_exists. The next time it is known before any browser opens."""
    old_documents(harness)
    fault(harness, "consent", "exists:expired", 2)
    account = await new(harness)
    task = signing_in(harness, account)
    await harness.until(lambda: step(account) == "key")
    harness.leap(key_wait.SHORT_TOTAL)
    await waited(harness, account, task)
    assert isinstance(why(account), KeyAsleep)
    assert "Delete it under “API keys” on WhiteBIT's site" in why(account).todo
    browsed = len(harness.opened)
    await sign_in(harness, account)
    assert isinstance(why(account), KeyAsleep)
    assert len(harness.opened) == browsed
    with pytest.raises(KeyAsleep):
        await harness.rack.keys.delete(account)


async def test_the_undocumented_row_counts_as_no_key_and_is_logged(
    harness: CoreHarness, caplog: pytest.LogCaptureFixture
) -> None:
    """Row 4."""
    account = await with_key(harness)
    await harness.rack.keys.delete(account)
    fault(harness, "info", "confused", 1)
    with caplog.at_level(logging.WARNING):
        await sign_in(harness, account)
    assert isinstance(key_of(account), Key)
    assert "does not exist" in caplog.text


async def test_a_token_of_more_than_four_hours_is_not_asked_with_q1(harness: CoreHarness) -> None:
    old_documents(harness)
    account = await with_key(harness)
    await harness.rack.keys.delete(account)
    harness.leap(FOUR_HOURS)
    asked = calls(harness, "info")
    await sign_in(harness, account)
    assert calls(harness, "info") == asked + 1, "only after the browser"
    assert isinstance(key_of(account), Key)


async def test_a_token_that_was_withdrawn_leads_to_the_browser(harness: CoreHarness) -> None:
    account = await with_key(harness)
    await harness.rack.keys.delete(account)
    fault(harness, "info", "withdrawn", 1)
    browsed = len(harness.opened)
    await sign_in(harness, account)
    assert len(harness.opened) == browsed + 1
    assert isinstance(key_of(account), Key)


async def test_a_key_that_appears_late_is_waited_for(harness: CoreHarness) -> None:
    fault(harness, "create", "late:5", 2)
    account = await new(harness)
    task = signing_in(harness, account)
    await harness.until(lambda: step(account) == "key")
    await asyncio.sleep(0)
    assert isinstance(account.state, Authorizing)
    harness.sandbox.advance(5)
    await waited(harness, account, task)
    assert isinstance(key_of(account), Key)


async def test_a_gateway_in_between_does_not_end_the_waiting(harness: CoreHarness) -> None:
    fault(harness, "info", "html:502", 1)
    account = await new(harness)
    await waited(harness, account, signing_in(harness, account))
    assert isinstance(key_of(account), Key)


async def test_a_refused_exchange_says_why_it_might_be(harness: CoreHarness) -> None:
    fault(harness, "token", "refused", 1)
    account = await new(harness)
    await sign_in(harness, account)
    assert isinstance(why(account), ClientRejected)
    assert "client id or secret" in why(account).means
    assert "address" not in why(account).sentences(), "no list of addresses applies to these keys (Q7)"


async def test_a_busy_desk_is_asked_again_423(harness: CoreHarness) -> None:
    fault(harness, "secret", "locked", 2)
    account = await new(harness)
    before = calls(harness, "secret")
    task = signing_in(harness, account)
    await waited(harness, account, task)
    assert isinstance(key_of(account), Key)
    times = [row["at"] for row in harness.sandbox.log("whitebit-fast-key", "secret")][before:]
    assert len(times) == 3
    assert times[1] - times[0] >= 4.9
    assert times[2] - times[1] >= 9.9


async def test_a_desk_that_stays_busy_is_given_up_and_nothing_is_lost_423(harness: CoreHarness) -> None:
    assert key_sign_in.BUSY_WAITS == (5.0, 10.0, 20.0, 40.0, 60.0)
    assert 180 <= key_sign_in.BUSY_TOTAL <= 300
    fault(harness, "secret", "locked")
    account = await new(harness)
    before = calls(harness, "secret")
    task = signing_in(harness, account)
    await waited(harness, account, task)
    assert isinstance(why(account), KeyBusy)
    assert "was not handed out" in why(account).means
    assert calls(harness, "secret") - before == 7
    harness.sandbox.clear_faults()
    browsed = len(harness.opened)
    await sign_in(harness, account)
    assert isinstance(key_of(account), Key)
    assert len(harness.opened) == browsed


@pytest.mark.parametrize("kind", ["lost", "truncated", "malformed"])
async def test_a_lost_answer_is_asked_once_more_and_told_plainly_q4(harness: CoreHarness, kind: str) -> None:
    fault(harness, "secret", kind, 1)
    account = await new(harness)
    before = calls(harness, "secret")
    task = signing_in(harness, account)
    await waited(harness, account, task)
    assert isinstance(why(account), SecretLost)
    assert "shows it only once" in why(account).means
    assert calls(harness, "secret") - before == 2
    await harness.rack.keys.delete(account)
    await sign_in(harness, account)
    assert isinstance(key_of(account), Key)


@pytest.mark.parametrize("text", ['{"data":{}}', '{"data":{"apiSecret":""}}', '{"data":{"apiSecret":7}}', "[]", "null"])
async def test_an_answer_without_a_secret_stores_nothing(harness: CoreHarness, text: str) -> None:
    """C2.1: what is no secret is never taken for one, and the real one can still be had."""
    fault(harness, "secret", f"body:{text}")
    account = await new(harness)
    await waited(harness, account, signing_in(harness, account))
    assert "form that Keyrack does not know" in why(account).happened
    assert (await harness.vault.load(account.id)).api_secret is None
    harness.sandbox.clear_faults()
    await sign_in(harness, account)
    assert isinstance(key_of(account), Key)


@pytest.mark.parametrize(
    "text", ["{}", '{"data":{"exists":"yes","isEnabled":1}}', '{"data":null}', "[]", '{"odd":NaN}']
)
async def test_odd_facts_of_a_key_are_waited_out(harness: CoreHarness, text: str) -> None:
    """C2.1 and C2.8: an odd answer is neither a key nor the lack of one."""
    fault(harness, "info", f"body:{text}", 1)
    account = await new(harness)
    await waited(harness, account, signing_in(harness, account))
    assert harness.status(account).name == "ready"
    assert isinstance(key_of(account), Key)


@pytest.mark.security("S34")
async def test_another_persons_key_replaces_none_that_works(harness: CoreHarness) -> None:
    """A person has one key for a client, so a second one beside a working one belongs to another person."""
    account = await with_key(harness)
    held = (await harness.vault.load(account.id)).api_secret
    harness.leap(FOUR_HOURS)
    harness.person.account = "spare"
    before = calls(harness, "secret")
    await sign_in(harness, account)
    assert any("Another account signed in" in line.notice.sentence for line in account.activity.lines())
    assert calls(harness, "secret") == before, "the other's secret was not taken"
    record = await harness.vault.load(account.id)
    assert record.api_secret == held
    assert (record.access, record.refresh) == (None, None), "what deletes keys is the right person's alone"
    assert key_of(account).public == record.api_key


async def test_a_new_key_replaces_one_that_is_gone(harness: CoreHarness) -> None:
    account = await with_key(harness)
    first = key_of(account).public
    (row,) = page(harness, account)
    harness.leap(FOUR_HOURS)
    harness.sandbox.ask("DELETE", "/keys", {"externalId": row["externalId"]})
    await sign_in(harness, account)
    assert key_of(account).public != first
    assert len(page(harness, account)) == 1


async def test_a_request_that_was_not_processed_is_asked_again_q4(harness: CoreHarness) -> None:
    fault(harness, "secret", "reset", 1)
    account = await new(harness)
    task = signing_in(harness, account)
    await waited(harness, account, task)
    assert isinstance(key_of(account), Key)


async def test_a_desk_out_of_order_is_left_after_two_tries_and_nothing_is_lost(harness: CoreHarness) -> None:
    fault(harness, "secret", "status:503")
    account = await new(harness)
    task = signing_in(harness, account)
    await waited(harness, account, task)
    assert isinstance(why(account), Unavailable | NetworkFailure)
    harness.sandbox.clear_faults()
    await sign_in(harness, account)
    assert isinstance(key_of(account), Key)


@pytest.mark.parametrize(
    ("mode", "kind", "words"),
    [
        ("withdrawn", GrantEnded, "Sign in again"),
        ("foreign", NotOurKey, "not made for this client"),
        ("gone", KeyGone, "make a new one"),
        ("taken", SecretTaken, "handed out this key's secret before"),
    ],
)
async def test_each_refusal_of_the_secret_has_its_sentence(
    harness: CoreHarness, mode: str, kind: type[Exception], words: str
) -> None:
    """401, 403, 404 and 409: none is tried again. After 403 and 404 the table is read once more."""
    old_documents(harness)
    fault(harness, "secret", mode)
    account = await new(harness)
    fetched, asked = calls(harness, "secret"), calls(harness, "info")
    await sign_in(harness, account)
    assert type(why(account)) is kind
    assert words in why(account).sentences()
    assert calls(harness, "secret") == fetched + 1
    assert calls(harness, "info") == asked + (2 if mode in ("foreign", "gone") else 1)


async def test_a_crash_between_secret_and_keyring_is_known_afterwards_q4(harness: CoreHarness) -> None:
    fault(harness, "secret", "hold:3", 1)
    account = await new(harness)
    before = calls(harness, "secret")
    signing_in(harness, account)
    await harness.until(lambda: calls(harness, "secret") > before)
    await harness.kill()
    await harness.start()
    (account,) = harness.rack.accounts
    assert isinstance(account.state, LoggedOut)
    assert account.state.reason is Reason.INTERRUPTED_REFRESH
    assert isinstance(why(account), SecretUnderWay)
    browsed = len(harness.opened)
    await sign_in(harness, account)
    assert isinstance(why(account), SecretLost), "WhiteBIT had handed it out"
    assert len(harness.opened) == browsed
    await harness.rack.keys.delete(account)
    await sign_in(harness, account)
    assert isinstance(key_of(account), Key)


async def test_a_crash_before_the_request_arrived_costs_nothing_q4(harness: CoreHarness) -> None:
    fault(harness, "secret", "locked")
    account = await new(harness)
    before = calls(harness, "secret")
    signing_in(harness, account)
    await harness.until(lambda: calls(harness, "secret") > before)
    await harness.kill()
    harness.sandbox.clear_faults()
    await harness.start()
    (account,) = harness.rack.accounts
    browsed = len(harness.opened)
    await sign_in(harness, account)
    assert isinstance(key_of(account), Key)
    assert len(harness.opened) == browsed


async def test_a_page_that_never_returns_can_be_cancelled(harness: CoreHarness) -> None:
    """What fails on the consent page is invisible to us."""
    account = await with_key(harness)
    await harness.vault.load(account.id)
    harness.leap(FOUR_HOURS)
    task = signing_in(harness, account)
    await harness.until(lambda: step(account) == "browser")
    harness.rack.sign_ins.cancel(account)
    await over(task)
    assert isinstance(key_of(account), Key), "what worked before goes on working"
