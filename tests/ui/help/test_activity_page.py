"""The activity of all accounts, as a person narrows it down, opens a line's account, and saves it."""

import csv
import stat
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog

from keyrack.ui.help.activity_page import ActivityPage
from keyrack.ui.help.choice_button import ChoiceButton
from tests.ui.harness import WindowHarness, button, field, seen


def page(harness: WindowHarness) -> ActivityPage:
    QTest.keyClick(
        harness.window.windowHandle(),
        Qt.Key.Key_A,
        Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier,
    )
    shown = harness.contents.pages.currentWidget()
    assert isinstance(shown, ActivityPage)
    return shown


def choose(harness: WindowHarness, name: str, value: str) -> None:
    """Press an entry of a button's menu."""
    shown = button(harness, name)
    assert isinstance(shown, ChoiceButton)
    (action,) = (each for each in shown.menu().actions() if each.objectName() == f"choice:{value}")
    action.trigger()


def rows(shown: ActivityPage) -> list[str]:
    return [f"{entry.name}: {entry.sentence}" for entry in shown.model.entries]


async def test_it_is_opened_by_its_keys_narrowed_down_and_left(harness: WindowHarness) -> None:
    shown = page(harness)
    assert [row.split(":")[0] for row in rows(shown)] == ["Main desk", "Trading", "Main desk", "Trading"]
    assert shown.said.text().startswith("4 lines of the last 30 days.")
    assert shown.table.hasFocus()
    choose(harness, "activity_account", "p1")
    assert len(rows(shown)) == 2
    button(harness, "activity_trouble").click()
    (row,) = rows(shown)
    assert row.startswith("Main desk: Renewal failed: ")
    assert shown.said.text() == "1 of 4 lines."
    button(harness, "activity_trouble").click()
    choose(harness, "activity_account", "")
    choose(harness, "activity_kind", "sign_in")
    assert rows(shown) == ["Main desk: Signed in.", "Trading: Signed in."]
    field(harness, "activity_find").setText("trading")
    assert rows(shown) == ["Trading: Signed in."]
    field(harness, "activity_find").setText("nothing like it")
    assert not button(harness, "activity_save").isEnabled()
    QTest.keyClick(harness.window.windowHandle(), Qt.Key.Key_Escape)
    assert field(harness, "activity_find").text() == "", "Esc clears Find first"
    QTest.keyClick(harness.window.windowHandle(), Qt.Key.Key_Escape)
    assert harness.contents.pages.currentWidget() is harness.contents.pages.overview


async def test_over_an_account_it_begins_with_that_account(harness: WindowHarness) -> None:
    harness.contents.open("p1")
    shown = page(harness)
    assert {row.split(":")[0] for row in rows(shown)} == {"Main desk"}
    assert shown.account.accessibleName() == "Account: Main desk"


async def test_a_new_line_is_seen(harness: WindowHarness) -> None:
    shown = page(harness)
    harness.clock.move(60.0)
    harness.account("b1").note("signed_out")
    await seen(lambda: rows(shown)[0] == "Archive: Signed out.")


async def test_enter_opens_the_account_of_the_line(harness: WindowHarness) -> None:
    page(harness)
    QTest.keyClick(harness.window.windowHandle(), Qt.Key.Key_Down)
    QTest.keyClick(harness.window.windowHandle(), Qt.Key.Key_Return)
    pane = harness.contents.pages.pane
    assert pane is not None
    assert pane.account.id == "w1"


async def test_what_is_shown_is_saved(harness: WindowHarness, tmp_path: Path) -> None:
    shown = page(harness)
    choose(harness, "activity_account", "p1")
    button(harness, "activity_save").click()
    dialog = shown.findChild(QFileDialog)
    assert dialog is not None
    file = tmp_path / "mine.csv"
    dialog.fileSelected.emit(str(file))
    dialog.reject()
    assert shown.said.text() == "Saved as mine.csv."
    with file.open(encoding="utf-8", newline="") as saved:
        assert [row[1] for row in csv.reader(saved)] == ["account", "Main desk", "Main desk"]
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


async def test_a_file_that_cannot_be_written_is_told(harness: WindowHarness, tmp_path: Path) -> None:
    shown = page(harness)
    (tmp_path / "file").touch()
    shown.saving.save(tmp_path / "file" / "below.csv")
    assert shown.said.text().startswith("It could not be saved: ")
    assert shown.said.property("tone") == "urgent"


async def test_a_lock_takes_it_away(harness: WindowHarness) -> None:
    await harness.rack.lock.load()
    page(harness)
    harness.rack.lock.lock(by_hand=True)
    assert not harness.contents.pages.isVisible()
    assert not isinstance(harness.contents.pages.currentWidget(), ActivityPage)
    harness.rack.lock.unlock_by_press()
    assert harness.contents.pages.currentWidget() is harness.contents.pages.overview


async def test_five_hundred_lines_of_each_account_are_in_the_list(harness: WindowHarness) -> None:
    for account in harness.rack.accounts:
        for _ in range(500):
            account.note("token_renewed")
    shown = page(harness)
    assert shown.model.rowCount() == 500 * len(harness.rack.accounts)
