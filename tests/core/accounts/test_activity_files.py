"""An account's activity is there again after a restart and delays nothing."""

from contextlib import closing
from pathlib import Path

import pytest

from keyrack.core.accounts.activity import KEPT_LINES, KEPT_SECONDS, Line, Notice
from keyrack.core.accounts.activity_files import ActivityFiles
from tests.clock import FakeClock


def test_what_was_noted_is_there_after_a_restart(tmp_path: Path) -> None:
    with closing(ActivityFiles(tmp_path)) as store:
        activity = store.activity("a1", lambda: 10.0)
        activity.add(Notice("Signed in"))
        activity.add(Notice("Renewed"), "expires_in 300 <b>ü")
    again = ActivityFiles(tmp_path).activity("a1", lambda: 11.0)
    assert again.lines() == (Line(10.0, Notice("Renewed"), "expires_in 300 <b>ü"), Line(10.0, Notice("Signed in")))
    assert ActivityFiles(tmp_path).activity("a2", lambda: 11.0).lines() == ()


def test_lines_are_kept_for_thirty_days_and_not_without_end(tmp_path: Path) -> None:
    clock = FakeClock(wall=0.0)
    with closing(ActivityFiles(tmp_path)) as store:
        activity = store.activity("a1", clock.clock.wall)
        activity.add(Notice("old"))
        clock.move(KEPT_SECONDS + 1.0)
        for _ in range(KEPT_LINES + 5):
            activity.add(Notice("new"))
    lines = ActivityFiles(tmp_path).load("a1")
    assert len(lines) == KEPT_LINES
    assert {line.notice.sentence for line in lines} == {"new"}


@pytest.mark.security("S67")
def test_the_files_are_private(tmp_path: Path) -> None:
    with closing(ActivityFiles(tmp_path / "state")) as store:
        store.activity("a1", lambda: 1.0).add(Notice("x"))
    (path,) = (path for path in tmp_path.rglob("*") if path.is_file())
    assert (path.stat().st_mode & 0o777, path.parent.stat().st_mode & 0o777) == (0o600, 0o700)


@pytest.mark.security("S67")
@pytest.mark.parametrize("data", [b"", b"{", b"\xff", b"[1]", b'[{"at":"x","what":"y"}]', b"[" * 100_000], ids=repr)
def test_a_damaged_file_is_kept_aside(tmp_path: Path, data: bytes) -> None:
    with closing(ActivityFiles(tmp_path)) as store:
        store.activity("a1", lambda: 1.0).add(Notice("x"))
    (path,) = (path for path in tmp_path.rglob("*") if path.is_file())
    path.write_bytes(data)
    assert store.load("a1") == []
    (aside,) = (path for path in tmp_path.rglob("*") if path.is_file())
    assert ".bad-" in aside.name
    assert aside.read_bytes() == data


def test_a_full_or_missing_disk_does_not_stop_the_account(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    (tmp_path / "activity").write_text("in the way")
    with closing(ActivityFiles(tmp_path)) as store:
        activity = store.activity("a1", lambda: 1.0)
        activity.add(Notice("x"))
    assert [line.notice.sentence for line in activity.lines()] == ["x"]
    assert "could not be saved" in caplog.text


def test_a_file_of_0_1_0_is_read(tmp_path: Path) -> None:
    folder = tmp_path / "activity"
    folder.mkdir()
    (folder / "a1.json").write_text(
        '[{"at":3.0,"what":"Gave the token to /usr/bin/python3 bot.py","detail":"(in /srv, pid 7)"},'
        '{"at":2.0,"what":"Renewal failed: The provider is busy.","detail":"503"},{"at":1.0,"what":"Signed in."}]'
    )
    given, failed, first = ActivityFiles(tmp_path).load("a1")
    assert given.notice == Notice("token_given", {"program": "/usr/bin/python3 bot.py"})
    assert (given.notice.sentence, given.about) == ("Gave the token to /usr/bin/python3 bot.py.", "(in /srv, pid 7)")
    assert (failed.notice.sentence, failed.about) == ("Renewal failed: The provider is busy.", "503")
    assert (first.at, first.notice.sentence) == (1.0, "Signed in.")


def test_a_notice_keeps_its_parameters_and_its_cause(tmp_path: Path) -> None:
    notice = Notice("revocation_failed", {"provider": "A {brace} & co"}, Notice("unexpected"))
    with closing(ActivityFiles(tmp_path)) as store:
        store.activity("a1", lambda: 1.0).add(notice)
    (line,) = ActivityFiles(tmp_path).load("a1")
    assert line.notice == notice
    assert line.notice.sentence.startswith("A {brace} & co did not revoke the token: Keyrack met an error of its own.")


def test_a_code_of_a_newer_keyrack_is_shown_as_it_is(tmp_path: Path) -> None:
    with closing(ActivityFiles(tmp_path)) as store:
        store.activity("a1", lambda: 1.0).add(Notice("invented_later", {"x": "y"}))
    (line,) = ActivityFiles(tmp_path).load("a1")
    assert line.notice.sentence == "invented_later"


def test_forgetting_removes_the_file(tmp_path: Path) -> None:
    with closing(ActivityFiles(tmp_path)) as store:
        store.activity("a1", lambda: 1.0).add(Notice("x"))
        store.delete("a1")
        store.delete("a1")
    assert store.load("a1") == []
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []
