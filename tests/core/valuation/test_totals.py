"""Totals: prices are requested while values are shown, kept when a request fails, and never mixed."""

import json
import tomllib
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from keyrack.core.accounts.account import Account
from keyrack.core.accounts.state import LoggedOut, Reason
from keyrack.core.rack import Rack
from keyrack.core.valuation.valuation import Total
from keyrack.core.wiring import assemble
from keyrack.providers.registry import built_in
from tests.core.harness import CoreHarness
from tests.core.user_provider import added, harness_with_own_provider
from tests.sandbox_process import RunningSandbox

PROBIT = ("probit", "client_credentials")


@pytest.fixture
async def harness(harness: CoreHarness) -> CoreHarness:
    harness.rack.set_visible(visible=False)
    return harness


async def valued(harness: CoreHarness, provider: str = "probit", flow: str = "client_credentials") -> Account:
    account = await harness.signed_in(provider, flow)  # type: ignore[arg-type]
    await harness.until(lambda: harness.rack.totals.total_of(account) is not None)
    await harness.until(lambda: not running(harness))
    return account


def running(harness: CoreHarness) -> bool:
    return harness.rack.totals.prices.busy


def of(harness: CoreHarness, account: Account) -> Total:
    found = harness.rack.totals.total_of(account)
    assert found is not None
    return found


def asked(harness: CoreHarness, provider: str = "probit") -> int:
    return len(harness.sandbox.log(provider, "ticker"))


async def step(harness: CoreHarness, seconds: float) -> None:
    """Let time pass, and wait until all that was due has been asked."""
    await harness.step(seconds)
    harness.rack.totals.prices.wake()
    for _ in range(10):
        await harness.look()
    await harness.until(lambda: not running(harness))


async def test_a_value_comes_with_the_figures_and_is_their_exact_product(harness: CoreHarness) -> None:
    account = await valued(harness)
    found = of(harness, account)
    prices = harness.rack.totals.prices.of(account).prices
    assert account.balances is not None
    expected = sum(
        (h.total or Decimal(0)) * (prices[f"{h.asset}-USDT"].value if h.asset != "USDT" else 1)
        for h in account.balances.holdings
        if h.total
    )
    assert abs(found.amount - expected) < Decimal("1e-15")
    assert (found.unit, found.priceless, found.failure) == ("USDT", (), None)
    assert set(found.quiet) == {"PROB"}
    assert harness.rack.totals.sum_of_all().amount == found.amount


@pytest.mark.parametrize(("visible", "seconds"), [(True, 60), (False, 300)])
async def test_prices_are_asked_every_60_seconds_while_seen_and_every_300_else(
    harness: CoreHarness, visible: bool, seconds: float
) -> None:
    harness.rack.set_visible(visible)
    await valued(harness)
    count = asked(harness)
    await step(harness, seconds - 5)
    assert asked(harness) == count
    await step(harness, 6)
    assert asked(harness) == count + 1


async def test_without_a_window_no_prices_are_asked(sandbox: RunningSandbox, tmp_path: Path) -> None:
    """The agent shows no values."""
    bare = CoreHarness(sandbox, tmp_path)
    await bare.start()
    account = await bare.signed_in("probit", "client_credentials")
    await bare.until(lambda: account.balances is not None)
    count = asked(bare)
    await step(bare, 400)
    assert asked(bare) == count
    bare.rack.set_visible(visible=False)
    await bare.until(lambda: bare.rack.totals.total_of(account) is not None)
    await bare.close()


async def test_one_question_serves_every_account_of_a_site_and_none_that_is_signed_out(harness: CoreHarness) -> None:
    harness.rack.set_visible(visible=True)
    count = asked(harness)
    first, second = await valued(harness), await valued(harness)
    assert asked(harness) == count + 1
    assert of(harness, first).priced == of(harness, second).priced
    for account in (first, second):
        await harness.rack.sign_out(account)
    await step(harness, 400)
    assert asked(harness) == count + 1
    assert harness.rack.totals.total_of(first) is None


