"""All accounts' activity in one list, and a file of it that no spreadsheet can be tricked with."""

import csv
import io

import pytest

from keyrack.core.accounts.account import Account, Settings
from keyrack.core.accounts.activity import Activity, Line, Notice
from keyrack.core.accounts.activity_record import Entry, Narrowing, all_entries, as_csv
from keyrack.messages.accounts.activity_messages import ACTIVITY_MESSAGES
from keyrack.net.network_errors import Unreachable

BESIDE_A_LINE = {"caller_place", "caller_process", "caller_times"}
WITHOUT_KIND = {"note", "activity_newer"}


def account(id: str, name: str, *lines: Line) -> Account:
    settings = Settings(id, name, "probit", "global", "client_credentials", "sample")
    return Account(settings, Activity(list(lines), lambda: 0.0))


WHY = Unreachable("probit.example", "Keyrack connects directly.")
DESK = account(
    "a1",
    "Main desk",
    Line(30.0, Notice("token_renewed")),
    Line(10.0, Notice("signed_in")),
)
OTHER = account(
    "a2",
    "Zürich",
    Line(20.0, Notice("renewal_failed", {}, Notice.from_failure(WHY)), "upstream timed out"),
    Line(5.0, Notice("token_given", {"program": "bot.py"})),
)


def told(narrowing: Narrowing) -> list[float]:
    return [entry.line.at for entry in all_entries([DESK, OTHER]) if narrowing.takes(entry)]


def test_they_stand_in_one_order_and_can_be_narrowed() -> None:
    assert told(Narrowing()) == [30.0, 20.0, 10.0, 5.0]
    assert told(Narrowing(account="a2")) == [20.0, 5.0]
    assert told(Narrowing(kind="token")) == [30.0, 20.0]
    assert told(Narrowing(trouble=True)) == [20.0]
    assert told(Narrowing(text="  ZÜRICH ")) == [20.0, 5.0]
    assert told(Narrowing(text="bot.PY")) == [5.0]
    assert told(Narrowing(text="timed out")) == [20.0]
    assert told(Narrowing(account="a1", text="bot")) == []


def test_every_line_of_the_catalogue_has_a_kind() -> None:
    lines = ACTIVITY_MESSAGES.keys() - BESIDE_A_LINE
    other = {code for code in lines if Entry("a", "A", Line(0.0, Notice(code))).kind == "other"}
    assert other == WITHOUT_KIND


def test_csv_can_be_read_back() -> None:
    rows = list(csv.reader(io.StringIO(as_csv(all_entries([DESK, OTHER])))))
    assert rows[0] == ["time", "account", "kind", "trouble", "what"]
    assert [row[1:4] for row in rows[1:]] == [
        ["Main desk", "token", "no"],
        ["Zürich", "token", "yes"],
        ["Main desk", "sign_in", "no"],
        ["Zürich", "program", "no"],
    ]
    assert rows[2][4] == f"Renewal failed: {WHY.happened} upstream timed out"


@pytest.mark.parametrize("words", ["=cmd()", "+1", "-1", "@SUM(1)", "\t=1", "  =1", '=HYPERLINK("x","y")'])
def test_no_cell_begins_a_formula(words: str) -> None:
    """A provider's words and a program's name reach these cells."""
    named = Entry("a", words, Line(1.0, Notice("note", {"text": words})))
    (_, row) = csv.reader(io.StringIO(as_csv([named])))
    assert not any(cell.strip().startswith(("=", "+", "-", "@", "\t")) for cell in row)
    assert row[1].endswith(words.strip())


def test_an_impossible_time_spoils_nothing() -> None:
    (_, row) = csv.reader(io.StringIO(as_csv([Entry("a", "A", Line(1e300, Notice("signed_in")))])))
    assert row == ["", "A", "sign_in", "no", "Signed in."]
