"""The window's note: kept over a restart, and worth no trouble when it cannot be read or written."""

import json
from pathlib import Path

import pytest

from keyrack.core.system.window_note import WindowNote, WindowNotes

NOTE = WindowNote("AdnQywADAAA=", "w1")


def test_a_note_is_kept(tmp_path: Path) -> None:
    WindowNotes(tmp_path).save(NOTE)
    assert WindowNotes(tmp_path).load() == NOTE
    assert (tmp_path / "window.json").stat().st_mode & 0o777 == 0o600


def test_there_is_none_at_first(tmp_path: Path) -> None:
    assert WindowNotes(tmp_path).load() == WindowNote()
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "text",
    ["", "{", "[]", "[" * 100_000, '{"geometry": 7, "page": null}', '{"geometry": "' + "A" * 5000 + '"}', "\udcff"],
    ids=["empty", "cut", "a list", "deep", "of other types", "too long", "no text"],
)
def test_a_damaged_one_counts_as_none_and_is_replaced(tmp_path: Path, text: str) -> None:
    (tmp_path / "window.json").write_bytes(text.encode("utf-8", "surrogateescape"))
    notes = WindowNotes(tmp_path)
    assert notes.load() == WindowNote()
    notes.save(NOTE)
    assert WindowNotes(tmp_path).load() == NOTE


def test_a_newer_one_is_read_and_left_as_it_is(tmp_path: Path) -> None:
    newer = json.dumps({"schema": 2, "geometry": "AdnQ", "page": "b1", "more": [1]})
    (tmp_path / "window.json").write_text(newer)
    notes = WindowNotes(tmp_path)
    assert notes.load() == WindowNote("AdnQ", "b1")
    notes.save(NOTE)
    assert (tmp_path / "window.json").read_text() == newer


def test_a_folder_that_refuses_it_costs_nothing_else(tmp_path: Path) -> None:
    (tmp_path / "state").write_text("a file where the folder should be")
    notes = WindowNotes(tmp_path / "state")
    assert notes.load() == WindowNote()
    notes.save(NOTE)


def test_the_same_note_is_not_written_again(tmp_path: Path) -> None:
    notes = WindowNotes(tmp_path)
    notes.save(NOTE)
    (tmp_path / "window.json").unlink()
    notes.save(NOTE)
    assert list(tmp_path.iterdir()) == []
