"""Sign-in by a code on another device: every answer of RFC 8628 §3.5, trouble on the way, cancel and sleep."""

import asyncio
import logging
from collections.abc import AsyncGenerator, Callable
from pathlib import Path

import pytest

from keyrack.core.accounts.account import Account
from keyrack.core.accounts.state import Active, LoggedOut, Reason
from tests.core.harness import CoreHarness, Person
from tests.core.user_provider import added, device_of, harness_with_own_provider, waits
from tests.sandbox_process import RunningSandbox


@pytest.fixture
async def own(sandbox: RunningSandbox, tmp_path: Path) -> AsyncGenerator[CoreHarness]:
    made = harness_with_own_provider(sandbox, tmp_path)
    await made.start()
    yield made
    sandbox.clear_faults()
    await made.close()


async def begun(own: CoreHarness) -> tuple[Account, asyncio.Task[None]]:
    """An account that shows a code, and its sign-in."""
    account = await added(own)
    task = asyncio.create_task(own.rack.sign_in(account))
    await own.until(lambda: waits(account))
    return account, task


async def passing(own: CoreHarness, condition: Callable[[], bool], step: float = 1.0, *, first: float = 0.0) -> None:
    """Let time pass until `condition` holds: `first` at once, then `step` seconds at a time."""
    if first:
        await asyncio.sleep(0.6)  # an answer that is on its way counts before time passes
        own.leap(first)
    async with asyncio.timeout(20):
        while not condition():
            own.leap(step)
            await asyncio.sleep(0.3)  # longer than the longest nap, so that each second is seen


def times(own: CoreHarness) -> list[float]:
    """When the server was asked for the token, in its own seconds."""
    return [row["at"] for row in own.sandbox.log("example", "token")]


async def test_approved_on_another_device(own: CoreHarness) -> None:
    account, task = await begun(own)
    shown = device_of(account)
    assert shown.complete == f"{shown.verification_uri}?user_code={shown.user_code}"
    assert own.status(account).name == "signing_in"
    left = own.status(account).left
    assert left is not None
    assert 280 < left <= 300
    await own.visit(shown.complete, Person(account="family"))
    own.leap(5)
    await task
    assert own.status(account).name == "ready"
    assert account.settings.identity == "f…y@example.net"
    assert own.token(account).refresh is not None


@pytest.mark.security("R30")
async def test_it_waits_as_long_as_the_server_asked_and_5_s_more_after_slow_down(own: CoreHarness) -> None:
    account, task = await begun(own)
    before = len(times(own))
    own.sandbox.fault("example", "token", "says:slow_down", times=1)
    await own.visit(device_of(account).complete)
    await passing(own, lambda: len(times(own)) == before + 1, first=4)
    await passing(own, lambda: len(times(own)) == before + 2, first=9)
    await task
    assert 10 <= times(own)[before + 1] - times(own)[before] < 14
    assert isinstance(account.state, Active)


@pytest.mark.security("R30")
async def test_pending_is_asked_again_until_the_code_ends(own: CoreHarness) -> None:
    account, task = await begun(own)
    asked = len(times(own)) + 2
    for count in (asked - 1, asked):
        await passing(own, lambda count=count: len(times(own)) == count, first=4)  # type: ignore[misc]
    assert waits(account)
    first, second = times(own)[-2:]
    assert 5 <= second - first < 9
    own.leap(300)
    await task
    assert len(times(own)) == asked  # it ended by our clock, without another question
    assert isinstance(account.state, LoggedOut)
    assert account.state.why is not None
    assert account.state.why.happened == "The code was not approved in time."


@pytest.mark.parametrize(
    ("says", "happened", "reason"),
    [
        ("expired_token", "The code was not approved in time.", Reason.NEW),
        ("access_denied", "Access was refused at the provider.", Reason.DENIED),
        ("invalid_grant", "Example exchange no longer accepts this sign-in.", Reason.NEW),
    ],
)
@pytest.mark.security("R30")
async def test_what_ends_it(own: CoreHarness, says: str, happened: str, reason: Reason) -> None:
    own.sandbox.fault("example", "token", f"says:{says}", times=1)
    account, task = await begun(own)
    own.leap(5)
    await task
    assert isinstance(account.state, LoggedOut)
    assert account.state.reason == reason
    assert account.state.why is not None
    assert account.state.why.happened == happened


