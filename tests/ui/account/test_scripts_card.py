"""What programs may do with an account: the choice, those that are always allowed, and how they call it."""

import asyncio
import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible, QAction, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QLineEdit
from pytestqt.qtbot import QtBot

from keyrack.command_name import command_name
from keyrack.core.access.policy import AccessRefused
from keyrack.core.access.program import Program
from keyrack.core.accounts.account import ScriptPolicy, Settings
from keyrack.core.accounts.accounts_file import AccountsFile
from keyrack.ui.account.scripts_card import ScriptsCard
from tests.ui.harness import (
    ACCOUNTS,
    CANARY,
    WindowHarness,
    button,
    field,
    make_harness,
    seen,
    shown_texts,
    visible_texts,
)

BOT = Program(4711, "/usr/bin/python3", "/srv/bots/bot.py", lasting=True)
ODD = Program(4712, "/opt/a folder/run", f"/srv/{'nested/' * 40}<b>end.py", lasting=True)


async def opened(harness: WindowHarness, id: str = "w1") -> ScriptsCard:
    """Open the card as a person does, from the pane's menu."""
    harness.contents.open(id)
    pane = harness.contents.pages.pane
    assert pane is not None
    pane.header.menu.aboutToShow.emit()
    action = pane.header.menu.findChild(QAction, "menu_code")
    assert action is not None
    assert action.text() == "Scripts"
    action.trigger()
    card = pane.findChild(ScriptsCard)
    assert card is not None
    await seen(card.isVisible)
    return card


def kept(harness: WindowHarness) -> list[str]:
    return list(harness.account("w1").settings.programs)


def stored(tmp_path: Path, id: str = "w1") -> ScriptPolicy:
    file = AccountsFile(tmp_path / "config")
    return next(settings for settings in file.load() if settings.id == id).scripts


@pytest.fixture
async def harness(qtbot: QtBot, tmp_path: Path) -> AsyncIterator[WindowHarness]:
    made = make_harness(tmp_path)
    qtbot.addWidget(made.window)
    made.active("w1")
    made.window.show()
    made.window.activateWindow()
    await seen(lambda: QApplication.activeWindow() is made.window)
    yield made
    await made.rack.access.close()


@pytest.mark.security("S92")
async def test_the_choice_is_saved_by_a_press_and_then_holds(harness: WindowHarness, tmp_path: Path) -> None:
    account, scripts = harness.account("w1"), harness.rack.access
    card = await opened(harness)
    assert card.choices["ask"].isChecked(), "an account added in the window asks"
    assert card.choices["ask"].hasFocus()
    card.choices["off"].click()
    assert stored(tmp_path) == "ask"
    button(harness, "inline_done").click()
    assert stored(tmp_path) == "off"
    with pytest.raises(AccessRefused):
        await scripts.admit(account, BOT)
    card = await opened(harness)
    assert card.choices["off"].isChecked()
    card.choices["allow"].click()
    button(harness, "inline_done").click()
    assert stored(tmp_path) == "allow"
    await asyncio.wait_for(scripts.admit(account, BOT), 1)
    assert [each.settings.scripts for each in harness.rack.accounts if each is not account] == ["ask"] * 5


async def test_arrow_keys_cancel_and_esc_change_nothing(harness: WindowHarness, tmp_path: Path) -> None:
    card = await opened(harness)
    QTest.keyClick(card.choices["ask"], Qt.Key.Key_Down)
    assert card.choices["allow"].isChecked()
    QTest.keyClick(harness.window, Qt.Key.Key_Escape)
    assert stored(tmp_path) == harness.account("w1").settings.scripts == "ask"
    card = await opened(harness)
    assert card.choices["ask"].isChecked()
    card.choices["allow"].click()
    button(harness, "inline_cancel").click()
    assert stored(tmp_path) == "ask"


@pytest.mark.security("S92")
async def test_a_program_is_taken_back_at_once(harness: WindowHarness) -> None:
    account, scripts = harness.account("w1"), harness.rack.access
    scripts.allow(account, BOT)
    scripts.allow(account, ODD)
    card = await opened(harness)
    said = visible_texts(card)
    assert "/usr/bin/python3 /srv/bots/bot.py" in said
    assert ODD.key in said
    names = [back.accessibleName() for back in card.findChildren(QAbstractButton, "scripts_take_back")]
    assert names == [f"Take back: {BOT.key}", f"Take back: {ODD.key}"]
    card.findChildren(QAbstractButton, "scripts_take_back")[0].click()
    assert kept(harness) == [ODD.key]
    assert BOT.key not in visible_texts(card)
    with pytest.raises(AccessRefused, match="was not given"):
        await scripts.admit(account, BOT)
    QTest.keyClick(card.findChildren(QAbstractButton, "scripts_take_back")[0], Qt.Key.Key_Space)
    assert kept(harness) == []


