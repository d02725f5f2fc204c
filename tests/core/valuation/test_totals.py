"""The rack's values: prices asked as often as somebody looks, kept when a question fails, never mixed."""

import json
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from keyrack.core.accounts.account import Account
from keyrack.core.accounts.state import LoggedOut, Reason
from keyrack.core.rack import Rack
from keyrack.core.valuation.preferences import Preferences
from keyrack.core.valuation.valuation import Total
from keyrack.providers.files.load import built_in
from tests.core.harness import Desk
from tests.core.user_provider import added, own_desk
from tests.sandbox_process import StandIn

PROBIT = ("probit", "client_credentials")


@pytest.fixture
async def desk(desk: Desk) -> Desk:
    desk.rack.show(visible=False)
    return desk


async def valued(desk: Desk, provider: str = "probit", flow: str = "client_credentials") -> Account:
    account = await desk.signed_in(provider, flow)  # type: ignore[arg-type]
    await desk.until(lambda: desk.rack.values.of(account) is not None)
    await desk.until(lambda: not running(desk))
    return account


def running(desk: Desk) -> bool:
    return any(asked.running is not None for asked in desk.rack.values.prices._sites.values())


def of(desk: Desk, account: Account) -> Total:
    found = desk.rack.values.of(account)
    assert found is not None
    return found


def asked(desk: Desk, provider: str = "probit") -> int:
    return len(desk.stand_in.log(provider, "ticker"))


async def step(desk: Desk, seconds: float) -> None:
    """Let time pass, and wait until all that was due has been asked."""
    await desk.step(seconds)
    desk.rack.values.prices.wake()
    for _ in range(10):
        await desk.look()
    await desk.until(lambda: not running(desk))


async def test_a_value_comes_with_the_figures_and_is_their_exact_product(desk: Desk) -> None:
    account = await valued(desk)
    found = of(desk, account)
    prices = desk.rack.values.prices.of(account).prices
    assert account.balances is not None
    expected = sum(
        (h.total or Decimal(0)) * (prices[f"{h.asset}-USDT"].value if h.asset != "USDT" else 1)
        for h in account.balances.holdings
        if h.total
    )
    assert abs(found.amount - expected) < Decimal("1e-15")
    assert (found.unit, found.priceless, found.failure) == ("USDT", (), None)
    assert set(found.quiet) == {"PROB"}
    assert desk.rack.values.over_all().amount == found.amount


@pytest.mark.parametrize(("visible", "seconds"), [(True, 60), (False, 300)])
async def test_prices_are_asked_every_60_seconds_while_seen_and_every_300_else(
    desk: Desk, visible: bool, seconds: float
) -> None:
    desk.rack.show(visible)
    await valued(desk)
    count = asked(desk)
    await step(desk, seconds - 5)
    assert asked(desk) == count
    await step(desk, 6)
    assert asked(desk) == count + 1


async def test_without_a_window_no_prices_are_asked(stand_in: StandIn, tmp_path: Path) -> None:
    """The agent shows no values."""
    bare = Desk(stand_in, tmp_path)
    await bare.start()
    account = await bare.signed_in("probit", "client_credentials")
    await bare.until(lambda: account.balances is not None)
    count = asked(bare)
    await step(bare, 400)
    assert asked(bare) == count
    bare.rack.show(visible=False)
    await bare.until(lambda: bare.rack.values.of(account) is not None)
    await bare.close()


async def test_one_question_serves_every_account_of_a_site_and_none_that_is_signed_out(desk: Desk) -> None:
    desk.rack.show(visible=True)
    count = asked(desk)
    first, second = await valued(desk), await valued(desk)
    assert asked(desk) == count + 1
    assert of(desk, first).priced == of(desk, second).priced
    for account in (first, second):
        await desk.rack.sign_out(account)
    await step(desk, 400)
    assert asked(desk) == count + 1
    assert desk.rack.values.of(first) is None


@pytest.mark.parametrize(
    "fault", ["html:502", "status:403", "malformed", "reset", 'body:{"odd":NaN}', 'body:"x"', "big"]
)
async def test_a_question_that_fails_keeps_the_old_prices_with_their_time(desk: Desk, fault: str) -> None:
    desk.rack.show(visible=True)
    account = await valued(desk)
    old = of(desk, account)
    desk.stand_in.fault("probit", "ticker", fault)
    await step(desk, 61)
    kept = of(desk, account)
    assert kept.priced == old.priced
    assert kept.failure is not None
    assert kept.failure.happened
    assert kept.amount > 0
    assert desk.rack.values.over_all().stale
    assert desk.status(account).name == "ready", "prices never touch the sign-in"
    assert account.balances is not None
    assert account.balances.failure is None, "nor the figures"
    desk.stand_in.clear_faults()
    await step(desk, 61)
    assert of(desk, account).failure is None
    assert of(desk, account).priced > old.priced


