"""What accounts hold: polled as often as the window shows it, kept when a poll fails, exact to the last digit."""

import asyncio
from decimal import Decimal
from pathlib import Path

import pytest

from keyrack.core.accounts.account import Account
from keyrack.core.accounts.balances_snapshot import Balances
from keyrack.core.accounts.state import Active, LoggedOut
from keyrack.core.preferences.all_settings import BALANCES_SECONDS
from keyrack.primitives.secret import Secret
from tests.core.harness import CoreHarness
from tests.core.scripted_provider import FIGURES, scripted
from tests.recording_server import answer
from tests.sandbox_process import RunningSandbox

PROBIT = ("probit", "client_credentials")


@pytest.fixture
def harness(harness_without_streams: CoreHarness) -> CoreHarness:
    return harness_without_streams


async def with_figures(harness: CoreHarness, provider: str = "whitebit", flow: str = "authorization_code") -> Account:
    account = await harness.signed_in(provider, flow)  # type: ignore[arg-type]
    await harness.until(lambda: account.balances is not None)
    await harness.look()
    return account


def snapshot(account: Account) -> Balances:
    assert account.balances is not None
    return account.balances


async def test_figures_come_with_the_sign_in_and_are_exact(harness: CoreHarness) -> None:
    account = await with_figures(harness)
    shown = snapshot(account)
    assert shown.failure is None
    assert shown.source == "poll"
    assert shown.leaves_out == "Collateral and Earn are not included."
    assert all(type(holding.available) is Decimal for holding in shown.holdings)
    ether = next(holding for holding in shown.holdings if holding.asset == "ETH" and holding.place == "Spot")
    assert ether.total is not None
    assert ether.total.as_tuple().exponent == -18


async def test_a_thousand_assets_come_whole(harness: CoreHarness) -> None:
    harness.person.account = "collector"
    shown = snapshot(await with_figures(harness))
    assert len({holding.asset for holding in shown.holdings}) == 1000
    assert not shown.left_out_words


@pytest.mark.parametrize(("visible", "seconds"), [(True, 60), (False, 300)])
async def test_figures_are_asked_every_60_seconds_while_seen_and_every_300_else(
    harness: CoreHarness, visible: bool, seconds: float
) -> None:
    harness.rack.set_visible(visible)
    account = await with_figures(harness, *PROBIT)
    count = len(harness.asked(account, "balance"))
    await harness.step(seconds - 5)
    assert len(harness.asked(account, "balance")) == count
    await harness.step(6)
    assert len(harness.asked(account, "balance")) == count + 1


@pytest.mark.parametrize("visible", [True, False])
async def test_the_chosen_pace_holds_at_once_and_is_a_fifth_behind_a_hidden_window(
    harness: CoreHarness, visible: bool
) -> None:
    harness.rack.set_visible(visible)
    account = await with_figures(harness, *PROBIT)
    count, every = len(harness.asked(account, "balance")), 300 if visible else 1500
    harness.rack.preferences.choose(BALANCES_SECONDS, 300)
    await harness.step(every - 5)
    assert len(harness.asked(account, "balance")) == count
    await harness.step(6)
    assert len(harness.asked(account, "balance")) == count + 1
    await harness.step(70 if visible else 310)
    assert len(harness.asked(account, "balance")) == count + 1
    harness.rack.preferences.choose(BALANCES_SECONDS, 60)
    await harness.until(lambda: len(harness.asked(account, "balance")) == count + 2)


async def test_showing_and_hiding_the_window_does_not_ask_more_often(harness: CoreHarness) -> None:
    harness.rack.set_visible(visible=True)
    account = await with_figures(harness, *PROBIT)
    count = len(harness.asked(account, "balance"))
    for visible in (False, True, False, True):
        harness.rack.set_visible(visible)
        await harness.step(5)
    assert len(harness.asked(account, "balance")) == count
    harness.rack.set_visible(visible=False)
    await harness.step(100)
    assert len(harness.asked(account, "balance")) == count
    harness.rack.set_visible(visible=True)
    await harness.look()
    assert len(harness.asked(account, "balance")) == count + 1


