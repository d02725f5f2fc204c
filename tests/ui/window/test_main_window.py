"""The window: its keys, its first start, and what closing it does."""

from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot

from keyrack.primitives.failure import Failure
from keyrack.ui.add_account.wizard import AddAccountWizard
from keyrack.ui.overview.welcome import WelcomePage
from keyrack.ui.parts.dressing import show_name
from keyrack.ui.theme.theme import theme
from keyrack.ui.window.contents import Contents
from keyrack.ui.window.main_window import MainWindow
from tests.ui.harness import (
    CANARY,
    WindowHarness,
    button,
    holdings,
    in_front,
    make_harness,
    seen,
    shown_texts,
    storage,
    visible_texts,
)


@pytest.fixture
def harness(qtbot: QtBot, tmp_path: Path) -> WindowHarness:
    return in_front(qtbot, tmp_path)


def press(harness: WindowHarness, key: Qt.Key, control: bool = True) -> None:
    modifier = Qt.KeyboardModifier.ControlModifier if control else Qt.KeyboardModifier.NoModifier
    QTest.keyClick(harness.window, key, modifier)


def test_it_opens_at_its_size_and_works_at_the_least_one(harness: WindowHarness) -> None:
    assert (harness.window.width(), harness.window.height()) == (1000, 680)
    harness.window.resize(100, 100)
    assert (harness.window.width(), harness.window.height()) == (640, 420)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1000, 640])
def test_no_page_is_wider_than_its_room(harness: WindowHarness, qtbot: QtBot, width: int, scheme: str) -> None:
    theme().use("dark" if scheme == "dark" else "light")
    harness.window.resize(width, 680 if width == 1000 else 420)
    harness.active("w1").show_balances(holdings(harness.clock))
    harness.active("b1").show_balances(storage(harness.clock))
    harness.waiting("w2")
    for id in ("", "w1", "b1", "b2", "w2", "p1"):
        harness.contents.open(id)
        qtbot.wait(20)
        page = harness.contents.pages.currentWidget()
        assert page is not None
        for child in page.findChildren(QWidget):
            if child.isVisible() and child.property("role") == "card":
                right = child.mapTo(page, child.rect().topRight()).x()
                assert right <= page.width(), (id, child)
    theme().use(None)


