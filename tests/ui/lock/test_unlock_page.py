"""The locked window: what it hides, what cannot be done any more, and the way out."""

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QPoint, Qt
from PySide6.QtGui import QAction, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu
from pytestqt.qtbot import QtBot

from keyrack.core.access.lock import ITEM, MARKER
from keyrack.core.accounts.account import Account
from keyrack.core.accounts.activity import Activity
from keyrack.core.accounts.state import Authorizing
from keyrack.core.vault.vault_errors import Locked
from keyrack.primitives.secret import Secret
from keyrack.ui.frontend import Frontend
from keyrack.ui.lock.passphrase_page import PassphrasePage
from keyrack.ui.lock.unlock_page import UnlockPage
from keyrack.ui.widgets.secret_edit import SecretEdit
from keyrack.ui.window.sidebar_entry import AccountEntry
from tests.cheap_passphrase import cheap_verifier
from tests.core.harness import FailingVault
from tests.ui.harness import (
    ACCOUNTS,
    CANARY,
    WindowHarness,
    bench,
    button,
    field,
    holdings,
    seen,
    shown_texts,
    visible_texts,
)

RIGHT = "canary passphrase"
AMOUNTS = ("0.25", "36.48", "1,100.5", "1100.5", "48211093", "48,211,093")


@pytest.fixture
def b(qtbot: QtBot, tmp_path: Path) -> WindowHarness:
    made = bench(tmp_path)
    made.window.show()
    made.window.activateWindow()
    qtbot.waitUntil(lambda: QApplication.activeWindow() is made.window)
    made.active("w1").show_balances(holdings(made.hands))
    return made


def press(b: WindowHarness, key: Qt.Key, control: bool = True) -> None:
    QTest.keyClick(b.window, key, Qt.KeyboardModifier.ControlModifier if control else Qt.KeyboardModifier.NoModifier)


def sidebar_entry(b: WindowHarness, id: str) -> AccountEntry:
    found = b.contents.sidebar.findChild(AccountEntry, f"account:{id}")
    assert found is not None
    return found


def lock_page(b: WindowHarness) -> UnlockPage:
    assert b.contents.cover.page is not None
    return b.contents.cover.page


async def with_passphrase(b: WindowHarness) -> None:
    await b.rack.parts.records.update(ITEM, lambda old: replace(old, verifier=cheap_verifier(RIGHT)))
    await b.rack.lock.load()


async def said(b: WindowHarness, words: str) -> None:
    """Wait until the window says so and can be pressed again."""
    await seen(lambda: words in visible_texts(b.window) and b.tasks.idle)


def lying() -> str:
    return QGuiApplication.clipboard().text()


@pytest.mark.security("S91")
def test_ctrl_l_hides_every_amount_and_leaves_the_states(b: WindowHarness) -> None:
    b.signed_out("w2")
    b.contents.open("w1")
    assert any(amount in text for amount in AMOUNTS for text in shown_texts(b.window))
    press(b, Qt.Key.Key_L)
    assert (b.rack.lock.locked, b.rack.lock.by_hand) == (True, True)
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    assert not [text for amount in AMOUNTS for text in shown_texts(b.window) if amount in text]
    shown = visible_texts(b.window)
    assert "Keyrack is locked" in shown
    for state in ("3:41", "sign in"):
        assert state in shown
    b.tick(60)
    assert "2:41" in visible_texts(b.window)
    b.account("w1").show_balances(holdings(b.hands))
    b.tick()
    assert not [text for amount in AMOUNTS for text in shown_texts(b.window) if amount in text]


