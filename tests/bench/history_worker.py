"""What the history costs, in processor time: writing on the loop's own thread, reading a year, drawing it."""

import asyncio
import json
import sys
import tempfile
import time
from decimal import Decimal
from pathlib import Path
from statistics import median

from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication, QWidget

from keyrack.core.accounts.account import Settings
from keyrack.core.history.periods import PERIODS
from keyrack.ui.history.course_line import CourseLine
from keyrack.ui.theme.theme import theme
from tests.ui.harness import WindowHarness, holdings, make_harness
from tests.ui.history.past import priced, write_past

ACCOUNTS, ROUNDS = 100, 11
# Of the hundred, those that exist at once: what is shown, and a page above and below it.
CARDS = 30
_NOON = 1_795_000_200.0


def made(folder: Path) -> WindowHarness:
    """A rack with a hundred accounts that have balances and prices, and a year behind them."""
    ids = tuple(f"w{at:03}" for at in range(ACCOUNTS))
    settings = tuple(Settings(id, f"Desk {id}", "whitebit", "global", "authorization_code", "sample") for id in ids)
    harness = make_harness(folder, settings, wall=_NOON)
    for account in harness.rack.accounts:
        harness.active(account.id).show_balances(holdings(harness.clock))
        site = harness.rack.totals.prices.site_prices(account)
        site.known = priced(site.known.how, harness.clock.wall)
    write_past(folder, harness, ids, late="")
    return harness


async def written(harness: WindowHarness) -> float:
    """Milliseconds of the loop's thread for one account and hour, which is six rows."""
    taken = []
    for _ in range(ROUNDS):
        harness.clock.move(600)
        for account in harness.rack.accounts:
            account.show_balances(holdings(harness.clock))
        before = time.thread_time()
        await harness.rack.history.write()
        taken.append(time.thread_time() - before)
    return 6 * 1000 * median(taken) / ACCOUNTS


def drawn(lines: list[CourseLine], harness: WindowHarness) -> float:
    """Milliseconds to take over and paint the courses of these lines."""
    courses = harness.actions.courses.courses
    assert courses is not None
    found = [courses.whole, *courses.accounts.values()]
    taken = []
    for _ in range(ROUNDS):
        for line in lines:
            line.show_course(None, "", courses.period, private=False)
        before = time.process_time()
        for line, course in zip(lines, found, strict=False):
            line.show_course(course, "USDT", courses.period, private=False)
            picture = QImage(line.size(), QImage.Format.Format_ARGB32_Premultiplied)
            line.render(picture)
        taken.append(time.process_time() - before)
    return 1000 * median(taken)


def line(parent: QWidget, width: int, height: int) -> CourseLine:
    """A line of a size."""
    each = CourseLine("Course", width, height, keys=False)
    each.setParent(parent)
    each.resize(width, height)
    return each


async def main() -> dict[str, float]:
    """All figures in milliseconds."""
    with tempfile.TemporaryDirectory(prefix="kr") as folder:
        harness = made(Path(folder))
        loop = await written(harness)
        before = time.process_time()
        harness.actions.courses.courses = await harness.rack.history.courses(PERIODS["year"])
        read = 1000 * (time.process_time() - before)
        parent = QWidget()
        whole = drawn([line(parent, 420, 36)], harness)
        cards = drawn([line(parent, 64, 18) for _ in range(CARDS)], harness)
        size = Path(folder, "state", "history.sqlite").stat().st_size
        await harness.rack.history.close()
    assert Decimal(size) > 0
    return {"loop": loop, "read": read, "whole": whole, "cards": cards, "megabytes": size / 1e6}


if __name__ == "__main__":
    application = QApplication(sys.argv)
    theme().start(application)
    print(json.dumps(asyncio.run(main())))
