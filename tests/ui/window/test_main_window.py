"""The window: its keys, its first start, and what closing it does."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from keyrack.primitives.failure import Failure
from keyrack.ui.add_account.wizard import AddAccountWizard
from keyrack.ui.overview.welcome import WelcomePage
from keyrack.ui.theme.theme import theme
from keyrack.ui.window.contents import Contents
from keyrack.ui.window.main_window import MainWindow
from tests.ui.harness import CANARY, WindowHarness, bench, button, holdings, seen, shown_texts, storage, visible_texts


@pytest.fixture
def b(qtbot: QtBot, tmp_path: Path) -> WindowHarness:
    made = bench(tmp_path)
    qtbot.addWidget(made.window)
    made.window.show()
    made.window.activateWindow()
    qtbot.waitUntil(lambda: QApplication.activeWindow() is made.window)
    return made


def press(b: WindowHarness, key: Qt.Key, control: bool = True) -> None:
    modifier = Qt.KeyboardModifier.ControlModifier if control else Qt.KeyboardModifier.NoModifier
    QTest.keyClick(b.window, key, modifier)


def test_it_opens_at_its_size_and_works_at_the_least_one(b: WindowHarness) -> None:
    assert (b.window.width(), b.window.height()) == (1000, 680)
    b.window.resize(100, 100)
    assert (b.window.width(), b.window.height()) == (640, 420)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1000, 640])
def test_no_page_is_wider_than_its_room(b: WindowHarness, qtbot: QtBot, width: int, scheme: str) -> None:
    theme().use("dark" if scheme == "dark" else "light")
    b.window.resize(width, 680 if width == 1000 else 420)
    b.active("w1").show_balances(holdings(b.hands))
    b.active("b1").show_balances(storage(b.hands))
    b.waiting("w2")
    for id in ("", "w1", "b1", "b2", "w2", "p1"):
        b.contents.open(id)
        qtbot.wait(20)
        page = b.contents.pages.currentWidget()
        assert page is not None
        for child in page.findChildren(QWidget):
            if child.isVisible() and child.property("role") == "card":
                right = child.mapTo(page, child.rect().topRight()).x()
                assert right <= page.width(), (id, child)
    theme().use(None)


def test_the_frame_is_painted_before_there_is_a_rack(qtbot: QtBot) -> None:
    window = MainWindow(sandbox=True)
    qtbot.addWidget(window)
    painted: list[bool] = []
    window.painted.connect(lambda: painted.append(window.isVisible()))
    window.paint_first()
    assert painted == [True]
    assert "Keyrack" in visible_texts(window)
    assert window.windowTitle() == "Keyrack – Sandbox"


def test_keys_add_find_hide_and_go_back(b: WindowHarness) -> None:
    b.active("w1").show_balances(holdings(b.hands))
    press(b, Qt.Key.Key_N)
    assert isinstance(b.contents.pages.currentWidget(), AddAccountWizard)
    press(b, Qt.Key.Key_Escape, control=False)
    assert b.contents.pages.currentWidget() is b.contents.pages.overview
    b.contents.open("w1")
    press(b, Qt.Key.Key_F)
    pane = b.contents.pages.pane
    assert pane is not None
    assert pane.balances.search.hasFocus()
    press(b, Qt.Key.Key_H)
    assert b.contents.pages.private
    press(b, Qt.Key.Key_H)
    assert not b.contents.pages.private


async def test_ctrl_c_copies_the_token_unless_a_text_is_selected(b: WindowHarness) -> None:
    b.active("w1").show_balances(holdings(b.hands))
    b.contents.open("w1")
    pane = b.contents.pages.pane
    assert pane is not None
    pane.balances.search.setText("USDT")
    pane.balances.search.setFocus()
    pane.balances.search.selectAll()
    QTest.keyClick(pane.balances.search, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QGuiApplication.clipboard().text() == "USDT"
    pane.balances.table.setFocus()
    QTest.keyClick(pane.balances.table, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    await seen(lambda: b.clipboard.holds_secret)
    assert QGuiApplication.clipboard().text() == "canary-access-token"
    b.clipboard.clear()


def test_ctrl_q_asks_to_quit_and_f5_renews(b: WindowHarness, qtbot: QtBot) -> None:
    with qtbot.waitSignal(b.window.quit_asked):
        press(b, Qt.Key.Key_Q)
    renewed: list[str] = []
    b.actions.refresh = lambda account: renewed.append(account.id)  # type: ignore[method-assign]
    b.contents.open("w1")
    press(b, Qt.Key.Key_F5, control=False)
    assert renewed == ["w1"]


def test_without_a_tray_closing_minimises_and_says_so_once(b: WindowHarness) -> None:
    b.window.close()
    assert b.window.isVisible()
    assert b.window.isMinimized()
    assert "There is no tray here" in b.contents.notice.banner.text.text()
    b.window.come_forward()
    assert not b.window.isMinimized()
    b.contents.notice.hide()
    b.window.close()
    assert not b.contents.notice.isVisible()


def test_with_a_tray_closing_hides_it(b: WindowHarness) -> None:
    b.window.fill(b.contents, lambda: True)
    b.window.close()
    assert not b.window.isVisible()
    b.window.come_forward()
    assert b.window.isVisible()


def test_the_first_start_offers_two_ways_and_says_where_secrets_go(qtbot: QtBot, tmp_path: Path) -> None:
    b = bench(tmp_path, (), sandbox=False)
    qtbot.addWidget(b.window)
    b.window.show()
    assert isinstance(b.contents.pages.currentWidget(), WelcomePage)
    assert b.rack.vault_name in visible_texts(b.window)
    button(b, "first_sandbox").click()
    assert b.opened == ["sandbox"]
    button(b, "first_add").click()
    assert isinstance(b.contents.pages.currentWidget(), AddAccountWizard)


def test_what_was_wrong_with_the_list_of_accounts_is_told_at_once(qtbot: QtBot, tmp_path: Path) -> None:
    b = bench(tmp_path)
    qtbot.addWidget(b.window)
    b.rack.problem = Failure("unexpected")
    again = Contents(b.rack, b.actions)
    b.window.fill(again, lambda: False)
    b.window.show()
    assert b.rack.problem.sentences() in visible_texts(b.window)


@pytest.mark.security("S99")
def test_title_tooltips_and_names_hold_neither_secret_nor_amount(b: WindowHarness) -> None:
    b.active("w1").show_balances(holdings(b.hands))
    b.contents.open("w1")
    for widget in (b.window, *b.window.findChildren(QWidget)):
        for text in (widget.windowTitle(), widget.toolTip(), widget.accessibleName()):
            assert CANARY not in text
            assert "1100" not in text
    assert not [text for text in shown_texts(b.window) if CANARY in text]


def test_a_message_of_another_account_carries_its_name(b: WindowHarness) -> None:
    b.contents.open("w1")
    b.actions.notified.emit("w1", "urgent", "It failed.")
    assert b.contents.notice.banner.text.text() == "It failed."
    b.actions.notified.emit("w2", "urgent", "It failed.")
    assert b.contents.notice.banner.text.text() == "Trading EU: It failed."
    press(b, Qt.Key.Key_Escape, control=False)
    assert not b.contents.notice.isVisible()


def test_colours_follow_live(b: WindowHarness) -> None:
    def ground() -> str:
        return b.window.grab().toImage().pixelColor(600, 640).name()

    seen_colours: list[str] = []
    for scheme in ("light", "dark"):
        theme().use("light" if scheme == "light" else "dark")
        seen_colours.append(ground())
    theme().use(None)
    assert seen_colours[0] != seen_colours[1]