@pytest.mark.parametrize(
    "fault",
    ["html:502", "status:403", "status:429", "status:500", "malformed", "reset", 'body:{"odd":NaN}', 'body:"x"', "big"],
)
async def test_a_failed_fetch_keeps_the_old_figures_with_their_age(harness: CoreHarness, fault: str) -> None:
    account = await with_figures(harness)
    old = snapshot(account)
    harness.sandbox.fault("whitebit", "main", fault)
    await harness.step(10)
    await harness.rack.parts.poller.update(account)
    shown = snapshot(account)
    assert (shown.holdings, shown.taken) == (old.holdings, old.taken)
    assert shown.failure is not None
    assert shown.failure.happened
    assert harness.status(account).name == "ready", "figures never touch the sign-in"
    harness.sandbox.clear_faults()
    await harness.rack.parts.poller.update(account)
    assert snapshot(account).failure is None
    assert snapshot(account).taken > old.taken


async def test_figures_that_are_too_large_or_odd_break_nothing(harness: CoreHarness) -> None:
    account = await with_figures(harness, *PROBIT)
    row = '{"data":[{"currency_id":"BTC","available":"%s","total":"%s"}]}'
    for amount in ("1e400", "NaN", "-0", "0x10", "9" * 400, "1,5", "null"):
        harness.sandbox.fault("probit", "balance", "body:" + row % (amount, amount))
        await harness.rack.parts.poller.update(account)
        assert all(str(h.total) not in ("NaN", "Infinity") for h in snapshot(account).holdings)
        assert isinstance(account.state, Active)


@pytest.mark.security("S81")
async def test_one_401_is_one_renewal_and_one_more_question(harness: CoreHarness) -> None:
    account = await with_figures(harness)
    old, count = harness.token(account).access, len(harness.asked(account, "main"))
    harness.sandbox.fault("whitebit", "main", "withdrawn", times=1)
    await harness.rack.parts.poller.update(account)
    assert snapshot(account).failure is None
    assert len(harness.asked(account)) == 1
    assert len(harness.asked(account, "main")) == count + 2
    assert harness.token(account).access != old


@pytest.mark.security("S81")
async def test_401_for_ever_is_one_renewal_and_never_a_loop(harness: CoreHarness) -> None:
    harness.rack.set_visible(visible=True)
    account = await with_figures(harness, *PROBIT)
    tokens = len(harness.asked(account, "token"))
    harness.sandbox.fault("probit", "balance", "withdrawn")
    for _ in range(5):
        await harness.step(61)
    assert len(harness.asked(account, "token")) == tokens + 1
    assert harness.status(account).name == "ready"
    assert snapshot(account).failure is not None
    assert snapshot(account).holdings
    harness.sandbox.clear_faults()
    await harness.step(61)
    assert snapshot(account).failure is None
    harness.sandbox.fault("probit", "balance", "withdrawn", times=1)
    await harness.step(61)
    assert len(harness.asked(account, "token")) == tokens + 2, "healed once, so it may be renewed once again"


@pytest.mark.security("S81")
@pytest.mark.parametrize("mode", ["withdrawn", "withdrawn:200"])
async def test_a_token_that_nothing_renews_is_kept_for_minutes_and_ends_when_it_is_refused_for_good(
    harness: CoreHarness, mode: str
) -> None:
    """Report 8: two refusals are one event, and the pauses grow."""
    account = await with_figures(harness, "bitport")
    token = harness.token(account).access
    harness.sandbox.fault("bitport", "me", mode, times=2)
    await harness.rack.parts.poller.update(account)
    await harness.rack.parts.poller.update(account)
    now = harness.status(account)
    assert (now.name, now.happened) == ("ready", "Bitport refuses this token for the moment.")
    assert await harness.rack.parts.token_source.fresh(account) == token
    await harness.step(11)
    assert snapshot(account).failure is None
    assert harness.status(account).happened == ""
    harness.sandbox.fault("bitport", "me", mode)
    await harness.rack.parts.poller.update(account)
    count = len(harness.sandbox.log("bitport", "me"))
    for pause in (10, 20, 40, 80):
        await harness.step(pause - 2)
        assert len(harness.sandbox.log("bitport", "me")) == count, "asked too early"
        await harness.step(2.5)
        count += 1
        assert len(harness.sandbox.log("bitport", "me")) == count
        assert harness.status(account).name == "ready"
    await harness.step(161)
    assert isinstance(account.state, LoggedOut)
    assert harness.status(account).reason == "refresh_rejected"
    count = len(harness.sandbox.log("bitport", "me"))
    await harness.step(400)
    assert len(harness.sandbox.log("bitport", "me")) == count
    assert (await harness.vault.load(account.id)).signed_in, "the record stays until the next sign-in"


