"""Each release is a line of the file and part of one merged line of the account's activity."""

import asyncio
import json
import logging
import os
import subprocess
import time
from collections.abc import AsyncIterator
from datetime import datetime
from pathlib import Path

import pytest

from keyrack.core.access.audit import MERGED_SECONDS, Audit
from keyrack.core.access.audit_file import NAME, OLDER, AuditFile
from keyrack.core.access.program import UNKNOWN, Program
from keyrack.core.accounts.account import Account, Settings
from keyrack.core.accounts.activity import Activity
from keyrack.core.accounts.activity_files import ActivityFiles
from keyrack.core.accounts.collection import Accounts
from keyrack.language.translation import speaking, spoken
from tests.clock import FakeClock
from tests.language import catalogue_of
from tests.until import until

pytestmark = pytest.mark.security("S92")
BOT = Program(4711, "/usr/bin/python3.11", "/srv/bot.py", lasting=True, called="/usr/bin/python3")


class AuditFixture:
    """Releases of two accounts, with a clock that a test moves."""

    def __init__(self, state: Path) -> None:
        self.clock = FakeClock.running()
        self.state = state
        self.store = ActivityFiles(state)
        self.accounts = Accounts()
        self.one, self.two = self._account("a1", "Main desk"), self._account("b2", "Seoul ∂")
        self.audit = Audit(state, self.accounts, self.clock.clock)
        self.changes = 0
        self.one.changed.connect(self._count)

    def _account(self, id: str, name: str) -> Account:
        settings = Settings(id, name, "p", "r", "client_credentials", "c")
        account = Account(settings, self.store.activity(id, time.time))
        self.accounts.add(account)
        return account

    def _count(self) -> None:
        self.changes += 1

    def recorded(self) -> list[dict[str, object]]:
        return [json.loads(line) for line in (self.state / NAME).read_text("ascii").splitlines()]

    def activity(self, account: Account | None = None) -> list[tuple[str, str]]:
        return [(line.notice.sentence, line.about) for line in (account or self.one).activity.lines()]


@pytest.fixture
async def audited(tmp_path: Path) -> AsyncIterator[AuditFixture]:
    made = AuditFixture(tmp_path / "state")
    yield made
    made.audit.close()


async def test_a_release_is_on_the_disk_before_the_token_is_answered(audited: AuditFixture) -> None:
    audited.audit.record(audited.one, BOT, granted=True)
    audited.audit.record(audited.two, UNKNOWN, granted=False)
    first, second = audited.recorded()
    assert abs(datetime.fromisoformat(str(first.pop("time"))).timestamp() - time.time()) < 5
    assert first == {
        "account": "Main desk",
        "pid": 4711,
        "executable": "/usr/bin/python3.11",
        "script": "/srv/bot.py",
        "granted": True,
    }
    assert (second["account"], second["executable"], second["granted"]) == ("Seoul ∂", "", False)
    path = audited.state / NAME
    assert (path.stat().st_mode & 0o777, path.parent.stat().st_mode & 0o777) == (0o600, 0o700)


async def test_no_name_breaks_a_line_or_moves_a_cursor(audited: AuditFixture) -> None:
    odd = Program(1, "/opt/a\n\x1b[2J\u202eb", "/opt/\udcff\x07", lasting=False)
    audited.audit.record(audited.one, odd, granted=True)
    assert (audited.state / NAME).read_bytes().isascii()
    (line,) = audited.recorded()
    assert (line["executable"], line["script"]) == (odd.executable, odd.script)
    await until(lambda: bool(audited.activity()))
    assert all(part.isprintable() for line in audited.activity() for part in line)


async def test_the_activity_has_one_line_per_program(audited: AuditFixture) -> None:
    other = Program(4712, BOT.executable, "/srv/two/bot.py", lasting=True, called=BOT.called)
    for _ in range(211):
        audited.audit.record(audited.one, BOT, granted=True)
    audited.audit.record(audited.one, Program(4799, BOT.executable, BOT.script, True, BOT.called), granted=True)
    audited.audit.record(audited.one, other, granted=True)
    audited.audit.record(audited.one, other, granted=False)
    audited.audit.close()
    assert audited.activity() == [
        ("Refused the token to /usr/bin/python3 bot.py.", "(in /srv/two, pid 4712)"),
        ("Gave the token to /usr/bin/python3 bot.py.", "(in /srv/two, pid 4712)"),
        ("Gave the token to /usr/bin/python3 bot.py.", "(in /srv, pid 4799, 212 times)"),
    ]
    assert len(audited.recorded()) == 214
    audited.store.close()
    assert [line.notice.sentence for line in audited.store.load("a1")] == [what for what, _ in audited.activity()]