@pytest.mark.parametrize(
    "fault", ["html:502", "status:403", "malformed", "reset", 'body:{"odd":NaN}', 'body:"x"', "big"]
)
async def test_a_question_that_fails_keeps_the_old_prices_with_their_time(harness: CoreHarness, fault: str) -> None:
    harness.rack.set_visible(visible=True)
    account = await valued(harness)
    old = of(harness, account)
    harness.sandbox.fault("probit", "ticker", fault)
    await step(harness, 61)
    kept = of(harness, account)
    assert kept.priced == old.priced
    assert kept.failure is not None
    assert kept.failure.happened
    assert kept.amount > 0
    assert harness.rack.totals.sum_of_all().stale
    assert harness.status(account).name == "ready", "prices never touch the sign-in"
    assert account.balances is not None
    assert account.balances.failure is None, "nor the figures"
    harness.sandbox.clear_faults()
    await step(harness, 61)
    assert of(harness, account).failure is None
    assert of(harness, account).priced > old.priced


async def test_when_a_sign_in_has_ended_its_last_value_stays_and_nobody_asks_any_more(harness: CoreHarness) -> None:
    harness.rack.set_visible(visible=True)
    account = await valued(harness)
    account.become(LoggedOut(Reason.REFRESH_REJECTED), expected=account.state)
    count = asked(harness)
    await step(harness, 400)
    assert asked(harness) == count
    assert of(harness, account).amount > 0


async def test_prices_that_never_came_are_told_and_only_money_has_a_value(harness: CoreHarness) -> None:
    harness.sandbox.fault("probit", "ticker", "html:502")
    account = await valued(harness)
    found = of(harness, account)
    assert found.failure is not None
    assert found.priced == 0
    assert set(found.priceless) == {"BTC", "ETH", "XRP", "LINK", "PROB"}
    assert harness.rack.totals.sum_of_all().priceless == 5


async def test_retry_after_slows_the_prices_and_nothing_else(harness: CoreHarness) -> None:
    harness.rack.set_visible(visible=True)
    account = await valued(harness, "whitebit", "authorization_code")
    harness.sandbox.fault("whitebit", "ticker", "retry:150", times=1)
    await step(harness, 61)
    count, figures = asked(harness, "whitebit"), len(harness.asked(account, "main"))
    await step(harness, 65)
    assert asked(harness, "whitebit") == count
    assert len(harness.asked(account, "main")) == figures + 1
    await step(harness, 90)
    assert asked(harness, "whitebit") == count + 1


async def test_hostile_prices_are_no_prices(harness: CoreHarness) -> None:
    harness.rack.set_visible(visible=True)
    account = await valued(harness)
    rows = [("BTC", "NaN"), ("ETH", "1e400"), ("XRP", "-5"), ("LINK", "0"), ("PROB", "<b>1</b>"), ("XLM", "0x10")]
    body = json.dumps({"data": [{"market_id": f"{a}-USDT", "last": p} for a, p in (*rows, ("DOT", "5"))]})
    harness.sandbox.fault("probit", "ticker", f"body:{body}")
    await step(harness, 61)
    found = of(harness, account)
    assert found.failure is None
    assert set(found.priceless) == {"BTC", "ETH", "XRP", "LINK", "PROB"}
    assert account.balances is not None
    assert found.amount == next(h.total for h in account.balances.holdings if h.asset == "USDT")


async def test_two_exchanges_never_lend_each_other_a_price_q14(harness: CoreHarness) -> None:
    """ProBit Q14: the same ticker elsewhere is another token."""
    harness.sandbox.fault("probit", "ticker", 'body:{"data":[]}')
    probit, whitebit = await valued(harness), await valued(harness, "whitebit", "authorization_code")
    assert "BTC" in of(harness, probit).priceless
    assert of(harness, whitebit).priceless == ()
    whole = harness.rack.totals.sum_of_all()
    assert (whole.counted, whole.priceless, whole.unit) == (2, 5, "USDT")
    assert whole.amount == of(harness, probit).amount + of(harness, whitebit).amount


