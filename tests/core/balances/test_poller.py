"""What accounts hold: asked as often as somebody looks, kept when a question fails, exact to the last digit."""

import asyncio
from decimal import Decimal

import pytest

from keyrack.core.accounts.account import Account
from keyrack.core.accounts.snapshot import Balances
from keyrack.core.accounts.state import Active, LoggedOut
from tests.core.harness import Desk

PROBIT = ("probit", "client_credentials")


@pytest.fixture
def desk(polled_desk: Desk) -> Desk:
    return polled_desk


async def with_figures(desk: Desk, provider: str = "whitebit", flow: str = "authorization_code") -> Account:
    account = await desk.signed_in(provider, flow)  # type: ignore[arg-type]
    await desk.until(lambda: account.balances is not None)
    await desk.look()
    return account


def snapshot(account: Account) -> Balances:
    assert account.balances is not None
    return account.balances


async def test_figures_come_with_the_sign_in_and_are_exact(desk: Desk) -> None:
    account = await with_figures(desk)
    shown = snapshot(account)
    assert shown.failure is None
    assert shown.source == "poll"
    assert shown.leaves_out == "Collateral and Earn are not included."
    assert all(type(holding.available) is Decimal for holding in shown.holdings)
    ether = next(holding for holding in shown.holdings if holding.asset == "ETH" and holding.place == "Spot")
    assert ether.total is not None
    assert ether.total.as_tuple().exponent == -18


@pytest.mark.parametrize(("visible", "seconds"), [(True, 60), (False, 300)])
async def test_figures_are_asked_every_60_seconds_while_seen_and_every_300_else(
    desk: Desk, visible: bool, seconds: float
) -> None:
    desk.rack.show(visible)
    account = await with_figures(desk, *PROBIT)
    count = len(desk.asked(account, "balance"))
    await desk.step(seconds - 5)
    assert len(desk.asked(account, "balance")) == count
    await desk.step(6)
    assert len(desk.asked(account, "balance")) == count + 1


async def test_showing_and_hiding_the_window_does_not_ask_more_often(desk: Desk) -> None:
    desk.rack.show(visible=True)
    account = await with_figures(desk, *PROBIT)
    count = len(desk.asked(account, "balance"))
    for visible in (False, True, False, True):
        desk.rack.show(visible)
        await desk.step(5)
    assert len(desk.asked(account, "balance")) == count
    desk.rack.show(visible=False)
    await desk.step(100)
    assert len(desk.asked(account, "balance")) == count
    desk.rack.show(visible=True)
    await desk.look()
    assert len(desk.asked(account, "balance")) == count + 1


@pytest.mark.parametrize(
    "fault",
    ["html:502", "status:403", "status:429", "status:500", "malformed", "reset", 'body:{"odd":NaN}', 'body:"x"', "big"],
)
async def test_a_failed_fetch_keeps_the_old_figures_with_their_age(desk: Desk, fault: str) -> None:
    account = await with_figures(desk)
    old = snapshot(account)
    desk.stand_in.fault("whitebit", "main", fault)
    await desk.step(10)
    await desk.rack._poller.update(account)
    shown = snapshot(account)
    assert (shown.holdings, shown.taken) == (old.holdings, old.taken)
    assert shown.failure is not None
    assert shown.failure.happened
    assert desk.status(account).name == "ready", "figures never touch the sign-in"
    desk.stand_in.clear_faults()
    await desk.rack._poller.update(account)
    assert snapshot(account).failure is None
    assert snapshot(account).taken > old.taken


async def test_figures_that_are_too_large_or_odd_break_nothing(desk: Desk) -> None:
    account = await with_figures(desk, *PROBIT)
    row = '{"data":[{"currency_id":"BTC","available":"%s","total":"%s"}]}'
    for amount in ("1e400", "NaN", "-0", "0x10", "9" * 400, "1,5", "null"):
        desk.stand_in.fault("probit", "balance", "body:" + row % (amount, amount))
        await desk.rack._poller.update(account)
        assert all(str(h.total) not in ("NaN", "Infinity") for h in snapshot(account).holdings)
        assert isinstance(account.state, Active)


@pytest.mark.security("S81")
async def test_one_401_is_one_renewal_and_one_more_question(desk: Desk) -> None:
    account = await with_figures(desk)
    old, count = desk.token(account).access, len(desk.asked(account, "main"))
    desk.stand_in.fault("whitebit", "main", "withdrawn", times=1)
    await desk.rack._poller.update(account)
    assert snapshot(account).failure is None
    assert len(desk.asked(account)) == 1
    assert len(desk.asked(account, "main")) == count + 2
    assert desk.token(account).access != old


