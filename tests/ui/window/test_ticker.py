"""Ticks only while the window is visible, and figures computed from absolute time."""

from pathlib import Path

from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from keyrack.ui.window.ticker import TICK_MS, Ticker
from tests.ui.harness import bench, holdings, visible_texts


class Watcher(QObject):
    """Counts how often anything under a widget is painted."""

    def __init__(self, root: QWidget) -> None:
        super().__init__()
        self.paints = 0
        for widget in (root, *root.findChildren(QWidget)):
            widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        self.paints += event.type() == QEvent.Type.Paint
        return False


def ticking(ticker: Ticker) -> bool:
    return ticker.running


def test_it_ticks_once_a_second_and_only_while_the_window_is_seen(qtbot: QtBot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    ticker = Ticker(window)
    assert TICK_MS == 1000
    assert not ticking(ticker)
    with qtbot.waitSignal(ticker.ticked):
        window.show()
    assert ticking(ticker)
    window.hide()
    assert not ticking(ticker)
    window.show()
    window.showMinimized()
    ticker.adjust()
    assert not ticking(ticker)


def test_a_hidden_window_draws_nothing_and_changes_no_label(qtbot: QtBot, tmp_path: Path) -> None:
    b = bench(tmp_path)
    qtbot.addWidget(b.window)
    b.active("w1").show_balances(holdings(b.hands))
    b.window.show()
    b.contents.open("w1")
    b.window.hide()
    qtbot.wait(1)
    watcher = Watcher(b.window)
    assert b.contents.ticker is not None
    assert not b.contents.ticker.running
    qtbot.wait(1200)
    assert watcher.paints == 0


def test_a_sleep_of_the_computer_is_right_at_the_next_tick(qtbot: QtBot, tmp_path: Path) -> None:
    b = bench(tmp_path)
    qtbot.addWidget(b.window)
    b.active("w1")
    b.window.show()
    b.contents.open("w1")
    assert "3:41" in visible_texts(b.contents.sidebar)
    b.tick(181)
    assert "0:40" in visible_texts(b.contents.sidebar)
    pane = b.contents.pages.pane
    assert pane is not None
    assert pane.panel.token.ring.text == "0:40"
    b.tick(3600)
    assert pane.panel.token.ring.text == "0:00"