async def test_when_a_sign_in_has_ended_its_last_value_stays_and_nobody_asks_any_more(desk: Desk) -> None:
    desk.rack.show(visible=True)
    account = await valued(desk)
    account.become(LoggedOut(Reason.REFRESH_REJECTED), expected=account.state)
    count = asked(desk)
    await step(desk, 400)
    assert asked(desk) == count
    assert of(desk, account).amount > 0


async def test_prices_that_never_came_are_told_and_only_money_has_a_value(desk: Desk) -> None:
    desk.stand_in.fault("probit", "ticker", "html:502")
    account = await valued(desk)
    found = of(desk, account)
    assert found.failure is not None
    assert found.priced == 0
    assert set(found.priceless) == {"BTC", "ETH", "XRP", "LINK", "PROB"}
    assert desk.rack.values.over_all().priceless == 5


async def test_retry_after_slows_the_prices_and_nothing_else(desk: Desk) -> None:
    desk.rack.show(visible=True)
    account = await valued(desk, "whitebit", "authorization_code")
    desk.stand_in.fault("whitebit", "ticker", "retry:150", times=1)
    await step(desk, 61)
    count, figures = asked(desk, "whitebit"), len(desk.asked(account, "main"))
    await step(desk, 65)
    assert asked(desk, "whitebit") == count
    assert len(desk.asked(account, "main")) == figures + 1
    await step(desk, 90)
    assert asked(desk, "whitebit") == count + 1


async def test_hostile_prices_are_no_prices(desk: Desk) -> None:
    desk.rack.show(visible=True)
    account = await valued(desk)
    rows = [("BTC", "NaN"), ("ETH", "1e400"), ("XRP", "-5"), ("LINK", "0"), ("PROB", "<b>1</b>"), ("XLM", "0x10")]
    body = json.dumps({"data": [{"market_id": f"{a}-USDT", "last": p} for a, p in (*rows, ("DOT", "5"))]})
    desk.stand_in.fault("probit", "ticker", f"body:{body}")
    await step(desk, 61)
    found = of(desk, account)
    assert found.failure is None
    assert set(found.priceless) == {"BTC", "ETH", "XRP", "LINK", "PROB"}
    assert account.balances is not None
    assert found.amount == next(h.total for h in account.balances.holdings if h.asset == "USDT")


async def test_two_exchanges_never_lend_each_other_a_price_q14(desk: Desk) -> None:
    """ProBit Q14: the same ticker elsewhere is another token."""
    desk.stand_in.fault("probit", "ticker", 'body:{"data":[]}')
    probit, whitebit = await valued(desk), await valued(desk, "whitebit", "authorization_code")
    assert "BTC" in of(desk, probit).priceless
    assert of(desk, whitebit).priceless == ()
    whole = desk.rack.values.over_all()
    assert (whole.counted, whole.priceless, whole.unit) == (2, 5, "USDT")
    assert whole.amount == of(desk, probit).amount + of(desk, whitebit).amount


async def test_the_chosen_currency_is_kept_over_a_restart_and_holds_no_secret(desk: Desk) -> None:
    account = await valued(desk)
    dollars = of(desk, account)
    told: list[str] = []
    desk.rack.values.changed.connect(lambda: told.append(desk.rack.values.currency))
    desk.rack.values.choose("BTC")
    desk.rack.values.choose("BTC")
    assert told == ["BTC"]
    assert of(desk, account).unit == "BTC"
    assert 0 < of(desk, account).amount < dollars.amount
    file = desk.paths.config / "preferences.json"
    assert json.loads(file.read_text()) == {"schema": 1, "currency": "BTC"}
    assert file.stat().st_mode & 0o077 == 0
    rack = await desk.kill()
    rack.load()
    assert rack.values.currency == "BTC"


