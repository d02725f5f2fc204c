"""Hidden amounts: an eye that stays lit, the key and the tray's entry for the same, and a choice that is kept."""

import tomllib
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from PySide6.QtGui import QAction, QShortcut
from PySide6.QtWidgets import QAbstractButton
from pytestqt.qtbot import QtBot

from keyrack.ui.frontend import Frontend
from keyrack.ui.text.amount_text import HIDDEN
from tests.ui.harness import WindowHarness, button, holdings, make_harness, visible_texts

FIGURE = "36.48"


def opened(folder: Path) -> WindowHarness:
    """A window with figures on the overview."""
    made = make_harness(folder)
    made.active("w1").show_balances(holdings(made.clock))
    made.window.show()
    made.tick()
    return made


@pytest.fixture
def harness(qtbot: QtBot, tmp_path: Path) -> WindowHarness:
    return opened(tmp_path)


@pytest.fixture
async def frontend(harness: WindowHarness) -> AsyncIterator[Frontend]:
    """The frontend over the same window."""
    made = Frontend(harness.window, harness.rack)
    harness.tick()
    yield made
    await made.close()


def eye(harness: WindowHarness) -> QAbstractButton:
    return button(harness, "hide_amounts")


def hidden(harness: WindowHarness) -> bool:
    """Whether the overview shows no amount, and dots in their place."""
    said = visible_texts(harness.window)
    assert (HIDDEN in said) != (FIGURE in said)
    return HIDDEN in said


def test_the_eye_hides_amounts_and_stays_lit(harness: WindowHarness) -> None:
    assert not hidden(harness)
    assert eye(harness).accessibleName() == "Hide amounts"
    eye(harness).click()
    assert hidden(harness)
    assert eye(harness).isChecked()
    assert eye(harness).accessibleName() == "Show the hidden amounts"
    assert eye(harness).toolTip() == "Show the hidden amounts (Ctrl+H)"
    eye(harness).click()
    assert not hidden(harness)
    assert not eye(harness).isChecked()


def test_it_is_kept_over_a_restart(harness: WindowHarness, tmp_path: Path) -> None:
    eye(harness).click()
    assert tomllib.loads((tmp_path / "config" / "settings.toml").read_text())["amounts"] == "hidden"
    again = opened(tmp_path)
    assert hidden(again)
    assert eye(again).isChecked()
    again.contents.open("w1")
    assert "36.48" not in visible_texts(again.window)
    again.contents.open("")
    eye(again).click()
    assert not hidden(opened(tmp_path))


async def test_the_key_does_the_same_and_the_lock_changes_nothing(harness: WindowHarness) -> None:
    shortcut = next(each for each in harness.contents.findChildren(QShortcut) if each.objectName() == "key:Ctrl+H")
    shortcut.activated.emit()
    assert eye(harness).isChecked()
    await harness.rack.lock.load()
    harness.rack.lock.lock(by_hand=False)
    harness.rack.lock.unlock_by_press()
    assert hidden(harness)
    shortcut.activated.emit()
    assert not hidden(harness)
    assert not eye(harness).isChecked()


async def test_the_trays_entry_is_ticked_and_does_the_same(frontend: Frontend, harness: WindowHarness) -> None:
    entry = next(each for each in frontend.tray.menu.actions() if each.text() == "Hide amounts")
    assert isinstance(entry, QAction)
    assert not entry.isChecked()
    entry.trigger()
    assert entry.isChecked()
    assert eye(harness).isChecked()
    eye(harness).click()
    assert not entry.isChecked()
    harness.rack.lock.lock(by_hand=False)
    assert not entry.isEnabled()
