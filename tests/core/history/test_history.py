"""What is written when: by a real rack on the sandbox, a real file, and a clock that the test moves."""

import asyncio
from collections.abc import AsyncIterator
from decimal import Decimal
from pathlib import Path

import pytest

from keyrack.core.accounts.account import Account
from keyrack.core.history.history_file import HistoryFile
from keyrack.core.history.history_row import NAME, HistoryRow, row_of
from keyrack.core.history.periods import DAY, HOUR, MINUTES_10, PERIODS
from tests.core.harness import CoreHarness
from tests.core.history.rows import row
from tests.sandbox_process import RunningSandbox

PROBIT = ("probit", "client_credentials")


@pytest.fixture
async def harness(sandbox: RunningSandbox, tmp_path: Path) -> AsyncIterator[CoreHarness]:
    core = CoreHarness(sandbox, tmp_path, live=False)
    await core.start()
    core.rack.set_visible(visible=False)
    yield core
    await core.close()


async def valued(harness: CoreHarness) -> Account:
    account = await harness.signed_in(*PROBIT)  # type: ignore[arg-type]
    await harness.until(lambda: harness.rack.totals.total_of(account) is not None)
    return account


def stored(harness: CoreHarness, account: Account) -> list[HistoryRow]:
    return HistoryFile(harness.paths.state).rows(account.id, 0, harness.clock.wall + DAY, 10_000)


def text_of(harness: CoreHarness) -> bytes:
    return (harness.paths.state / NAME).read_bytes()


async def test_a_row_holds_what_the_window_shows(harness: CoreHarness) -> None:
    account = await valued(harness)
    await harness.rack.history.write()
    (written,) = stored(harness, account)
    total = harness.rack.totals.total_of(account)
    assert total is not None
    assert written.totals[0] is not None
    assert abs(written.totals[0] - total.amount) <= Decimal("0.5e-8")
    assert (written.dollar, written.priceless) == ("USDT", 0)
    assert abs(written.at - harness.clock.wall) < 60
    by_value = [part.value for part in written.assets]
    assert by_value == sorted(by_value, key=lambda value: -(value or 0))
    harness.rack.totals.choose("BTC")
    in_bitcoin = harness.rack.totals.total_of(account)
    assert in_bitcoin is not None
    assert written.totals[2] is not None
    assert abs(written.totals[2] - in_bitcoin.amount) <= Decimal("0.5e-8")


@pytest.mark.security("S66")
async def test_no_secret_and_no_identity_is_in_the_file(harness: CoreHarness) -> None:
    account = await valued(harness)
    harness.rack.parts.account_store.change(account, account.settings)
    await harness.rack.history.write()
    data = text_of(harness)
    assert account.id.encode() in data
    settings = account.settings
    for word in (settings.name, settings.client_id, settings.provider, settings.identity or settings.name):
        assert word.encode() not in data
    record = await harness.vault.load(account.id)
    assert record.client_secret is not None
    assert record.client_secret.reveal().encode() not in data


async def test_an_account_that_is_away_writes_nothing(harness: CoreHarness) -> None:
    account = await valued(harness)
    other = await harness.add("whitebit")
    await harness.rack.history.write()
    await harness.rack.sign_out(account)
    harness.clock.move(MINUTES_10)
    await harness.rack.history.write()
    assert len(stored(harness, account)) == 1
    assert stored(harness, other) == []


async def test_figures_that_are_old_are_not_written(harness: CoreHarness) -> None:
    account = await valued(harness)
    harness.sandbox.fault("probit", "*", "down")
    harness.clock.move(MINUTES_10)
    await harness.rack.update_balances(account)
    assert account.figures_old
    assert harness.rack.history.samples() == []
    await harness.rack.history.write()
    assert not (harness.paths.state / NAME).exists()


async def test_it_is_written_at_each_full_ten_minutes(harness: CoreHarness) -> None:
    """A minute after the start, and then at the marks of the wall clock, so that no slot of ten minutes is missed."""
    account = await valued(harness)
    harness.clock.move(61)
    harness.rack.history.wake()
    await until_rows(harness, account, 1)
    first = stored(harness, account)[0].at
    harness.clock.move(MINUTES_10 - first % MINUTES_10 + 1)
    harness.rack.history.wake()
    await until_rows(harness, account, 2)
    harness.clock.move(MINUTES_10)
    harness.rack.history.wake()
    await until_rows(harness, account, 3)
    _, second, third = stored(harness, account)
    assert third.at // MINUTES_10 == second.at // MINUTES_10 + 1


async def until_rows(harness: CoreHarness, account: Account, count: int) -> None:
    async with asyncio.timeout(10):
        while len(stored(harness, account)) < count:
            await asyncio.sleep(0.01)


