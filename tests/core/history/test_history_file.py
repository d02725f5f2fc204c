"""The file: what it keeps of which age, and what a damaged, newer, torn or refused one does."""

import os
import sqlite3
import stat
import subprocess
import sys
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest

from keyrack.core.history.history_failures import HistoryDamaged, HistoryNewer, HistoryNotKept
from keyrack.core.history.history_file import HistoryFile
from keyrack.core.history.history_row import NAME
from keyrack.core.history.periods import DAY, HOUR, MINUTES_10, PERIODS, YEAR
from tests.checkout import ROOT
from tests.core.history.rows import NOW, row


def moments(file: HistoryFile, account: str = "a") -> list[int]:
    return [each.at for each in file.rows(account, 0, NOW, 1_000_000)]


def test_a_row_comes_back_with_every_digit(tmp_path: Path) -> None:
    file = HistoryFile(tmp_path / "state")
    written = row("a", NOW, "123456789012345678901234567890.12345678")
    file.append([written, row("b", NOW)])
    assert file.rows("a", 0, NOW, 10) == [written]
    course = file.courses(["a", "b", "c"], PERIODS["day"], "USD", NOW)
    assert set(course) == {"a", "b"}
    last = course["a"].last
    assert last is not None
    assert (last.at, last.amount) == (NOW, Decimal("123456789012345678901234567890.12345678"))


@pytest.mark.security("S67")
def test_only_its_owner_reads_it_and_nothing_lies_beside_it(tmp_path: Path) -> None:
    old = os.umask(0)
    try:
        HistoryFile(tmp_path / "state").append([row("a", NOW)])
    finally:
        os.umask(old)
    (only,) = (tmp_path / "state").iterdir()
    assert only.name == NAME
    assert stat.S_IMODE(only.stat().st_mode) == 0o600
    assert stat.S_IMODE(only.parent.stat().st_mode) == 0o700


def test_reading_makes_no_file(tmp_path: Path) -> None:
    file = HistoryFile(tmp_path / "state")
    assert file.courses(["a"], PERIODS["year"], "USD", NOW) == {}
    assert file.rows("a", 0, NOW, 10) == []
    file.forget(["a"])
    file.thin(NOW, end=True)
    assert not (tmp_path / "state").exists()


