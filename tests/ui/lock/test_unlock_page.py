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
from keyrack.ui.parts.banner import BannerKind
from keyrack.ui.widgets.controls import delete_later
from keyrack.ui.widgets.secret_edit import SecretEdit
from keyrack.ui.window.entries.sidebar_entry import AccountEntry
from tests.cheap_passphrase import cheap_verifier
from tests.core.harness import FailingVault
from tests.ui.harness import (
    ACCOUNTS,
    CANARY,
    WindowHarness,
    button,
    field,
    holdings,
    make_harness,
    opened_windows,
    seen,
    shown_texts,
    visible_texts,
)

RIGHT = "canary passphrase"
AMOUNTS = ("0.25", "36.48", "1,100.5", "1100.5", "48211093", "48,211,093")


@pytest.fixture
def harness(qtbot: QtBot, tmp_path: Path) -> WindowHarness:
    made = make_harness(tmp_path)
    made.window.show()
    made.window.activateWindow()
    qtbot.waitUntil(lambda: QApplication.activeWindow() is made.window)
    made.active("w1").show_balances(holdings(made.clock))
    return made


def press(harness: WindowHarness, key: Qt.Key, control: bool = True) -> None:
    QTest.keyClick(
        harness.window, key, Qt.KeyboardModifier.ControlModifier if control else Qt.KeyboardModifier.NoModifier
    )


def sidebar_entry(harness: WindowHarness, id: str) -> AccountEntry:
    found = harness.contents.sidebar.findChild(AccountEntry, f"account:{id}")
    assert found is not None
    return found


def lock_page(harness: WindowHarness) -> UnlockPage:
    assert harness.contents.cover.page is not None
    return harness.contents.cover.page


async def with_passphrase(harness: WindowHarness) -> None:
    await harness.rack.parts.records.update(ITEM, lambda old: replace(old, verifier=cheap_verifier(RIGHT)))
    await harness.rack.lock.load()


async def said(harness: WindowHarness, words: str) -> None:
    """Wait until the window says so and can be pressed again."""
    await seen(lambda: words in visible_texts(harness.window) and harness.tasks.idle)


def lying() -> str:
    return QGuiApplication.clipboard().text()


@pytest.mark.security("S91")
def test_ctrl_l_hides_every_amount_and_leaves_the_states(harness: WindowHarness) -> None:
    harness.signed_out("w2")
    harness.contents.open("w1")
    assert any(amount in text for amount in AMOUNTS for text in shown_texts(harness.window))
    press(harness, Qt.Key.Key_L)
    assert (harness.rack.lock.locked, harness.rack.lock.by_hand) == (True, True)
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    assert not [text for amount in AMOUNTS for text in shown_texts(harness.window) if amount in text]
    shown = visible_texts(harness.window)
    assert "Keyrack is locked" in shown
    for state in ("3:41", "sign in"):
        assert state in shown
    harness.tick(60)
    assert "2:41" in visible_texts(harness.window)
    harness.account("w1").show_balances(holdings(harness.clock))
    harness.tick()
    assert not [text for amount in AMOUNTS for text in shown_texts(harness.window) if amount in text]


@pytest.mark.security("S91")
async def test_while_locked_no_key_and_no_press_does_anything(harness: WindowHarness) -> None:
    harness.contents.open("w1")
    harness.rack.lock.lock(by_hand=False)
    pages = harness.contents.pages
    for key in (Qt.Key.Key_C, Qt.Key.Key_N, Qt.Key.Key_F, Qt.Key.Key_H, Qt.Key.Key_PageDown):
        press(harness, key)
    for key in (Qt.Key.Key_F5, Qt.Key.Key_Escape, Qt.Key.Key_Space, Qt.Key.Key_Return):
        QTest.keyClick(harness.window.windowHandle(), key)  # to whatever has the focus
    entry = sidebar_entry(harness, "w1")
    QTest.mouseClick(harness.window, Qt.MouseButton.LeftButton, pos=entry.mapTo(harness.window, QPoint(20, 20)))
    entry.click()
    for name in ("add_account", "program_menu"):
        assert not button(harness, name).isEnabled()
    for action in harness.contents.sidebar.findChildren(QAction):
        if action.objectName() == "menu_passphrase":
            action.trigger()
    pages.add_account()
    pages.import_provider()
    assert pages.currentWidget() is pages.overview
    assert not pages.isVisible()
    assert harness.rack.lock.locked
    assert lying() == ""
    assert harness.tasks.idle