async def test_a_refusal_on_the_page_ends_it(own: CoreHarness) -> None:
    account, task = await begun(own)
    await own.visit(device_of(account).complete, Person("refuse"))
    own.leap(5)
    await task
    assert isinstance(account.state, LoggedOut)
    assert account.state.reason == Reason.DENIED


@pytest.mark.parametrize("fault", ["status:503", "html:502", "reset", "retry:7", 'body:{"odd":1}', "malformed"])
async def test_trouble_on_the_way_slows_down_and_goes_on(own: CoreHarness, fault: str) -> None:
    own.sandbox.fault("example", "token", fault, times=1)
    account, task = await begun(own)
    before = len(times(own))
    own.leap(5)
    await own.until(lambda: len(times(own)) == before + 1)
    if fault != "reset":  # which leaves no status
        await own.until(lambda: own.sandbox.log("example", "token")[-1]["status"])
    await own.visit(device_of(account).complete)
    await passing(own, task.done, 5)
    assert isinstance(account.state, Active)
    assert times(own)[-1] - times(own)[before] >= 10


@pytest.mark.security("S25")
async def test_cancel_ends_it_and_asks_no_more(own: CoreHarness) -> None:
    account, task = await begun(own)
    own.rack.sign_ins.cancel(account)
    async with asyncio.timeout(1):
        await task
    asked = len(times(own))
    assert isinstance(account.state, LoggedOut)
    own.leap(60)
    await asyncio.sleep(0.6)
    assert len(times(own)) == asked


@pytest.mark.security("S80")
async def test_a_computer_that_slept_past_the_end_asks_for_nothing(own: CoreHarness) -> None:
    """Only the clock that counts suspend moved: the loop's own timers saw nothing of it."""
    account, task = await begun(own)
    asked = len(times(own))
    own.clock.move(3600)
    await task
    assert isinstance(account.state, LoggedOut)
    assert len(times(own)) == asked


async def test_an_answer_without_interval_and_complete_address(own: CoreHarness) -> None:
    """RFC 8628 §3.2: 5 s where the server names no interval."""
    own.sandbox.fault("example", "device", "bare", times=1)
    account, task = await begun(own)
    assert device_of(account).interval == 5.0
    assert device_of(account).complete == ""
    own.rack.sign_ins.cancel(account)
    await task


@pytest.mark.security("S35", "S38")
async def test_a_page_of_another_host_is_not_offered(own: CoreHarness) -> None:
    own.sandbox.fault("example", "device", "elsewhere", times=1)
    account = await added(own)
    await own.rack.sign_in(account)
    assert isinstance(account.state, LoggedOut)
    assert account.state.why is not None
    assert "points to a page that its provider file does not name" in account.state.why.happened
    assert account.state.why.detail == "another.example.org"


@pytest.mark.security("S102")
async def test_neither_code_reaches_the_log_or_a_repr(own: CoreHarness, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    account, task = await begun(own)
    shown = device_of(account)
    told = f"{account.state!r} {shown!r} {caplog.text} {[line.notice.sentence for line in account.activity.lines()]}"
    own.rack.sign_ins.cancel(account)
    await task
    told += caplog.text
    assert shown.user_code not in told
    assert shown.device_code.reveal() not in told


async def test_two_at_once_get_their_own_tokens(own: CoreHarness) -> None:
    """S37 for this flow: each approval goes to its own account."""
    one, other = await added(own, name="One"), await added(own, name="Other")
    tasks = [asyncio.create_task(own.rack.sign_in(account)) for account in (one, other)]
    await own.until(lambda: waits(one) and waits(other))
    await own.visit(device_of(other).complete, Person(account="family"))
    await own.visit(device_of(one).complete, Person(account="desk"))
    own.leap(5)
    await asyncio.gather(*tasks)
    assert one.settings.identity == "k…i@example.org"
    assert other.settings.identity == "f…y@example.net"
