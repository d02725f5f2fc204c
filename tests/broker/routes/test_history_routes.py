"""The history over the socket: pages of CSV, and nothing while locked."""

import csv
import io
import time
from urllib.parse import quote

import pytest

from keyrack.core.history.history_file import HistoryFile
from keyrack.core.history.history_row import NAME
from keyrack.core.history.periods import DAY
from tests.broker.conftest import Served
from tests.core.history.rows import row


async def stored(served: Served, count: int) -> tuple[str, int]:
    """The path of an account's history with this many moments, and the newest of them."""
    account = await served.allowed()
    wall = int(served.harness.clock.wall)
    rows = [row(account.id, wall - at * 600) for at in range(count)]
    HistoryFile(served.harness.paths.state).append(rows)
    return f"/v1/accounts/{quote(account.settings.name)}/history", wall


def day_of(wall: int) -> str:
    return time.strftime("%Y-%m-%d", time.gmtime(wall))


async def test_all_lines_come_once_in_pages(served: Served) -> None:
    path, _ = await stored(served, 2_500)
    text, pages = "", 0
    after: int | None = -1
    while after is not None:
        content = (await served.ask("GET", f"{path}?after={after}")).content
        text += content["lines"]
        head, after, pages = content["head"], content["after"], pages + 1
    assert pages == 3
    lines = list(csv.DictReader(io.StringIO(head + text, newline="")))
    totals = [line["time"] for line in lines if line["what"] == "total"]
    assert len(totals) == 2_500
    assert totals == sorted(set(totals))


async def test_it_begins_at_a_day(served: Served) -> None:
    path, wall = await stored(served, 2_500)
    day = (wall - 3 * DAY) // DAY * DAY
    since = (await served.ask("GET", f"{path}?since={day_of(day)}")).content
    first = next(csv.DictReader(io.StringIO(since["head"] + since["lines"], newline="")))
    assert first["time"].startswith(f"{day_of(day)}T00:0")


@pytest.mark.parametrize("query", ["since=yesterday", "since=2026-13-01", "after=x", "after=", "after=99999999999999"])
async def test_what_is_no_time_is_a_mistake(served: Served, query: str) -> None:
    path, _ = await stored(served, 1)
    answer = await served.ask("GET", f"{path}?{query}")
    assert (answer.status, answer.code) == (400, "usage")


@pytest.mark.security("S91")
async def test_nothing_is_told_while_locked(served: Served) -> None:
    path, _ = await stored(served, 1)
    served.harness.rack.lock.lock(by_hand=True)
    answer = await served.ask("GET", path)
    assert (answer.status, answer.code) == (403, "locked")


async def test_a_file_that_cannot_be_read_is_a_sentence(served: Served) -> None:
    path, _ = await stored(served, 1)
    (served.harness.paths.state / NAME).write_bytes(b"no database " * 500)
    answer = await served.ask("GET", path)
    assert (answer.status, answer.code) == (500, "unexpected")
    assert f"{NAME}.bad-" in str(answer.content["error"]["means"])