@pytest.mark.parametrize(
    ("text", "currency"),
    [("{", "USD"), ("[]", "USD"), ('{"currency": "XYZ"}', "USD"), ('{"currency": ["EUR"]}', "USD"), ("", "USD")],
)
def test_a_damaged_file_costs_the_choice_and_nothing_else(tmp_path: Path, text: str, currency: str) -> None:
    (tmp_path / "preferences.json").write_text(text)
    kept = Preferences(tmp_path)
    kept.load()
    assert kept.currency == currency
    kept.choose_currency("ETH")
    again = Preferences(tmp_path)
    again.load()
    assert again.currency == "ETH"


@pytest.mark.security("S68")
def test_a_newer_versions_file_is_left_as_it_is_and_unknown_keys_are_kept(tmp_path: Path) -> None:
    file = tmp_path / "preferences.json"
    for schema, kept in ((2, "EUR"), (1, "BTC")):
        file.write_text(json.dumps({"schema": schema, "currency": "EUR", "later": [1]}))
        preferences = Preferences(tmp_path)
        preferences.load()
        preferences.choose_currency("BTC")
        assert preferences.currency == "BTC"
        assert json.loads(file.read_text()) == {"schema": schema, "currency": kept, "later": [1]}


def test_a_folder_that_cannot_be_written_costs_the_choice_at_the_next_start_only(tmp_path: Path) -> None:
    (tmp_path / "config").write_text("a file stands where the folder should be")
    preferences = Preferences(tmp_path / "config")
    preferences.load()
    preferences.choose_currency("EUR")
    assert preferences.currency == "EUR"


# --- test networks ---------------------------------------------------------------------------------------------------


async def with_real_rack(desk: Desk, *accounts: Account) -> Rack:
    """The same accounts in a rack that is not the sandbox's."""
    rack = Rack(built_in(), desk.vault, desk.paths, clock=desk.rack.clock)
    rack.load()
    for account in accounts:
        found = rack.accounts.find(account.id)
        assert found is not None
        found.show_balances(account.balances)
    return rack


async def test_a_test_account_is_never_added_to_real_ones(desk: Desk) -> None:
    """Neither one of the sandbox nor one of a provider's own test network."""
    account, invented = await valued(desk), await valued(desk)
    assert desk.rack.values.over_all().counted == 2, "in the sandbox all are invented alike"
    for each, test in ((account, False), (invented, True)):
        desk.rack._book.change(each, replace(each.settings, test=test))
    rack = await with_real_rack(desk, account, invented)
    for found in rack.accounts:
        rack.values.prices._asked(found).known = desk.rack.values.prices.of(account)
    whole = rack.values.over_all()
    assert (whole.counted, whole.apart) == (1, 1)
    real = rack.accounts.find(account.id)
    assert real is not None
    assert rack.values.of(real) is not None
    total = rack.values.of(real)
    assert total is not None
    assert whole.amount == total.amount
    await rack.close()


@pytest.mark.parametrize(("provider", "region"), [("deribit", "test"), ("gemini", "sandbox"), ("alpaca", "paper")])
def test_each_known_test_network_is_marked_as_one(provider: str, region: str) -> None:
    found = next(each for each in built_in() if each.id == provider)
    assert found.regions[region].test_network
    assert not found.regions["global"].test_network


# --- providers that are a file and nothing else ----------------------------------------------------------------------


async def test_a_persons_own_file_values_its_accounts_at_its_own_prices(stand_in: StandIn, tmp_path: Path) -> None:
    own = own_desk(stand_in, tmp_path)
    await own.start()
    own.rack.show(visible=False)
    account = await added(own, "authorization_code_pkce")
    await own.sign_in(account)
    await own.until(lambda: own.rack.values.of(account) is not None)
    found = of(own, account)
    assert (found.unit, found.priceless) == ("USDT", ())
    assert found.amount > 30_000
    await own.close()


async def test_a_file_without_prices_says_that_there_are_none(stand_in: StandIn, tmp_path: Path) -> None:
    own = own_desk(stand_in, tmp_path, lambda text: text.partition("[prices]")[0])
    await own.start()
    own.rack.show(visible=False)
    account = await added(own, "authorization_code_pkce")
    await own.sign_in(account)
    await own.until(lambda: own.rack.values.of(account) is not None)
    found = of(own, account)
    assert not found.known
    assert set(found.priceless) == {"BTC", "ETH", "USDT", "EUR"}
    assert (own.rack.values.over_all().counted, own.rack.values.over_all().unknown) == (0, 1)
    await own.close()