@pytest.mark.security("S91")
async def test_while_locked_the_verbs_themselves_refuse(harness: WindowHarness) -> None:
    account = harness.account("w1")
    waiting = harness.waiting("b1", "confirming", "s…m@example.org")
    harness.rack.lock.lock(by_hand=False)
    actions = harness.actions
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

    harness.rack.sign_ins.confirm = confirm  # type: ignore[method-assign]
    actions.confirm(waiting, yes=True)
    assert answered == []
    actions.use_memory()
    actions.refresh_all()
    assert harness.tasks.idle
    assert actions.copying.link(waiting) is False
    assert isinstance(waiting.state, Authorizing)
    assert lying() == ""
    assert "Keyrack is locked. Unlock it first." in visible_texts(harness.window)


@pytest.mark.security("S91", "S96")
async def test_a_lock_clears_the_clipboard_and_stops_a_copy_that_was_under_way(harness: WindowHarness) -> None:
    account, renewing, giving = harness.account("w1"), asyncio.Event(), harness.rack.parts.token_source.fresh
    harness.actions.copy(account)
    await seen(lambda: harness.clipboard.holds_secret)
    assert lying() == "canary-access-token"

    async def after_a_renewal(account: Account, at_least: float | None = None, *, asked: bool = False) -> Secret:
        await renewing.wait()
        return await giving(account, at_least, asked=asked)

    harness.rack.parts.token_source.fresh = after_a_renewal  # type: ignore[method-assign]
    harness.actions.copy(account)
    await asyncio.sleep(0)
    harness.rack.lock.lock(by_hand=False)
    assert lying() == ""
    renewing.set()
    await seen(lambda: harness.tasks.idle)
    assert lying() == ""
    assert not harness.clipboard.holds_secret


@pytest.mark.security("S95")
def test_a_lock_leaves_what_the_person_copied(harness: WindowHarness) -> None:
    QGuiApplication.clipboard().setText("my own words")
    press(harness, Qt.Key.Key_L)
    assert lying() == "my own words"


@pytest.mark.security("S98")
async def test_what_was_typed_or_revealed_is_gone_after_a_lock(harness: WindowHarness) -> None:
    harness.contents.open("w1")
    pane = harness.contents.pages.pane
    assert pane is not None
    pane.open_form("edit")
    secret = pane.findChild(SecretEdit, "field_client_secret")
    assert secret is not None
    secret.setText("canary-typed")
    secret.reveal()
    harness.rack.lock.lock(by_hand=False)
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    assert not harness.window.findChildren(SecretEdit, "field_client_secret")
    button(harness, "unlock").click()
    await seen(lambda: not harness.rack.lock.locked)
    assert harness.contents.pages.pane is not None, "the account that was open is open again"
    assert harness.contents.pages.pane.account is harness.account("w1")
    assert not harness.window.findChildren(SecretEdit, "field_client_secret")


async def test_a_lock_that_the_disk_cannot_note_says_so(harness: WindowHarness) -> None:
    await harness.rack.lock.set_passphrase(None, Secret("an invented passphrase"))
    harness.rack.lock.marker.mkdir(parents=True)
    press(harness, Qt.Key.Key_L)
    assert "A restart would unlock it, because the disk is full" in visible_texts(harness.window)


@pytest.mark.security("S91")
async def test_without_a_passphrase_one_press_unlocks_and_all_is_as_before(harness: WindowHarness) -> None:
    press(harness, Qt.Key.Key_L)
    assert "No token leaves it" in visible_texts(harness.window)
    assert not lock_page(harness).edit.isVisible()
    button(harness, "unlock").click()
    await seen(lambda: not harness.rack.lock.locked)
    assert harness.contents.cover.page is None
    assert "36.48" in visible_texts(harness.window)
    assert button(harness, "add_account").isEnabled()
    sidebar_entry(harness, "w1").click()
    assert harness.contents.pages.pane is not None


@pytest.mark.parametrize("before", [False, True])
async def test_who_has_locked_by_hand_stands_at_unlock(harness: WindowHarness, before: bool) -> None:
    if before:
        harness.rack.lock.lock(by_hand=False)
        assert (lock_page(harness).hasFocus(), lock_page(harness).accessibleName()) == (True, "Keyrack is locked")
    press(harness, Qt.Key.Key_L)
    assert button(harness, "unlock").hasFocus()
    QTest.keyClick(harness.window.windowHandle(), Qt.Key.Key_Return)
    await seen(lambda: not harness.rack.lock.locked)


