"""A service that its provider has ended: the account closes with the reason, and nothing is asked again and again."""

from datetime import UTC, datetime

import msgspec
import pytest

from keyrack.core.access.program import Program
from keyrack.core.accounts.account import Account
from keyrack.core.accounts.state import Active, Closed, LoggedOut, Reason
from keyrack.oauth.oauth_errors import ServiceEnded
from keyrack.providers.announced_end import announced_end
from tests.clock import FakeClock
from tests.core.harness import CoreHarness
from tests.tokens import provider

KINDS = ("ended:404", "ended:410")
PROGRAM = Program(4711, "/usr/bin/python3.11", "/srv/bot.py", lasting=True)


def closed(account: Account) -> ServiceEnded:
    assert isinstance(account.state, Closed), account.state
    assert account.state.why is not None
    return account.state.why


@pytest.mark.parametrize("kind", KINDS)
async def test_a_renewal_that_finds_the_service_gone_closes_the_account(harness: CoreHarness, kind: str) -> None:
    account = await harness.signed_in()
    harness.sandbox.fault("whitebit", "refresh", kind)
    await harness.step(245)
    assert closed(account).todo == "Add the account as WhiteBIT API key."
    status = harness.status(account)
    assert (status.name, status.reason) == ("closed", "ended")
    assert status.happened == "WhiteBIT has ended this service."
    asked = len(harness.asked(account))
    for _ in range(4):
        await harness.step(120)
    assert len(harness.asked(account)) == asked, "there is no endless retry"


@pytest.mark.parametrize("kind", KINDS)
async def test_a_sign_in_that_finds_the_service_gone_closes_the_account(harness: CoreHarness, kind: str) -> None:
    account = await harness.add("whitebit")
    harness.sandbox.fault("whitebit", "token", kind)
    await harness.sign_in(account)
    assert isinstance(harness.rack.sign_ins.outcome(account), ServiceEnded)
    closed(account)
    browsed = len(harness.opened)
    await harness.sign_in(account)
    assert len(harness.opened) == browsed, "asked twice, the browser is not opened for nothing"
    assert isinstance(harness.rack.sign_ins.outcome(account), ServiceEnded)


async def test_a_second_sign_in_that_finds_it_gone_closes_a_signed_in_account_too(harness: CoreHarness) -> None:
    account = await harness.signed_in()
    harness.sandbox.fault("whitebit", "token", "ended:410")
    await harness.sign_in(account)
    closed(account)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("endpoint", ["main", "spot"])
async def test_balances_that_are_gone_close_the_account(harness: CoreHarness, endpoint: str, kind: str) -> None:
    account = await harness.signed_in()
    harness.sandbox.fault("whitebit", endpoint, kind)
    await harness.rack.parts.poller.update(account)
    closed(account)
    assert account.activity.lines()[0].notice.code == "sign_in_ended"


@pytest.mark.parametrize("fault", ["html:404", "status:503", "html:502"])
async def test_a_proxys_page_leaves_the_account_open(harness: CoreHarness, fault: str) -> None:
    account = await harness.signed_in()
    harness.sandbox.fault("whitebit", "refresh", fault)
    harness.sandbox.fault("whitebit", "main", fault)
    await harness.rack.refresh(account)
    assert isinstance(account.state, Active)


async def test_a_program_is_told_that_the_service_has_ended(harness: CoreHarness) -> None:
    account = await harness.signed_in()
    harness.rack.access.choose(account, "allow")
    harness.sandbox.fault("whitebit", "refresh", "ended:410")
    await harness.rack.refresh(account)
    with pytest.raises(ServiceEnded):
        await harness.rack.tokens.give(account, PROGRAM)


async def test_by_hand_it_is_tried_once_more(harness: CoreHarness) -> None:
    """The provider may have taken its fault back. Nothing but the person's own word asks for that."""
    account = await harness.signed_in()
    harness.sandbox.fault("whitebit", "refresh", "ended:404")
    await harness.rack.refresh(account)
    asked = len(harness.asked(account))
    harness.leap(2)
    await harness.rack.refresh(account)
    closed(account)
    assert len(harness.asked(account)) == asked + 1
    harness.sandbox.clear_faults()
    harness.leap(2)
    await harness.rack.refresh(account)
    assert isinstance(account.state, Active)


async def test_when_nothing_is_left_to_try_it_stays_closed(harness: CoreHarness) -> None:
    account = await harness.signed_in()
    harness.sandbox.fault("whitebit", "refresh", "ended:404")
    await harness.rack.refresh(account)
    harness.leap(700)
    await harness.rack.refresh(account)
    closed(account)


async def test_a_restart_tries_once_and_closes_it_again(harness: CoreHarness) -> None:
    account = await harness.signed_in()
    harness.sandbox.fault("whitebit", "refresh", "ended:410")
    await harness.rack.refresh(account)
    asked = len(harness.asked(account))
    await harness.kill()
    harness.leap(2)
    await harness.start()
    (account,) = harness.rack.accounts
    await harness.until(lambda: isinstance(account.state, Closed))
    assert len(harness.asked(account)) == asked + 1


async def test_it_can_be_signed_out_and_removed(harness: CoreHarness) -> None:
    account = await harness.signed_in()
    harness.sandbox.fault("whitebit", "refresh", "ended:410")
    await harness.rack.refresh(account)
    await harness.rack.sign_out(account)
    assert account.state == LoggedOut(Reason.SIGNED_OUT)
    await harness.rack.remove(account)
    assert harness.vault.names() == set()


async def test_own_codes_mean_an_end_for_any_provider(harness: CoreHarness) -> None:
    probit = next(known for known in harness.providers if known.id == "probit")
    errors = msgspec.structs.replace(probit.errors, ended=("SERVICE_REMOVED",))
    regions = {id: msgspec.structs.replace(region, stream="") for id, region in probit.regions.items()}
    harness.replace_provider(msgspec.structs.replace(probit, errors=errors, regions=regions))
    account = await harness.signed_in("probit", "client_credentials")
    harness.sandbox.fault("probit", "balance", 'body:{"errorCode":"SERVICE_REMOVED","message":"gone"}')
    await harness.rack.parts.poller.update(account)
    assert closed(account).todo == "Your entry is kept until you remove it."


@pytest.mark.parametrize(
    ("day", "said"),
    [
        ("2026-10-31", "WhiteBIT ends this way to sign in on 1 November 2026."),
        ("2026-11-01", "WhiteBIT announced its removal for 1 November 2026."),
        ("2027-02-01", "WhiteBIT announced its removal for 1 November 2026."),
    ],
)
def test_an_end_is_coming_before_its_day_and_announced_after_it(day: str, said: str) -> None:
    wall = datetime.fromisoformat(day).replace(tzinfo=UTC).timestamp()
    assert announced_end(provider("whitebit"), FakeClock(0.0, wall).clock).startswith(said)
    assert announced_end(provider("probit"), FakeClock(0.0, wall).clock) == ""