def test_it_keeps_ten_minutes_for_two_days_hours_for_thirty_and_days_for_a_year(tmp_path: Path) -> None:
    file = HistoryFile(tmp_path)
    ages = [*range(0, 3 * DAY, MINUTES_10), *range(3 * DAY, 40 * DAY, HOUR // 2), *range(40 * DAY, 500 * DAY, DAY // 2)]
    file.append([row("a", NOW - age) for age in ages])
    file.thin(NOW, end=True)
    kept = moments(file)
    fine = [at for at in kept if at >= NOW - 2 * DAY]
    hourly = [at for at in kept if NOW - 30 * DAY <= at < NOW - 2 * DAY]
    daily = [at for at in kept if at < NOW - 30 * DAY]
    assert len(fine) == 2 * DAY // MINUTES_10 + 1
    assert 28 * 24 - 1 <= len(hourly) <= 28 * 24 + 2
    assert len({at // HOUR for at in hourly}) >= len(hourly) - 1
    assert 335 <= len(daily) <= 338
    assert kept[0] >= NOW - YEAR
    last_of_hours = {max(NOW - age for age in ages if (NOW - age) // HOUR == at // HOUR) for at in hourly[:-1]}
    assert set(hourly[:-1]) == last_of_hours, "the last of each hour stays"
    file.thin(NOW, end=True)
    assert moments(file) == kept


def test_a_year_of_a_hundred_accounts_stays_small(tmp_path: Path) -> None:
    file = HistoryFile(tmp_path)
    ages = [*range(0, 2 * DAY, MINUTES_10), *range(2 * DAY, 30 * DAY, HOUR), *range(30 * DAY, YEAR, DAY)]
    file.append([row(f"{'0' * 29}{at:03}", NOW - age) for at in range(20) for age in ages])
    size = (tmp_path / NAME).stat().st_size
    assert size * 5 < 50_000_000


def test_without_the_day_of_patience_nothing_counts_as_a_year_old(tmp_path: Path) -> None:
    file = HistoryFile(tmp_path)
    file.append([row("a", NOW - 2 * YEAR), row("a", NOW)])
    file.thin(NOW, end=False)
    assert moments(file) == [NOW - 2 * YEAR, NOW]
    file.thin(NOW, end=True)
    assert moments(file) == [NOW]


def test_a_thousand_rows_lost_in_the_middle_are_a_gap(tmp_path: Path) -> None:
    file = HistoryFile(tmp_path)
    file.append([row("a", NOW - age) for age in range(0, 7 * DAY, MINUTES_10)])
    with sqlite3.connect(tmp_path / NAME) as by_hand:
        by_hand.execute(
            "DELETE FROM snapshot WHERE at IN (SELECT at FROM snapshot WHERE at < ? ORDER BY at DESC LIMIT 1000)",
            (NOW - HOUR,),
        )
    by_hand.close()
    course = file.courses(["a"], PERIODS["week"], "USD", NOW)["a"]
    known = [point is not None for point in course.slots]
    assert known[-1]
    missing = [at for at, each in enumerate(known) if not each]
    assert len(missing) == missing[-1] - missing[0] + 1 >= 160, "one hole, and both sides of it are there"
    assert missing[0] > 0 or len(missing) >= 166


def test_what_is_after_now_is_not_shown_and_not_lost(tmp_path: Path) -> None:
    """A clock that was set ahead and back has left rows of a time that has not come."""
    file = HistoryFile(tmp_path)
    file.append([row("a", NOW + 40 * DAY, "7"), row("a", NOW, "5")])
    last = file.courses(["a"], PERIODS["day"], "USD", NOW)["a"].last
    assert last is not None
    assert last.amount == 5
    file.thin(NOW, end=True)
    assert [each.at for each in file.rows("a", 0, NOW + YEAR, 10)] == [NOW, NOW + 40 * DAY]


def test_another_currency_is_read_from_the_same_rows(tmp_path: Path) -> None:
    file = HistoryFile(tmp_path)
    file.append([row("a", NOW - HOUR, euros=None), row("a", NOW)])
    euros = file.courses(["a"], PERIODS["day"], "EUR", NOW)["a"]
    assert [str(point.amount) for point in euros.slots if point] == ["90.1"]
    assert file.courses(["a"], PERIODS["day"], "ETH", NOW) == {}


def test_what_is_forgotten_is_overwritten(tmp_path: Path) -> None:
    file = HistoryFile(tmp_path)
    file.append([row("gone-account", NOW), row("kept-account", NOW)])
    file.forget(["gone-account"])
    data = (tmp_path / NAME).read_bytes()
    assert b"gone-account" not in data
    assert b"kept-account" in data


def test_accounts_that_nothing_names_any_more_go_after_a_while(tmp_path: Path) -> None:
    file = HistoryFile(tmp_path)
    file.append([row("kept", NOW - 40 * DAY), row("lost", NOW - 40 * DAY), row("new", NOW)])
    file.forget_others(["kept"], NOW - 30 * DAY)
    assert [len(moments(file, id)) for id in ("kept", "lost", "new")] == [1, 0, 1]


@pytest.mark.security("S67")
@pytest.mark.parametrize("data", [b"no database at all, but longer than a header " * 90, b"SQLite format 3\0" * 300])
def test_a_damaged_file_is_put_aside_and_a_new_one_begins(tmp_path: Path, data: bytes) -> None:
    (tmp_path / NAME).write_bytes(data)
    file = HistoryFile(tmp_path)
    with pytest.raises(HistoryDamaged) as told:
        file.append([row("a", NOW)])
    (aside,) = tmp_path.iterdir()
    assert aside.name.startswith(f"{NAME}.bad-")
    assert str(aside) in told.value.sentences()
    assert aside.read_bytes() == data
    file.append([row("a", NOW)])
    assert moments(file) == [NOW]


def test_a_page_that_was_overwritten_is_damage(tmp_path: Path) -> None:
    file = HistoryFile(tmp_path)
    file.append([row("a", NOW - age) for age in range(0, 7 * DAY, MINUTES_10)])
    with (tmp_path / NAME).open("r+b") as opened:
        opened.seek(4096)
        opened.write(os.urandom(60_000))
    with pytest.raises(HistoryDamaged):
        file.courses(["a"], PERIODS["week"], "USD", NOW)


def test_of_a_damaged_page_only_its_own_rows_are_lost(tmp_path: Path) -> None:
    file = HistoryFile(tmp_path)
    written = [row(id, NOW - age) for id in "abc" for age in range(0, 7 * DAY, MINUTES_10)]
    file.append(written)
    size = (tmp_path / NAME).stat().st_size
    with (tmp_path / NAME).open("r+b") as opened:
        opened.seek(size // 4096 // 2 * 4096)
        opened.write(b"\0" * 4096)
    with pytest.raises(HistoryDamaged) as told:
        file.rows("b", 0, NOW, 1_000_000)
    kept = {(each.account, each.at): each for id in "abc" for each in file.rows(id, 0, NOW, 1_000_000)}
    assert kept == {(each.account, each.at): each for each in written if (each.account, each.at) in kept}
    assert len(written) - 100 < len(kept) < len(written)
    assert [len(moments(file, id)) for id in "ac"] == [7 * DAY // MINUTES_10] * 2
    (aside,) = tmp_path.glob(f"{NAME}.bad-*")
    assert f"Values that were kept: {len(kept)}." in told.value.sentences()
    assert str(aside) in told.value.sentences()
    assert aside.stat().st_size == size


def test_a_row_that_no_keyrack_wrote_is_left_behind_alone(tmp_path: Path) -> None:
    file = HistoryFile(tmp_path)
    file.append([row("a", NOW), row("a", NOW - HOUR)])
    with sqlite3.connect(tmp_path / NAME) as by_hand:
        by_hand.execute("UPDATE snapshot SET usd = 'NaN' WHERE at = ?", (NOW,))
    by_hand.close()
    with pytest.raises(HistoryDamaged) as told:
        file.rows("a", 0, NOW, 10)
    assert "Values that were kept: 1." in told.value.sentences()
    assert moments(file) == [NOW - HOUR]


@pytest.mark.parametrize("amount", ["NaN", "many", "Infinity"])
def test_a_row_of_somebody_else_is_damage(tmp_path: Path, amount: str) -> None:
    file = HistoryFile(tmp_path)
    file.append([row("a", NOW)])
    with sqlite3.connect(tmp_path / NAME) as by_hand:
        by_hand.execute("UPDATE snapshot SET usd = ?", (amount,))
    by_hand.close()
    with pytest.raises(HistoryDamaged):
        file.courses(["a"], PERIODS["day"], "USD", NOW)


def test_a_newer_file_is_left_as_it_is(tmp_path: Path) -> None:
    file = HistoryFile(tmp_path)
    file.append([row("a", NOW)])
    with sqlite3.connect(tmp_path / NAME) as by_hand:
        by_hand.execute("PRAGMA user_version = 2")
    by_hand.close()
    before = (tmp_path / NAME).read_bytes()
    works: tuple[Callable[[], None], ...] = (
        lambda: file.append([row("a", NOW)]),
        lambda: file.forget(["a"]),
        lambda: file.thin(NOW, end=True),
    )
    for work in works:
        with pytest.raises(HistoryNewer):
            work()
    assert (tmp_path / NAME).read_bytes() == before
    assert [path.name for path in tmp_path.iterdir()] == [NAME]


KILLED = """
import os, sqlite3, sys
from pathlib import Path
from keyrack.core.history.history_file import HistoryFile
from tests.core.history.rows import NOW, row
file = HistoryFile(Path(sys.argv[1]))
file.append([row("a", NOW - 600)])
half = sqlite3.connect(file.path, isolation_level=None)
half.execute("PRAGMA cache_size = 1")
half.execute("PRAGMA cache_spill = 1")
half.execute("BEGIN")
for at in range(5000):
    half.execute("INSERT INTO snapshot SELECT account, ?, dollar, usd, eur, btc, eth, priceless, assets "
                 "FROM snapshot WHERE at = ?", (NOW + at, NOW - 600))
assert Path(f"{file.path}-journal").stat().st_size > 0
os.kill(os.getpid(), 9)
"""


def test_a_write_that_was_torn_is_rolled_back(tmp_path: Path) -> None:
    """The process is killed when half of a transaction is in the file."""
    env = {**os.environ, "PYTHONPATH": f"{ROOT}:{ROOT / 'desktop'}"}
    ended = subprocess.run([sys.executable, "-c", KILLED, str(tmp_path)], env=env, check=False)
    assert ended.returncode == -9
    assert (tmp_path / f"{NAME}-journal").exists()
    file = HistoryFile(tmp_path)
    assert [each.at for each in file.rows("a", 0, NOW + YEAR, 10_000)] == [NOW - 600]
    file.append([row("a", NOW)])
    assert moments(file) == [NOW - 600, NOW]


def test_a_file_that_another_program_works_on_is_a_gap_and_a_sentence(tmp_path: Path) -> None:
    file = HistoryFile(tmp_path, busy_seconds=0.05)
    file.append([row("a", NOW)])
    other = sqlite3.connect(tmp_path / NAME, isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    with pytest.raises(HistoryNotKept) as told:
        file.append([row("a", NOW + 600)])
    assert "another program" in told.value.sentences()
    other.execute("COMMIT")
    other.close()
    assert moments(file) == [NOW]


def test_it_never_becomes_larger_than_it_may(tmp_path: Path) -> None:
    file = HistoryFile(tmp_path, largest=200_000)
    with pytest.raises(HistoryNotKept) as told:
        for batch in range(100):
            file.append([row("a", NOW - 10_000 * batch - at) for at in range(100)])
    assert "full" in told.value.sentences()
    assert (tmp_path / NAME).stat().st_size <= 200_000
    assert len(moments(file)) % 100 == 0, "a batch is written whole or not at all"


def test_a_link_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").write_bytes(b"")
    (tmp_path / NAME).symlink_to(tmp_path / "elsewhere")
    with pytest.raises(HistoryNotKept):
        HistoryFile(tmp_path).append([row("a", NOW)])
    assert (tmp_path / "elsewhere").read_bytes() == b""