@pytest.mark.security("S91", "S98")
async def test_a_wrong_passphrase_is_told_beside_the_line_and_the_right_one_unlocks(harness: WindowHarness) -> None:
    await with_passphrase(harness)
    harness.rack.lock.lock(by_hand=False)
    assert "locked by itself" in visible_texts(harness.window)
    line = field(harness, "lock_passphrase")
    assert line.hasFocus()
    QTest.keyClicks(line, "canary guess")
    QTest.keyClick(line, Qt.Key.Key_Return)
    assert line.text() == ""
    assert not button(harness, "unlock").isEnabled()
    await said(harness, "This is not the passphrase.")
    assert harness.rack.lock.locked
    assert button(harness, "unlock").isEnabled()
    assert line.hasFocus()
    assert not [text for text in shown_texts(harness.window) if CANARY in text]
    QTest.keyClicks(line, RIGHT)
    assert "This is not" not in visible_texts(harness.window)
    button(harness, "unlock").click()
    await seen(lambda: not harness.rack.lock.locked)


async def test_a_keyring_that_cannot_be_read_is_told_and_asked_again(harness: WindowHarness) -> None:
    await with_passphrase(harness)
    vault = FailingVault()
    await vault.save(ITEM, await harness.rack.parts.records.load(ITEM))
    await harness.rack.parts.records.delete(ITEM)
    await harness.rack.lock.load()  # nothing is known of the passphrase any more
    harness.rack.parts.records.use_vault(vault)
    vault.refuses_loads = Locked()
    await harness.rack.lock.load()
    press(harness, Qt.Key.Key_L)
    button(harness, "unlock").click()
    await said(harness, "The keyring is locked.")
    assert vault.loads[-1] is True, "a person is there, so the keyring may ask"
    vault.refuses_loads = None
    button(harness, "unlock").click()
    await seen(lambda: lock_page(harness).edit.isVisible() and harness.tasks.idle)
    assert harness.rack.lock.locked, "a press is not enough for the passphrase that was read just now"
    QTest.keyClicks(field(harness, "lock_passphrase"), RIGHT)
    button(harness, "unlock").click()
    await seen(lambda: not harness.rack.lock.locked)


@pytest.mark.security("S58", "S91")
async def test_a_passphrase_is_set_changed_and_taken_away_in_the_window(harness: WindowHarness) -> None:
    await harness.rack.lock.load()
    await with_passphrase(harness)
    actions = {action.objectName(): action for action in harness.contents.sidebar.findChildren(QAction)}
    actions["menu_passphrase"].trigger()
    assert field(harness, "passphrase_old").hasFocus()
    QTest.keyClicks(field(harness, "passphrase_new"), "another canary")
    QTest.keyClicks(field(harness, "passphrase_again"), "another canari")
    button(harness, "passphrase_save").click()
    assert "The two are not the same." in visible_texts(harness.window)
    field(harness, "passphrase_again").setText("another canary")
    button(harness, "passphrase_save").click()
    await said(harness, "This is not the passphrase.")
    field(harness, "passphrase_old").setText(RIGHT)
    button(harness, "passphrase_save").click()
    await said(harness, "The lock passphrase is set.")
    assert harness.contents.pages.currentWidget() is harness.contents.pages.overview
    harness.contents.pages.lock_passphrase()
    field(harness, "passphrase_old").setText("another canary")
    button(harness, "passphrase_none").click()
    await said(harness, "taken away")
    assert not harness.rack.lock.has_passphrase
    harness.contents.pages.lock_passphrase()
    assert not harness.window.findChildren(PassphrasePage)[-1].old.isVisible()
    for _ in ("the notice", "the page"):
        press(harness, Qt.Key.Key_Escape, control=False)
    assert harness.contents.pages.currentWidget() is harness.contents.pages.overview


async def test_a_lock_that_comes_while_a_passphrase_is_made_locks_with_it(
    harness: WindowHarness, tmp_path: Path
) -> None:
    await harness.rack.lock.load()
    harness.contents.pages.lock_passphrase()
    for name in ("passphrase_new", "passphrase_again"):
        field(harness, name).setText(RIGHT)
    button(harness, "passphrase_save").click()
    await asyncio.sleep(0)
    harness.rack.lock.lock(by_hand=True)
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    await seen(lambda: harness.tasks.idle)
    assert harness.rack.lock.has_passphrase
    assert lock_page(harness).edit.isVisible()
    assert harness.rack.lock.marker.exists()


