"""The rows with Undo: one for each removal, as long as it can be undone, whatever else the window says."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication
from pytestqt.qtbot import QtBot

from keyrack.core.accounts.draft import Draft
from keyrack.core.vault.vault_errors import Locked
from keyrack.primitives.secret import Secret
from keyrack.ui.theme.metrics import SHADOW
from tests.core.harness import FailingVault
from tests.ui.harness import WindowHarness, button, field, make_harness, seen, visible_texts


@pytest.fixture
def harness(qtbot: QtBot, tmp_path: Path) -> WindowHarness:
    made = make_harness(tmp_path)
    made.window.show()
    return made


def rows(harness: WindowHarness) -> list[str]:
    """The names of the buttons that undo, from above."""
    found = harness.contents.undo.findChildren(QAbstractButton)
    return [each.objectName() for each in sorted(found, key=lambda each: each.mapToGlobal(each.rect().topLeft()).y())]


async def removed(harness: WindowHarness, id: str) -> None:
    """Remove an account in its pane."""
    harness.contents.open(id)
    pane = harness.contents.pages.pane
    assert pane is not None
    pane.open_form("remove")
    await seen(lambda: bool(harness.window.findChildren(QAbstractButton, "inline_done")))
    button(harness, "inline_done").click()
    await seen(lambda: harness.rack.accounts.find(id) is None)


async def test_undo_brings_the_account_back_and_opens_it(harness: WindowHarness) -> None:
    account = harness.active("w1")
    await removed(harness, "w1")
    assert "“Trading” removed." in visible_texts(harness.contents.undo)
    assert harness.contents.pages.currentWidget() is harness.contents.pages.overview
    assert "Trading\n" not in visible_texts(harness.contents.pages)
    button(harness, "undo:w1").click()
    assert not harness.contents.undo.isVisible()
    assert harness.account("w1") is account
    assert harness.contents.pages.pane is not None
    assert harness.contents.pages.pane.account is account
    await seen(lambda: harness.tasks.idle)
    assert not harness.contents.notice.isVisible(), "nothing was removed"


async def test_two_removals_have_a_row_each_and_a_notice_hides_none(harness: WindowHarness) -> None:
    await removed(harness, "w1")
    await removed(harness, "w2")
    harness.contents.show_notice("urgent", "The keyring is locked.")
    await seen(lambda: rows(harness) == ["undo:w1", "undo:w2"])
    button(harness, "undo:w1").click()
    await seen(lambda: rows(harness) == ["undo:w2"])
    assert harness.rack.accounts.find("w2") is None
    harness.rack.removals.undo(harness.rack.removals.pending[0])
    await seen(lambda: harness.tasks.idle)


async def test_it_counts_its_seconds_down_and_a_screen_reader_hears_none(harness: WindowHarness) -> None:
    await removed(harness, "w1")
    undo = button(harness, "undo:w1")
    told = set()
    for left in (10, 9, 8, 7):
        assert undo.text() == f"Undo (Ctrl+Z)  0:{left:02}"
        told.add(QAccessible.queryAccessibleInterface(undo).text(QAccessible.Text.Name))
        harness.tick()
    assert told == {"Undo (Ctrl+Z)  0:10"}
    harness.rack.removals.undo(harness.rack.removals.pending[0])
    await seen(lambda: harness.tasks.idle)


async def test_the_key_undoes_the_last_removal_and_leaves_a_text_field_its_own(harness: WindowHarness) -> None:
    harness.window.activateWindow()
    await seen(harness.window.isActiveWindow)

    def press_undo() -> None:
        focus = QApplication.focusWidget()
        assert focus is not None
        QTest.keyClick(focus, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)

    await removed(harness, "w1")
    await removed(harness, "w2")
    await seen(lambda: all(each.isVisible() for each in harness.contents.undo.findChildren(QAbstractButton)))
    assert [button(harness, name).text()[:13] for name in rows(harness)] == ["Undo  0:10", "Undo (Ctrl+Z)"]
    harness.contents.program.open_preferences()
    find = field(harness, "find_setting")
    assert find.hasFocus()
    QTest.keyClicks(find, "x")
    press_undo()
    assert find.text() == ""
    assert len(harness.rack.removals.pending) == 2
    harness.contents.pages.show_overview()
    for back in ("w2", "w1"):
        press_undo()
        pane = harness.contents.pages.pane
        assert pane is not None
        assert pane.account.id == back
    assert not harness.contents.undo.isVisible()
    press_undo()
    assert "There is no removal to undo." in visible_texts(harness.contents.notice)
    await seen(lambda: harness.tasks.idle)


async def test_the_row_leaves_when_it_is_too_late(harness: WindowHarness) -> None:
    harness.rack.removals.seconds = 0.1
    await removed(harness, "w1")
    await seen(lambda: not harness.contents.undo.isVisible())
    await seen(lambda: harness.tasks.idle)
    assert "w1" not in harness.rack.accounts.kept


async def test_the_last_account_can_be_brought_back_on_the_first_page(qtbot: QtBot, tmp_path: Path) -> None:
    harness = make_harness(tmp_path, ())
    harness.window.show()
    account = await harness.rack.add(
        Draft("bitport", "global", "user_code", "Only one", "40127", Secret("canary-secret"))
    )
    await removed(harness, account.id)
    await seen(lambda: "Your tokens, always fresh" in visible_texts(harness.window))
    button(harness, f"undo:{account.id}").click()
    assert harness.contents.pages.pane is not None
    await seen(lambda: harness.tasks.idle)


async def test_a_removal_that_the_keyring_refuses_is_told_and_the_account_is_back(qtbot: QtBot, tmp_path: Path) -> None:
    harness = make_harness(tmp_path)
    harness.window.show()
    vault = FailingVault()
    vault.refuses_saves = Locked()
    harness.rack.parts.records.use_vault(vault)
    harness.rack.removals.seconds = 0.1
    await removed(harness, "w1")
    await seen(lambda: harness.rack.accounts.find("w1") is not None)
    await seen(harness.contents.notice.isVisible)
    assert "The keyring is locked." in visible_texts(harness.contents.notice)
    assert not harness.contents.undo.isVisible()


async def test_it_floats_over_the_page_and_beside_a_notice(harness: WindowHarness) -> None:
    overview = harness.contents.pages.overview
    before = overview.mapToGlobal(overview.rect().topLeft()), overview.size()
    await removed(harness, "w1")
    undo, notice = harness.contents.undo, harness.contents.notice
    await seen(undo.isVisible)
    after = overview.mapToGlobal(overview.rect().topLeft()), overview.size()
    assert after == before, "nothing of the page moves"
    assert harness.contents.cover.geometry().contains(undo.geometry().adjusted(SHADOW, SHADOW, -SHADOW, -SHADOW))
    harness.contents.show_notice("urgent", "The keyring is locked.")
    await seen(notice.isVisible)
    inner = [each.geometry().adjusted(SHADOW, SHADOW, -SHADOW, -SHADOW) for each in (undo, notice)]
    assert not inner[0].intersects(inner[1])
    harness.rack.removals.undo(harness.rack.removals.pending[0])
    await seen(lambda: harness.tasks.idle)