@pytest.mark.security("S81")
async def test_a_gateways_page_never_ends_a_sign_in(sandbox: RunningSandbox, tmp_path: Path) -> None:
    page = answer("<html>Sign in to the network</html>", 401, kind="text/html")
    async with scripted(sandbox, tmp_path, 'renewal = "none"') as its:
        its.says("/token", answer({"access_token": "at-invented"}))
        its.says("/api/figures", answer(FIGURES), page)
        await its.harness.sign_in(its.account)
        await its.harness.until(lambda: its.account.balances is not None)
        for _ in range(8):
            await its.harness.step(301)
        assert its.harness.status(its.account).happened == "Scripted refuses this token for the moment."
        assert its.harness.token(its.account).access == Secret("at-invented")
        assert snapshot(its.account).holdings, "the last good figures stay"
        its.says("/api/figures", answer(FIGURES))
        await its.harness.step(301)
        assert snapshot(its.account).failure is None


@pytest.mark.security("S81")
@pytest.mark.parametrize("body", [{"message": "no"}, None, []])
async def test_an_api_that_refuses_for_good_ends_it_with_its_own_words(
    sandbox: RunningSandbox, tmp_path: Path, body: object
) -> None:
    errors = 'errors = { messages = ["message"] }'
    async with scripted(sandbox, tmp_path, 'renewal = "none"', top=errors) as its:
        its.says("/token", answer({"access_token": "at-invented"}))
        its.says("/api/figures", answer(FIGURES), answer(body, 401))
        await its.harness.sign_in(its.account)
        for pause in (301, 20, 301):
            await its.harness.step(pause)
        assert its.harness.status(its.account).reason == "refresh_rejected"
        assert its.harness.status(its.account).detail == ("no (HTTP 401)" if body else "HTTP 401")


async def test_retry_after_slows_the_figures_and_nothing_else(harness: CoreHarness) -> None:
    harness.rack.set_visible(visible=True)
    account, other = await with_figures(harness), await with_figures(harness, *PROBIT)
    harness.sandbox.fault("whitebit", "main", "retry:150", times=1)
    await harness.step(61)
    count, others = len(harness.asked(account, "main")), len(harness.asked(other, "balance"))
    await harness.step(65)
    assert len(harness.asked(account, "main")) == count
    assert len(harness.asked(other, "balance")) == others + 1
    await harness.step(90)
    assert len(harness.asked(account, "main")) == count + 1
    assert harness.status(account).name == "ready"


async def test_a_provider_that_hangs_delays_no_other(harness: CoreHarness) -> None:
    slow, fine = await with_figures(harness, *PROBIT), await with_figures(harness)
    harness.sandbox.fault("probit", "balance", "hold:5")
    hanging = asyncio.create_task(harness.rack.parts.poller.update(slow))
    await harness.until(lambda: len(harness.asked(slow, "balance")) == 2)
    harness.leap(6)
    async with asyncio.timeout(2):
        await harness.rack.refresh(fine)
        await harness.rack.parts.refresher.renew(slow)
    assert snapshot(fine).failure is None
    assert len(harness.asked(slow, "token")) == 2, "a token never waits for figures"
    assert not hanging.done()
    await harness.rack.parts.poller.stop(slow)
    await hanging


async def test_an_account_removed_during_a_fetch_stays_removed(harness: CoreHarness) -> None:
    account = await with_figures(harness, *PROBIT)
    harness.sandbox.fault("probit", "balance", "hold:0.3")
    fetching = asyncio.create_task(harness.rack.parts.poller.update(account))
    await harness.until(lambda: len(harness.asked(account, "balance")) == 2)
    assert not fetching.done()
    await harness.rack.remove(account)
    await fetching
    await harness.look()
    assert account.balances is None
    await harness.kept()
    assert not list((harness.paths.state / "activity").glob(f"{account.id}*"))
    assert len(harness.rack.accounts) == 0


async def test_figures_of_a_fetch_that_a_sign_out_overtook_are_not_shown(harness: CoreHarness) -> None:
    account = await with_figures(harness, *PROBIT)
    await harness.rack.sign_out(account)
    assert account.balances is None
    await harness.step(400)
    assert account.balances is None


async def test_storage_falls_back_to_the_root_folder(harness: CoreHarness) -> None:
    account = await with_figures(harness, "bitport")
    storage = snapshot(account).storage
    assert storage is not None
    assert storage.size is not None
    harness.sandbox.fault("bitport", "me", "disk:absent")
    await harness.rack.parts.poller.update(account)
    fallback = snapshot(account).storage
    assert fallback is not None
    assert fallback.used == storage.used