async def test_the_chosen_currency_is_kept_over_a_restart_and_holds_no_secret(harness: CoreHarness) -> None:
    account = await valued(harness)
    dollars = of(harness, account)
    told: list[str] = []
    harness.rack.totals.changed.connect(lambda: told.append(harness.rack.totals.currency))
    harness.rack.totals.choose("BTC")
    harness.rack.totals.choose("BTC")
    assert told == ["BTC"]
    assert of(harness, account).unit == "BTC"
    assert 0 < of(harness, account).amount < dollars.amount
    file = harness.paths.config / "settings.toml"
    assert tomllib.loads(file.read_text()) == {"schema": 1, "currency": "BTC"}
    assert file.stat().st_mode & 0o077 == 0
    rack = await harness.kill()
    rack.load()
    assert rack.totals.currency == "BTC"


# --- test networks ---------------------------------------------------------------------------------------------------


async def with_real_rack(harness: CoreHarness, *accounts: Account) -> Rack:
    """The same accounts in a rack that is not the sandbox's."""
    rack = Rack(assemble(built_in(), harness.vault, harness.paths, clock=harness.rack.clock))
    rack.load()
    for account in accounts:
        found = rack.accounts.find(account.id)
        assert found is not None
        found.show_balances(account.balances)
    return rack


async def test_a_test_account_is_never_added_to_real_ones(harness: CoreHarness) -> None:
    """Neither one of the sandbox nor one of a provider's own test network."""
    account, invented = await valued(harness), await valued(harness)
    assert harness.rack.totals.sum_of_all().counted == 2, "in the sandbox all are invented alike"
    for each, test in ((account, False), (invented, True)):
        harness.rack.parts.account_store.change(each, replace(each.settings, test=test))
    rack = await with_real_rack(harness, account, invented)
    for found in rack.accounts:
        rack.totals.prices.site_prices(found).known = harness.rack.totals.prices.of(account)
    whole = rack.totals.sum_of_all()
    assert (whole.counted, whole.apart) == (1, 1)
    real = rack.accounts.find(account.id)
    assert real is not None
    assert rack.totals.total_of(real) is not None
    total = rack.totals.total_of(real)
    assert total is not None
    assert whole.amount == total.amount
    await rack.close()


@pytest.mark.parametrize(("provider", "region"), [("deribit", "test"), ("gemini", "sandbox"), ("alpaca", "paper")])
def test_each_known_test_network_is_marked_as_one(provider: str, region: str) -> None:
    found = next(each for each in built_in() if each.id == provider)
    assert found.regions[region].test_network
    assert not found.regions["global"].test_network


# --- providers that are a file and nothing else ----------------------------------------------------------------------


async def test_a_persons_own_file_values_its_accounts_at_its_own_prices(
    sandbox: RunningSandbox, tmp_path: Path
) -> None:
    own = harness_with_own_provider(sandbox, tmp_path)
    await own.start()
    own.rack.set_visible(visible=False)
    account = await added(own, "authorization_code_pkce")
    await own.sign_in(account)
    await own.until(lambda: own.rack.totals.total_of(account) is not None)
    found = of(own, account)
    assert (found.unit, found.priceless) == ("USDT", ())
    assert found.amount > 30_000
    await own.close()


async def test_a_file_without_prices_says_that_there_are_none(sandbox: RunningSandbox, tmp_path: Path) -> None:
    own = harness_with_own_provider(sandbox, tmp_path, lambda text: text.partition("[prices]")[0])
    await own.start()
    own.rack.set_visible(visible=False)
    account = await added(own, "authorization_code_pkce")
    await own.sign_in(account)
    await own.until(lambda: own.rack.totals.total_of(account) is not None)
    found = of(own, account)
    assert not found.known
    assert set(found.priceless) == {"BTC", "ETH", "USDT", "EUR"}
    assert (own.rack.totals.sum_of_all().counted, own.rack.totals.sum_of_all().unknown) == (0, 1)
    await own.close()