async def test_a_removal_deletes_the_history_when_it_can_no_longer_be_undone(harness: CoreHarness) -> None:
    account, other = await valued(harness), await valued(harness)
    history, removals = harness.rack.history, harness.rack.removals
    await history.write()
    removing = asyncio.create_task(removals.remove(account))
    await harness.until(lambda: removals.pending == (account,))
    removals.undo(account)
    await removing
    await harness.kept()
    assert len(stored(harness, account)) == 1
    removals.seconds = 0.05
    await removals.remove(account)
    await harness.until(lambda: stored(harness, account) == [])
    assert account.id.encode() not in text_of(harness)
    assert len(stored(harness, other)) == 1


async def test_a_clock_that_jumps_back_costs_nothing_that_was_true(harness: CoreHarness) -> None:
    account = await valued(harness)
    history, wall = harness.rack.history, int(harness.clock.wall)
    HistoryFile(harness.paths.state).append(
        [row(account.id, wall - age) for age in range(0, 3 * DAY, MINUTES_10)] + [row(account.id, wall - 300 * DAY)]
    )
    before = len(stored(harness, account))
    harness.clock.wall_offset = 400.0 * DAY  # set wrong, as if a year had passed
    harness.clock.move(HOUR / 2)
    await history.write()
    harness.clock.wall_offset = -2.0 * HOUR  # and back, too far
    harness.clock.move(HOUR / 2)
    await history.write()
    harness.clock.wall_offset = 0.0
    rows = HistoryFile(harness.paths.state).rows(account.id, 0, wall + 500.0 * DAY, 10_000)
    assert len(rows) >= before
    course = (await history.courses(PERIODS["day"])).accounts[account.id]
    assert course.last is not None
    assert course.last.at <= harness.clock.wall


@pytest.mark.parametrize("offset", [-1_700_000_000.0, 1_000_000_000.0])
async def test_a_clock_that_cannot_be_right_writes_nothing(harness: CoreHarness, offset: float) -> None:
    await valued(harness)
    harness.clock.wall_offset = offset
    await harness.rack.history.write()
    assert not (harness.paths.state / NAME).exists()


async def test_it_is_thinned_while_keyrack_runs(harness: CoreHarness) -> None:
    account = await valued(harness)
    wall = int(harness.clock.wall)
    HistoryFile(harness.paths.state).append([row(account.id, wall - 3 * DAY - age) for age in range(0, DAY, 600)])
    await harness.rack.history.write()
    assert len(stored(harness, account)) >= DAY // 600, "the clock is believed after an hour"
    harness.clock.move(HOUR + 1)
    await harness.rack.history.write()
    assert len(stored(harness, account)) <= 27


async def test_a_refused_disk_is_said_once_and_harms_nothing_else(
    harness: CoreHarness, caplog: pytest.LogCaptureFixture
) -> None:
    account = await valued(harness)
    history, said = harness.rack.history, []
    history.changed.connect(lambda: said.append(history.problem))
    folder = harness.paths.state / NAME
    folder.mkdir()
    for _ in range(3):
        harness.clock.move(MINUTES_10)
        await history.write()
    assert history.problem is not None
    assert len(said) == 1
    warned = [record for record in caplog.records if "history" in record.getMessage()]
    assert len(warned) == 1
    assert harness.status(account).name == "ready"
    folder.rmdir()
    await history.write()
    assert said[-1] is None
    assert len(stored(harness, account)) == 1


async def test_a_damaged_file_is_said_and_writing_goes_on(harness: CoreHarness) -> None:
    account = await valued(harness)
    (harness.paths.state / NAME).write_bytes(b"not a database " * 400)
    history = harness.rack.history
    await history.write()
    assert history.problem is not None
    assert ".bad-" in history.problem.sentences()
    await history.write()
    assert len(stored(harness, account)) == 1
    assert history.problem is not None, "what happened to the file is still said"


async def test_the_picture_adds_up_what_the_sum_adds_up(harness: CoreHarness) -> None:
    one, other = await valued(harness), await valued(harness)
    await harness.rack.history.write()
    found = await harness.rack.history.courses(PERIODS["day"])
    assert set(found.accounts) == {one.id, other.id}
    assert found.whole is not None
    assert found.whole.last is not None
    whole = harness.rack.totals.sum_of_all()
    assert abs(found.whole.last.amount - whole.amount) < Decimal("1e-7")


async def test_an_account_that_holds_nothing_is_worth_nothing_and_known(harness: CoreHarness) -> None:
    account = await valued(harness)
    (sample,) = harness.rack.history.samples()
    empty = row_of(type(sample)(account.id, sample.at, (), sample.known))
    assert [str(total) for total in empty.totals] == ["0"] * 4
    assert empty.assets == ()