async def test_a_short_passphrase_is_told_beside_its_line(harness: WindowHarness) -> None:
    harness.contents.pages.lock_passphrase()
    for name in ("passphrase_new", "passphrase_again"):
        QTest.keyClicks(field(harness, name), "abc")
    QTest.keyClick(field(harness, "passphrase_again"), Qt.Key.Key_Return)
    page = harness.contents.pages.currentWidget()
    assert isinstance(page, PassphrasePage)
    await seen(page.new.problem.isVisible)
    assert "4 to 1024 characters" in page.new.problem.text()


@pytest.mark.security("S91")
async def test_the_tray_locks_and_while_locked_offers_only_the_way_out(
    harness: WindowHarness, frontend: Frontend
) -> None:
    def offered() -> dict[str, QAction]:
        frontend.tray.menu.aboutToShow.emit()
        found: list[QAction] = []
        for action in frontend.tray.menu.actions():
            below = action.menu()
            found += below.actions() if isinstance(below, QMenu) and action.isEnabled() else [action]
        return {action.text(): action for action in found if action.text() and action.isEnabled()}

    assert "Copy token" in offered()
    offered()["Lock"].trigger()
    assert harness.rack.lock.by_hand
    assert set(offered()) == {"Unlock…", "Open Keyrack", "Quit"}
    for signal in (frontend.tray.copy, frontend.tray.refresh, frontend.tray.sign_in):
        signal.emit("w1")
    frontend.tray.refresh_all.emit()
    assert frontend.tasks.idle
    assert lying() == ""
    harness.window.hide()
    offered()["Unlock…"].trigger()
    assert harness.window.isVisible()
    assert button(harness, "unlock").isEnabled()
    await harness.rack.lock.load()
    harness.rack.lock.unlock_by_press()
    assert "Lock" in offered()


@pytest.mark.security("S91")
def test_a_lock_from_before_a_restart_covers_the_window_from_its_first_instant(qtbot: QtBot, tmp_path: Path) -> None:
    (tmp_path / "state").mkdir()
    (tmp_path / "state" / MARKER).touch()
    harness = make_harness(tmp_path)
    harness.window.show()
    assert "Keyrack is locked" in visible_texts(harness.window)
    assert not harness.contents.pages.isVisible()


def test_accounts_that_come_while_locked_are_seen_and_cannot_be_opened(harness: WindowHarness) -> None:
    press(harness, Qt.Key.Key_L)
    harness.rack.accounts.add(
        Account(replace(ACCOUNTS[0], id="p3", name="Third desk"), Activity([], harness.rack.clock.wall))
    )
    QCoreApplication.processEvents()
    fresh = sidebar_entry(harness, "p3")
    assert fresh.isVisible()
    assert fresh.focusPolicy() == Qt.FocusPolicy.NoFocus
    fresh.click()
    assert harness.contents.pages.pane is None


async def test_without_a_passphrase_the_page_says_that_it_keeps_nobody_out_and_offers_one(
    harness: WindowHarness,
) -> None:
    await harness.rack.lock.load()
    harness.rack.lock.lock(by_hand=True)
    assert "No passphrase is set, so whoever sits here can unlock it." in visible_texts(harness.window)
    button(harness, "unlock_and_set").click()
    await seen(lambda: not harness.rack.lock.locked)
    assert isinstance(harness.contents.pages.currentWidget(), PassphrasePage)
    harness.contents.open("")
    await with_passphrase(harness)
    harness.rack.lock.lock(by_hand=True)
    assert not lock_page(harness).set_passphrase.isVisible()
    assert "No passphrase is set" not in visible_texts(harness.window)


def test_a_window_that_ends_while_locked_takes_the_page_with_it(harness: WindowHarness) -> None:
    harness.rack.lock.lock(by_hand=False)
    assert harness.contents.cover.page is not None
    opened_windows.remove(harness.window)
    delete_later(harness.window)
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    harness.tasks.changed.emit("unlock")


@pytest.mark.parametrize(("kind", "stays"), [("fresh", False), ("off", False), ("soon", True), ("urgent", True)])
def test_what_went_well_leaves_with_the_pages_and_a_trouble_stays(
    harness: WindowHarness, kind: BannerKind, stays: bool
) -> None:
    harness.contents.show_notice(kind, "All 4 are signed in.")
    assert harness.contents.notice.isVisible()
    press(harness, Qt.Key.Key_L)
    assert harness.rack.lock.locked
    assert harness.contents.notice.isVisible() == stays