@pytest.mark.security("S91")
async def test_while_locked_no_key_and_no_press_does_anything(b: WindowHarness) -> None:
    b.contents.open("w1")
    b.rack.lock.lock(by_hand=False)
    pages = b.contents.pages
    for key in (Qt.Key.Key_C, Qt.Key.Key_N, Qt.Key.Key_F, Qt.Key.Key_H, Qt.Key.Key_PageDown):
        press(b, key)
    for key in (Qt.Key.Key_F5, Qt.Key.Key_Escape, Qt.Key.Key_Space, Qt.Key.Key_Return):
        QTest.keyClick(b.window.windowHandle(), key)  # to whatever has the focus
    entry = sidebar_entry(b, "w1")
    QTest.mouseClick(b.window, Qt.MouseButton.LeftButton, pos=entry.mapTo(b.window, QPoint(20, 20)))
    entry.click()
    for name in ("add_account", "lock"):
        assert not button(b, name).isEnabled()
    for action in b.contents.sidebar.findChildren(QAction):
        if action.objectName() == "menu_passphrase":
            action.trigger()
    pages.add_account()
    pages.import_provider()
    assert pages.currentWidget() is pages.overview
    assert not pages.isVisible()
    assert b.rack.lock.locked
    assert lying() == ""
    assert b.tasks.idle


@pytest.mark.security("S91")
async def test_while_locked_the_verbs_themselves_refuse(b: WindowHarness) -> None:
    account = b.account("w1")
    waiting = b.waiting("b1", "confirming", "s…m@example.org")
    b.rack.lock.lock(by_hand=False)
    actions = b.actions
    for form in ("token", "header", "secret", "curl"):
        actions.copy(account, form)
    for verb in (
        actions.refresh,
        actions.sign_in,
        actions.sign_out,
        actions.remove,
        actions.retry_save,
        actions.open_again,
    ):
        verb(account)
    answered: list[bool] = []

    def confirm(account: Account, yes: bool) -> None:
        answered.append(yes)

    b.rack.sign_ins.confirm = confirm  # type: ignore[method-assign]
    actions.confirm(waiting, yes=True)
    assert answered == []
    actions.use_memory()
    actions.refresh_all()
    assert b.tasks.idle
    assert actions.copying.link(waiting) is False
    assert isinstance(waiting.state, Authorizing)
    assert lying() == ""
    assert "Keyrack is locked. Unlock it first." in visible_texts(b.window)


@pytest.mark.security("S91", "S96")
async def test_a_lock_clears_the_clipboard_and_stops_a_copy_that_was_under_way(b: WindowHarness) -> None:
    account, renewing, giving = b.account("w1"), asyncio.Event(), b.rack.parts.token_source.fresh
    b.actions.copy(account)
    await seen(lambda: b.clipboard.holds_secret)
    assert lying() == "canary-access-token"

    async def after_a_renewal(account: Account, at_least: float | None = None) -> Secret:
        await renewing.wait()
        return await giving(account, at_least)

    b.rack.parts.token_source.fresh = after_a_renewal  # type: ignore[method-assign]
    b.actions.copy(account)
    await asyncio.sleep(0)
    b.rack.lock.lock(by_hand=False)
    assert lying() == ""
    renewing.set()
    await seen(lambda: b.tasks.idle)
    assert lying() == ""
    assert not b.clipboard.holds_secret


@pytest.mark.security("S95")
def test_a_lock_leaves_what_the_person_copied(b: WindowHarness) -> None:
    QGuiApplication.clipboard().setText("my own words")
    press(b, Qt.Key.Key_L)
    assert lying() == "my own words"


@pytest.mark.security("S98")
async def test_what_was_typed_or_revealed_is_gone_after_a_lock(b: WindowHarness) -> None:
    b.contents.open("w1")
    pane = b.contents.pages.pane
    assert pane is not None
    pane.open_form("edit")
    secret = pane.findChild(SecretEdit, "field_client_secret")
    assert secret is not None
    secret.setText("canary-typed")
    secret.reveal()
    b.rack.lock.lock(by_hand=False)
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    assert not b.window.findChildren(SecretEdit, "field_client_secret")
    button(b, "unlock").click()
    await seen(lambda: not b.rack.lock.locked)
    assert b.contents.pages.pane is not None, "the account that was open is open again"
    assert b.contents.pages.pane.account is b.account("w1")
    assert not b.window.findChildren(SecretEdit, "field_client_secret")


