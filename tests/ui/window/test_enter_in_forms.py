"""Enter in each form of the window submits it, or shows what is missing and goes there."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from tests.ui.harness import WindowHarness, button, field, in_front, seen, visible_texts


@pytest.fixture
def harness(qtbot: QtBot, tmp_path: Path) -> WindowHarness:
    return in_front(qtbot, tmp_path)


def enter(harness: WindowHarness) -> None:
    focus = harness.window.focusWidget()
    QTest.keyClick(focus, Qt.Key.Key_Return)


def focused(harness: WindowHarness) -> str:
    focus = harness.window.focusWidget()
    return focus.objectName()


async def test_the_credentials_form_goes_to_what_is_missing_until_the_account_is_there(harness: WindowHarness) -> None:
    harness.contents.pages.add_account_at("bitport")
    button(harness, "flow:user_code").click()
    field(harness, "field_name").setFocus()
    enter(harness)
    await seen(lambda: "client id is empty" in visible_texts(harness.window))
    assert focused(harness) == "field_client_id"
    await seen(lambda: harness.tasks.idle)
    QTest.keyClicks(field(harness, "field_client_id"), "40128")
    enter(harness)
    await seen(lambda: "client secret is missing" in visible_texts(harness.window))
    assert focused(harness) == "field_client_secret"
    await seen(lambda: harness.tasks.idle)
    QTest.keyClicks(field(harness, "field_client_secret"), "canary-client-secret")
    enter(harness)
    await seen(lambda: len(harness.rack.accounts) == 7)


async def test_a_key_is_not_made_before_the_box_is_ticked(harness: WindowHarness) -> None:
    harness.contents.pages.add_account_at("whitebit-fast-key")
    field(harness, "field_client_id").setFocus()
    enter(harness)
    assert focused(harness) == "opt_in"
    assert "Tick the box first" in visible_texts(harness.window)
    QTest.keyClick(button(harness, "opt_in"), Qt.Key.Key_Space)
    assert "Tick the box first" not in visible_texts(harness.window)
    enter(harness)
    await seen(lambda: "client id is empty" in visible_texts(harness.window))
    assert len(harness.rack.accounts) == 6


async def test_the_forms_of_a_pane(harness: WindowHarness) -> None:
    harness.contents.open("w1")
    pane = harness.contents.pages.pane
    assert pane is not None
    pane.open_form("rename")
    line = field(harness, "field_name")
    line.setText("Archive")
    enter(harness)
    await seen(lambda: "Another account has this name" in visible_texts(harness.window))
    assert line.hasFocus()
    line.setText("Trading by keyboard")
    enter(harness)
    await seen(lambda: harness.account("w1").settings.name == "Trading by keyboard")
    pane.open_form("edit")
    field(harness, "field_redirect_uri").setFocus()
    field(harness, "field_client_id").setText("")
    enter(harness)
    await seen(lambda: "client id is empty" in visible_texts(harness.window))
    assert focused(harness) == "field_client_id"
    pane.open_form("scripts")
    assert focused(harness) == "scripts:ask"
    off = button(harness, "scripts:off")
    off.setFocus()
    QTest.keyClick(off, Qt.Key.Key_Space)
    enter(harness)
    assert harness.account("w1").settings.scripts == "off"


async def test_the_passphrase_goes_to_the_one_that_differs(harness: WindowHarness) -> None:
    harness.contents.pages.lock_passphrase()
    assert focused(harness) == "passphrase_new"
    QTest.keyClicks(field(harness, "passphrase_new"), "canary-passphrase")
    enter(harness)
    assert focused(harness) == "passphrase_again"
    assert "The two are not the same." in visible_texts(harness.window)


async def test_the_path_of_a_provider_file(harness: WindowHarness, tmp_path: Path) -> None:
    harness.contents.pages.import_provider()
    enter(harness)
    assert "Enter the path of the file first." in visible_texts(harness.window)
    assert focused(harness) == "provider_path"
    field(harness, "provider_path").setText(str(tmp_path / "missing.toml"))
    enter(harness)
    await seen(lambda: "missing.toml" in visible_texts(harness.window))
