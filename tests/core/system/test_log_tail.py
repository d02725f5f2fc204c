"""The end of the log, as it is read while Keyrack writes it."""

from pathlib import Path

import pytest

from keyrack.core.system.log import FILE_NAME
from keyrack.core.system.log_tail import LONGEST, MOST_RECORDS, LogTail
from keyrack.primitives.secret import Secret


def line(level: str, text: str) -> str:
    return f"2026-11-29 10:00:00,123 {level} keyrack.core.tokens.refresher: {text}\n"


def test_records_are_read_with_their_tracebacks_and_narrowed(tmp_path: Path) -> None:
    file = tmp_path / FILE_NAME
    file.write_text(line("INFO", "began") + line("ERROR", "broke\nTraceback\n  deep") + line("WARNING", "odd"))
    tail = LogTail(tmp_path)
    assert tail.read()
    assert [record.level for record in tail.records] == ["INFO", "ERROR", "WARNING"]
    assert tail.records[0].text == line("INFO", "began").strip(), "no part of a logger's name is taken for a secret"
    assert tail.records[1].text.endswith("broke\nTraceback\n  deep")
    assert [record.level for record in tail.narrowed("WARNING", "")] == ["ERROR", "WARNING"]
    assert [record.level for record in tail.narrowed("ERROR", "")] == ["ERROR"]
    assert [record.level for record in tail.narrowed("", " DEEP ")] == ["ERROR"]
    assert not tail.read(), "nothing was written since"
    with file.open("a") as more:
        more.write(line("INFO", "went on"))
    assert tail.read()
    assert tail.records[-1].text.endswith("went on")


def test_it_follows_a_file_that_was_begun_anew(tmp_path: Path) -> None:
    file = tmp_path / FILE_NAME
    tail = LogTail(tmp_path)
    assert tail.read()
    assert tail.problem == "No such file or directory"
    assert not tail.read()
    file.write_text(line("INFO", "one"))
    assert tail.read()
    assert tail.problem == ""
    file.rename(tmp_path / "keyrack.log.1")
    file.write_text(line("INFO", "two"))
    assert tail.read()
    assert [record.text[-3:] for record in tail.records] == ["two"]


def test_what_is_read_is_bounded(tmp_path: Path) -> None:
    (tmp_path / FILE_NAME).write_text(line("INFO", "x" * 20) * 20_000)
    tail = LogTail(tmp_path)
    tail.read()
    assert len(tail.records) == MOST_RECORDS
    (tmp_path / FILE_NAME).write_text(line("INFO", "y" * LONGEST * 2) + line("INFO", "last"))
    tail.read()
    assert [record.text[-4:] for record in tail.records] == ["last"]


def test_what_is_no_text_is_no_harm(tmp_path: Path) -> None:
    (tmp_path / FILE_NAME).write_bytes(b"\xff\xfe\0\n" + line("INFO", "after").encode() + b"\xc3")
    tail = LogTail(tmp_path)
    tail.read()
    (record,) = tail.records
    assert "after" in record.text


@pytest.mark.security("S105")
def test_it_passes_through_the_filter_once_more(tmp_path: Path) -> None:
    secret = Secret("canary-that-an-older-version-wrote")
    (tmp_path / FILE_NAME).write_text(line("INFO", f"old {secret.reveal()} and access_token=canary-two"))
    tail = LogTail(tmp_path)
    tail.read()
    assert "canary" not in tail.records[0].text