async def test_no_caller_s_language_is_stored(audited: AuditFixture) -> None:
    """The activity is for all callers and for the window, and it lies on the disk."""
    spoke: list[str] = []

    def wall() -> float:
        spoke.append(spoken())
        return time.time()

    other = Account(Settings("c3", "Third", "p", "r", "client_credentials", "c"), Activity([], wall))
    audited.accounts.add(other)
    with catalogue_of.given("de", {"an unknown program": "ein unbekanntes Programm"}):
        with speaking("de"):
            assert UNKNOWN.words == "ein unbekanntes Programm"
            audited.audit.record(other, UNKNOWN, granted=True)
        await until(lambda: bool(audited.activity(other)))
        assert spoke == ["en"], "the caller had gone when the line was written"
        with speaking("de"):  # as where the request itself ends Keyrack
            audited.audit.record(audited.one, UNKNOWN, granted=True)
            audited.audit.close()
    stored = [line.notice.params["program"] for account in (other, audited.one) for line in account.activity.lines()]
    assert stored == ["an unknown program", "an unknown program"]


async def test_the_activity_is_renewed_at_most_once_a_second(audited: AuditFixture) -> None:
    """Each note rewrites a file and redraws the window."""
    began, given = time.monotonic(), 0
    while time.monotonic() < began + 0.2 or audited.changes == 0:
        audited.audit.record(audited.one, BOT, granted=True)
        given += 1
        await asyncio.sleep(0)
    assert audited.changes <= 1 + (time.monotonic() - began)
    await until(lambda: audited.activity()[0][1] == f"(in /srv, pid 4711, {given} times)")
    assert audited.changes <= 1 + (time.monotonic() - began)


async def test_after_an_hour_a_line_of_its_own_begins(audited: AuditFixture) -> None:
    for _ in range(2):
        audited.audit.record(audited.one, BOT, granted=True)
    audited.audit.close()
    audited.one.note("Renewed.")
    audited.clock.move(MERGED_SECONDS / 2)
    audited.audit.record(audited.one, BOT, granted=True)
    audited.audit.close()
    assert [detail for _, detail in audited.activity()] == ["(in /srv, pid 4711, 3 times)", ""]
    audited.clock.move(MERGED_SECONDS / 2 + 1)
    audited.audit.record(audited.one, BOT, granted=True)
    audited.audit.close()
    assert [detail for _, detail in audited.activity()] == [
        "(in /srv, pid 4711)",
        "(in /srv, pid 4711, 3 times)",
        "",
    ]


async def test_an_account_that_is_gone_leaves_no_activity_behind(audited: AuditFixture) -> None:
    audited.audit.record(audited.one, BOT, granted=True)
    audited.accounts.remove(audited.one)
    audited.audit.close()
    assert audited.activity() == []
    assert not (audited.state / "activity" / "a1.json").exists()


async def test_a_flood_of_programs_keeps_its_lines_and_costs_the_window_little(audited: AuditFixture) -> None:
    for number in range(1_000):
        audited.audit.record(audited.one, Program(number, f"/bin/p{number}", "", lasting=True), granted=True)
    await until(lambda: audited.changes > 0)
    assert audited.changes <= 20
    assert len(audited.recorded()) == 1_000
    audited.audit.close()
    assert len(audited.activity()) <= 300


def test_a_long_file_is_put_aside_and_three_of_them_are_kept(tmp_path: Path) -> None:
    file = AuditFile(tmp_path, longest=30)
    for number in range(20):
        file.append(f"line {number:02}".encode())
    file.close()
    names = [NAME, *(f"{NAME}.{number}" for number in range(1, OLDER + 1))]
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(names)
    kept = [line for name in reversed(names) for line in (tmp_path / name).read_text().splitlines()]
    assert kept == [f"line {number:02}" for number in range(9, 20)]
    assert all((tmp_path / name).stat().st_size <= 30 for name in names)


def test_a_file_goes_on_after_a_restart_and_after_it_was_moved_away(tmp_path: Path) -> None:
    for line in (b"one", b"two"):
        file = AuditFile(tmp_path, check_seconds=0)
        file.append(line)
        file.close()
    file.append(b"three")
    (tmp_path / NAME).rename(tmp_path / "moved")
    file.append(b"four")
    file.close()
    assert (tmp_path / "moved").read_bytes() == b"one\ntwo\nthree\n"
    assert (tmp_path / NAME).read_bytes() == b"four\n"


def test_a_file_that_cannot_be_written_stops_no_release(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    (tmp_path / NAME).mkdir()
    file = AuditFile(tmp_path)
    with caplog.at_level(logging.WARNING):
        file.append(b"one")
        file.append(b"two")
    assert [record.getMessage() for record in caplog.records] == ["a release could not be recorded: Is a directory"]
    (tmp_path / NAME).rmdir()
    file.append(b"three")
    file.close()
    assert (tmp_path / NAME).read_bytes() == b"three\n"


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may mount a small file system")
def test_a_full_disk_tears_no_later_line(tmp_path: Path) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=32k", "tmpfs", str(disk)]
    if subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("mounting is not allowed here")
    try:
        file = AuditFile(disk)
        for _ in range(100):
            file.append(b"x" * 1_000)
        (disk / NAME).write_bytes(b"short")
        file.append(b"last")
        file.close()
        assert (disk / NAME).read_bytes().splitlines()[-1] == b"last"
    finally:
        subprocess.run(["umount", disk], check=True)