@pytest.mark.security("S91")
async def test_without_a_passphrase_one_press_unlocks_and_all_is_as_before(b: WindowHarness) -> None:
    press(b, Qt.Key.Key_L)
    assert "No token leaves it" in visible_texts(b.window)
    assert not lock_page(b).edit.isVisible()
    button(b, "unlock").click()
    await seen(lambda: not b.rack.lock.locked)
    assert b.contents.cover.page is None
    assert "36.48" in visible_texts(b.window)
    assert button(b, "add_account").isEnabled()
    sidebar_entry(b, "w1").click()
    assert b.contents.pages.pane is not None


@pytest.mark.security("S91", "S98")
async def test_a_wrong_passphrase_is_told_beside_the_line_and_the_right_one_unlocks(b: WindowHarness) -> None:
    await with_passphrase(b)
    b.rack.lock.lock(by_hand=False)
    assert "locked by itself" in visible_texts(b.window)
    line = field(b, "lock_passphrase")
    assert line.hasFocus()
    QTest.keyClicks(line, "canary guess")
    QTest.keyClick(line, Qt.Key.Key_Return)
    assert line.text() == ""
    assert not button(b, "unlock").isEnabled()
    await said(b, "This is not the passphrase.")
    assert b.rack.lock.locked
    assert button(b, "unlock").isEnabled()
    assert line.hasFocus()
    assert not [text for text in shown_texts(b.window) if CANARY in text]
    QTest.keyClicks(line, RIGHT)
    assert "This is not" not in visible_texts(b.window)
    button(b, "unlock").click()
    await seen(lambda: not b.rack.lock.locked)


async def test_a_keyring_that_cannot_be_read_is_told_and_asked_again(b: WindowHarness) -> None:
    await with_passphrase(b)
    vault = FailingVault()
    await vault.save(ITEM, await b.rack.parts.records.load(ITEM))
    await b.rack.parts.records.delete(ITEM)
    await b.rack.lock.load()  # nothing is known of the passphrase any more
    b.rack.parts.records.use_vault(vault)
    vault.refuses_loads = Locked()
    await b.rack.lock.load()
    press(b, Qt.Key.Key_L)
    button(b, "unlock").click()
    await said(b, "The keyring is locked.")
    assert vault.loads[-1] is True, "a person is there, so the keyring may ask"
    vault.refuses_loads = None
    button(b, "unlock").click()
    await seen(lambda: lock_page(b).edit.isVisible() and b.tasks.idle)
    assert b.rack.lock.locked, "a press is not enough for the passphrase that was read just now"
    QTest.keyClicks(field(b, "lock_passphrase"), RIGHT)
    button(b, "unlock").click()
    await seen(lambda: not b.rack.lock.locked)


@pytest.mark.security("S58", "S91")
async def test_a_passphrase_is_set_changed_and_taken_away_in_the_window(b: WindowHarness) -> None:
    await b.rack.lock.load()
    await with_passphrase(b)
    actions = {action.objectName(): action for action in b.contents.sidebar.findChildren(QAction)}
    actions["menu_passphrase"].trigger()
    assert field(b, "passphrase_old").hasFocus()
    QTest.keyClicks(field(b, "passphrase_new"), "another canary")
    QTest.keyClicks(field(b, "passphrase_again"), "another canari")
    button(b, "passphrase_save").click()
    assert "The two are not the same." in visible_texts(b.window)
    field(b, "passphrase_again").setText("another canary")
    button(b, "passphrase_save").click()
    await said(b, "This is not the passphrase.")
    field(b, "passphrase_old").setText(RIGHT)
    button(b, "passphrase_save").click()
    await said(b, "The lock passphrase is set.")
    assert b.contents.pages.currentWidget() is b.contents.pages.overview
    b.contents.pages.lock_passphrase()
    field(b, "passphrase_old").setText("another canary")
    button(b, "passphrase_none").click()
    await said(b, "taken away")
    assert not b.rack.lock.has_passphrase
    b.contents.pages.lock_passphrase()
    assert not b.window.findChildren(PassphrasePage)[-1].old.isVisible()
    for _ in ("the notice", "the page"):
        press(b, Qt.Key.Key_Escape, control=False)
    assert b.contents.pages.currentWidget() is b.contents.pages.overview