async def test_each_list_has_its_sentence(harness: WindowHarness) -> None:
    account, scripts = harness.account("w1"), harness.rack.access
    card = await opened(harness)
    sentences: tuple[tuple[ScriptPolicy, str, str], ...] = (
        ("ask", "No program yet.", ""),
        ("off", "No program.", "They get nothing while this is off."),
        ("allow", "No program needs to be here", "All programs are allowed now"),
    )
    for policy, none, some in sentences:
        scripts.choose(account, policy)
        assert card.allowed.sentence.text().startswith(none)
        assert "No program got it yet." in visible_texts(card)
        scripts.allow(account, BOT)
        assert card.allowed.sentence.text().startswith(some)
        assert card.allowed.sentence.isVisible() == bool(some)
        scripts.forget(account, BOT.key)


async def test_the_command_is_ready_for_a_shell_and_copied(qtbot: QtBot, tmp_path: Path) -> None:
    real = make_harness(tmp_path, ACCOUNTS, sandbox=False)
    qtbot.addWidget(real.window)
    real.window.show()
    await opened(real, "p1")
    assert field(real, "scripts_call").text() == f"{command_name()} token 'Main desk'"
    assert field(real, "scripts_call").isReadOnly()
    button(real, "scripts_call_copy").click()
    assert QGuiApplication.clipboard().text() == f"{command_name()} token 'Main desk'"
    assert button(real, "scripts_call_copy").text() == "Copied"


def test_an_api_key_is_given_to_no_program_so_it_has_no_such_card(qtbot: QtBot, tmp_path: Path) -> None:
    key = Settings("k1", "Trading key", "whitebit-fast-key", "global", "fast_api_key", "")
    keyed = make_harness(tmp_path, (key,))
    qtbot.addWidget(keyed.window)
    keyed.contents.open("k1")
    pane = keyed.contents.pages.pane
    assert pane is not None
    pane.header.menu.aboutToShow.emit()
    names = {action.objectName() for action in pane.header.menu.actions()}
    assert "menu_edit" in names
    assert "menu_code" not in names


async def test_the_last_programs_that_got_the_token_are_listed_as_they_come(harness: WindowHarness) -> None:
    account = harness.account("w1")
    card = await opened(harness)
    assert card.call.entered() == f"{command_name()} --sandbox token Trading"
    harness.rack.access.released(account, BOT)
    await seen(lambda: "/usr/bin/python3 bot.py" in visible_texts(card.recent))
    assert "in /srv/bots, pid 4711" in visible_texts(card.recent)
    assert "No program got it yet." not in visible_texts(card.recent)
    account.note("token_renewed")
    harness.rack.access.choose(account, "off")
    with pytest.raises(AccessRefused):
        await harness.rack.access.admit(account, ODD)
    await seen(lambda: any("Refused" in line.notice.sentence for line in account.activity.lines()))
    QApplication.processEvents()
    assert "end.py" not in visible_texts(card.recent), "a refused one got nothing"


async def test_a_choice_that_cannot_be_kept_is_told_and_changes_nothing(harness: WindowHarness, tmp_path: Path) -> None:
    harness.rack.access.allow(harness.account("w1"), BOT)
    card = await opened(harness)
    shutil.rmtree(tmp_path / "config")
    (tmp_path / "config").write_text("in the way")
    card.choices["allow"].click()
    for press in (button(harness, "inline_done"), button(harness, "scripts_take_back")):
        card.problem.hide()
        press.click()
        assert card.problem.isVisible()
        assert card.problem.text().count(".") >= 2
    assert harness.account("w1").settings.scripts == "ask"
    assert harness.account("w1").settings.programs == (BOT.key,)


async def test_it_fits_the_least_window_and_every_control_has_a_name(harness: WindowHarness) -> None:
    QAccessible.setActive(True)
    harness.window.resize(640, 420)
    account = harness.account("w1")
    harness.rack.access.allow(account, ODD)
    harness.rack.access.released(account, ODD)
    card = await opened(harness)
    await seen(lambda: bool(card.recent.findChildren(QLineEdit)) or "end.py" in visible_texts(card.recent))
    pane = harness.contents.pages.pane
    assert pane is not None
    assert card.mapTo(pane, card.rect().topRight()).x() <= pane.width()
    controls = [c for c in card.findChildren(QAbstractButton) + card.findChildren(QLineEdit) if c.isVisible()]
    for control in controls:
        spoken = QAccessible.queryAccessibleInterface(control)
        assert spoken.text(QAccessible.Text.Name), control
        assert control.mapTo(card, control.rect().topRight()).x() <= card.width()
    for choice in card.choices.values():
        assert choice.accessibleDescription().endswith(".")
    filled = [
        w for w in harness.window.findChildren(QAbstractButton) if w.isVisible() and w.property("role") == "primary"
    ]
    assert len(filled) == 1
    assert not [text for text in shown_texts(harness.window) if CANARY in text]
    assert not [tip for tip in (w.toolTip() for w in card.findChildren(QAbstractButton)) if "<" in tip]