class PaintedTexts(QObject):
    """The texts of the labels that were painted."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: list[str] = []

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Paint and isinstance(watched, QLabel):
            self.seen.append(watched.text())
        return False


def test_the_frame_is_painted_before_there_is_a_rack(qtbot: QtBot, qapp: QApplication) -> None:
    window = MainWindow(sandbox=True)
    qtbot.addWidget(window)
    painted: list[bool] = []
    window.painted.connect(lambda: painted.append(window.isVisible()))
    window.paint_first()
    assert painted == [True]
    letters = PaintedTexts()
    qapp.installEventFilter(letters)
    show_name(window, sandbox=True)
    assert "Keyrack" in letters.seen
    assert "Keyrack" in visible_texts(window)
    assert window.windowTitle() == "Keyrack – Sandbox"


def test_keys_add_find_hide_and_go_back(harness: WindowHarness) -> None:
    harness.active("w1").show_balances(holdings(harness.clock))
    press(harness, Qt.Key.Key_N)
    assert isinstance(harness.contents.pages.currentWidget(), AddAccountWizard)
    press(harness, Qt.Key.Key_Escape, control=False)
    assert harness.contents.pages.currentWidget() is harness.contents.pages.overview
    harness.contents.open("w1")
    press(harness, Qt.Key.Key_F)
    pane = harness.contents.pages.pane
    assert pane is not None
    assert pane.balances.search.hasFocus()
    press(harness, Qt.Key.Key_H)
    assert harness.contents.pages.privacy.on
    press(harness, Qt.Key.Key_H)
    assert not harness.contents.pages.privacy.on


async def test_ctrl_c_copies_the_token_unless_a_text_is_selected(harness: WindowHarness) -> None:
    harness.active("w1").show_balances(holdings(harness.clock))
    harness.contents.open("w1")
    pane = harness.contents.pages.pane
    assert pane is not None
    pane.balances.search.setText("USDT")
    pane.balances.search.setFocus()
    pane.balances.search.selectAll()
    QTest.keyClick(pane.balances.search, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QGuiApplication.clipboard().text() == "USDT"
    pane.balances.table.setFocus()
    QTest.keyClick(pane.balances.table, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    await seen(lambda: harness.clipboard.holds_secret)
    assert QGuiApplication.clipboard().text() == "canary-access-token"
    harness.clipboard.clear()


def test_ctrl_q_asks_to_quit_and_f5_renews(harness: WindowHarness, qtbot: QtBot) -> None:
    with qtbot.waitSignal(harness.window.quit_asked):
        press(harness, Qt.Key.Key_Q)
    renewed: list[str] = []
    harness.actions.refresh = lambda account: renewed.append(account.id)  # type: ignore[method-assign]
    harness.contents.open("w1")
    press(harness, Qt.Key.Key_F5, control=False)
    assert renewed == ["w1"]


def test_without_a_tray_closing_minimises_and_says_so_once(harness: WindowHarness) -> None:
    harness.window.close()
    assert harness.window.isVisible()
    assert harness.window.isMinimized()
    assert "There is no tray here" in harness.contents.notice.banner.text.text()
    harness.window.come_forward()
    assert not harness.window.isMinimized()
    harness.contents.notice.hide()
    harness.window.close()
    assert not harness.contents.notice.isVisible()


def test_ctrl_w_closes_as_the_button_does(harness: WindowHarness) -> None:
    press(harness, Qt.Key.Key_W)
    assert harness.window.isMinimized()
    assert "There is no tray here" in harness.contents.notice.banner.text.text()


def test_ctrl_c_says_why_it_copies_nothing(harness: WindowHarness) -> None:
    harness.signed_out("w1")
    harness.contents.open("w1")
    press(harness, Qt.Key.Key_C)
    assert harness.contents.notice.banner.text.text() == "Sign in first. Then Ctrl+C copies."
    assert QGuiApplication.clipboard().text() == ""


def test_with_a_tray_closing_hides_it(harness: WindowHarness) -> None:
    harness.window.fill(harness.contents, lambda: True)
    harness.window.close()
    assert not harness.window.isVisible()
    harness.window.come_forward()
    assert harness.window.isVisible()


def test_the_first_start_offers_two_ways_and_says_where_secrets_go(qtbot: QtBot, tmp_path: Path) -> None:
    harness = make_harness(tmp_path, (), sandbox=False)
    qtbot.addWidget(harness.window)
    harness.window.show()
    assert isinstance(harness.contents.pages.currentWidget(), WelcomePage)
    assert harness.rack.vault_name in visible_texts(harness.window)
    button(harness, "first_sandbox").click()
    assert harness.opened == ["sandbox"]
    button(harness, "first_add").click()
    assert isinstance(harness.contents.pages.currentWidget(), AddAccountWizard)


def test_what_was_wrong_with_the_list_of_accounts_is_told_at_once(qtbot: QtBot, tmp_path: Path) -> None:
    harness = make_harness(tmp_path)
    qtbot.addWidget(harness.window)
    harness.rack.problem = Failure("unexpected")
    again = Contents(harness.rack, harness.actions)
    harness.window.fill(again, lambda: False)
    harness.window.show()
    assert harness.rack.problem.sentences() in visible_texts(harness.window)


@pytest.mark.security("S99")
def test_title_tooltips_and_names_hold_neither_secret_nor_amount(harness: WindowHarness) -> None:
    harness.active("w1").show_balances(holdings(harness.clock))
    harness.contents.open("w1")
    for widget in (harness.window, *harness.window.findChildren(QWidget)):
        for text in (widget.windowTitle(), widget.toolTip(), widget.accessibleName()):
            assert CANARY not in text
            assert "1100" not in text
    assert not [text for text in shown_texts(harness.window) if CANARY in text]


def test_a_message_of_another_account_carries_its_name(harness: WindowHarness) -> None:
    harness.contents.open("w1")
    harness.actions.notified.emit("w1", "urgent", "It failed.")
    assert harness.contents.notice.banner.text.text() == "It failed."
    harness.actions.notified.emit("w2", "urgent", "It failed.")
    assert harness.contents.notice.banner.text.text() == "Trading EU: It failed."
    press(harness, Qt.Key.Key_Escape, control=False)
    assert not harness.contents.notice.isVisible()


def test_colours_follow_live(harness: WindowHarness) -> None:
    def ground() -> str:
        return harness.window.grab().toImage().pixelColor(600, 640).name()

    seen_colours: list[str] = []
    for scheme in ("light", "dark"):
        theme().use("light" if scheme == "light" else "dark")
        seen_colours.append(ground())
    theme().use(None)
    assert seen_colours[0] != seen_colours[1]