async def test_a_lock_that_comes_while_a_passphrase_is_made_locks_with_it(b: WindowHarness, tmp_path: Path) -> None:
    await b.rack.lock.load()
    b.contents.pages.lock_passphrase()
    for name in ("passphrase_new", "passphrase_again"):
        field(b, name).setText(RIGHT)
    button(b, "passphrase_save").click()
    await asyncio.sleep(0)
    b.rack.lock.lock(by_hand=True)
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    await seen(lambda: b.tasks.idle)
    assert b.rack.lock.has_passphrase
    assert lock_page(b).edit.isVisible()
    assert b.rack.lock.marker.exists()


async def test_a_short_passphrase_is_told_beside_its_line(b: WindowHarness) -> None:
    b.contents.pages.lock_passphrase()
    for name in ("passphrase_new", "passphrase_again"):
        QTest.keyClicks(field(b, name), "abc")
    QTest.keyClick(field(b, "passphrase_again"), Qt.Key.Key_Return)
    page = b.contents.pages.currentWidget()
    assert isinstance(page, PassphrasePage)
    await seen(page.new.problem.isVisible)
    assert "4 to 1024 characters" in page.new.problem.text()


@pytest.mark.security("S91")
async def test_the_tray_locks_and_while_locked_offers_only_the_way_out(b: WindowHarness, frontend: Frontend) -> None:
    def offered() -> dict[str, QAction]:
        frontend.tray.menu.aboutToShow.emit()
        found: list[QAction] = []
        for action in frontend.tray.menu.actions():
            below = action.menu()
            found += below.actions() if isinstance(below, QMenu) else [action]
        return {action.text(): action for action in found if action.text() and action.isEnabled()}

    assert "Copy token" in offered()
    offered()["Lock"].trigger()
    assert b.rack.lock.by_hand
    assert set(offered()) == {"Unlock…", "Open Keyrack", "Quit"}
    for signal in (frontend.tray.copy, frontend.tray.refresh, frontend.tray.sign_in):
        signal.emit("w1")
    frontend.tray.refresh_all.emit()
    assert frontend.tasks.idle
    assert lying() == ""
    b.window.hide()
    offered()["Unlock…"].trigger()
    assert b.window.isVisible()
    assert button(b, "unlock").isEnabled()
    await b.rack.lock.load()
    b.rack.lock.unlock_by_press()
    assert "Lock" in offered()


@pytest.mark.security("S91")
def test_a_lock_from_before_a_restart_covers_the_window_from_its_first_instant(qtbot: QtBot, tmp_path: Path) -> None:
    (tmp_path / "state").mkdir()
    (tmp_path / "state" / MARKER).touch()
    b = bench(tmp_path)
    b.window.show()
    assert "Keyrack is locked" in visible_texts(b.window)
    assert not b.contents.pages.isVisible()


def test_accounts_that_come_while_locked_are_seen_and_cannot_be_opened(b: WindowHarness) -> None:
    press(b, Qt.Key.Key_L)
    b.rack.accounts.add(Account(replace(ACCOUNTS[0], id="p3", name="Third desk"), Activity([], b.rack.clock.wall)))
    QCoreApplication.processEvents()
    fresh = sidebar_entry(b, "p3")
    assert fresh.isVisible()
    assert fresh.focusPolicy() == Qt.FocusPolicy.NoFocus
    fresh.click()
    assert b.contents.pages.pane is None