@pytest.mark.security("S81")
async def test_401_for_ever_is_one_renewal_and_never_a_loop(desk: Desk) -> None:
    desk.rack.show(visible=True)
    account = await with_figures(desk, *PROBIT)
    tokens = len(desk.asked(account, "token"))
    desk.stand_in.fault("probit", "balance", "withdrawn")
    for _ in range(5):
        await desk.step(61)
    assert len(desk.asked(account, "token")) == tokens + 1
    assert desk.status(account).name == "ready"
    assert snapshot(account).failure is not None
    assert snapshot(account).holdings
    desk.stand_in.clear_faults()
    await desk.step(61)
    assert snapshot(account).failure is None
    desk.stand_in.fault("probit", "balance", "withdrawn", times=1)
    await desk.step(61)
    assert len(desk.asked(account, "token")) == tokens + 2, "healed once, so it may be renewed once again"


@pytest.mark.security("S81")
@pytest.mark.parametrize("mode", ["withdrawn", "withdrawn:200"])
async def test_a_token_that_nothing_renews_ends_at_the_second_401_in_a_row(desk: Desk, mode: str) -> None:
    account = await with_figures(desk, "bitport")
    desk.stand_in.fault("bitport", "me", mode, times=1)
    await desk.rack._poller.update(account)
    assert desk.status(account).name == "ready"
    assert snapshot(account).failure is None
    desk.stand_in.fault("bitport", "me", mode)
    await desk.rack._poller.update(account)
    assert isinstance(account.state, LoggedOut)
    assert desk.status(account).reason == "refresh_rejected"
    count = len(desk.stand_in.log("bitport", "me"))
    await desk.step(400)
    assert len(desk.stand_in.log("bitport", "me")) == count
    assert (await desk.vault.load(account.id)).signed_in, "the record stays until the next sign-in"


async def test_retry_after_slows_the_figures_and_nothing_else(desk: Desk) -> None:
    desk.rack.show(visible=True)
    account, other = await with_figures(desk), await with_figures(desk, *PROBIT)
    desk.stand_in.fault("whitebit", "main", "retry:150", times=1)
    await desk.step(61)
    count, others = len(desk.asked(account, "main")), len(desk.asked(other, "balance"))
    await desk.step(65)
    assert len(desk.asked(account, "main")) == count
    assert len(desk.asked(other, "balance")) == others + 1
    await desk.step(90)
    assert len(desk.asked(account, "main")) == count + 1
    assert desk.status(account).name == "ready"


async def test_a_provider_that_hangs_delays_no_other(desk: Desk) -> None:
    slow, fine = await with_figures(desk, *PROBIT), await with_figures(desk)
    desk.stand_in.fault("probit", "balance", "hold:5")
    hanging = asyncio.create_task(desk.rack._poller.update(slow))
    await desk.until(lambda: len(desk.asked(slow, "balance")) == 2)
    desk.leap(6)
    async with asyncio.timeout(2):
        await desk.rack.refresh(fine)
        await desk.rack._refresher.renew(slow)
    assert snapshot(fine).failure is None
    assert len(desk.asked(slow, "token")) == 2, "a token never waits for figures"
    assert not hanging.done()
    await desk.rack._poller.stop(slow)
    await hanging


async def test_an_account_removed_during_a_fetch_stays_removed(desk: Desk) -> None:
    account = await with_figures(desk, *PROBIT)
    desk.stand_in.fault("probit", "balance", "hold:0.3")
    fetching = asyncio.create_task(desk.rack._poller.update(account))
    await desk.until(lambda: len(desk.asked(account, "balance")) == 2)
    assert not fetching.done()
    await desk.rack.remove(account)
    await fetching
    await desk.look()
    assert account.balances is None
    await desk.kept()
    assert not list((desk.paths.state / "activity").glob(f"{account.id}*"))
    assert len(desk.rack.accounts) == 0


async def test_figures_of_a_fetch_that_a_sign_out_overtook_are_not_shown(desk: Desk) -> None:
    account = await with_figures(desk, *PROBIT)
    await desk.rack.sign_out(account)
    assert account.balances is None
    await desk.step(400)
    assert account.balances is None


async def test_storage_falls_back_to_the_root_folder(desk: Desk) -> None:
    account = await with_figures(desk, "bitport")
    storage = snapshot(account).storage
    assert storage is not None
    assert storage.size is not None
    desk.stand_in.fault("bitport", "me", "disk:absent")
    await desk.rack._poller.update(account)
    fallback = snapshot(account).storage
    assert fallback is not None
    assert fallback.used == storage.used
