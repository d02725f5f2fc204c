"""Ticks only while the window is visible, and figures computed from absolute time."""

from pathlib import Path

from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from keyrack.ui.window.ticker import TICK_MS, Ticker
from tests.ui.harness import holdings, make_harness, visible_texts


class Watcher(QObject):
    """Counts how often any of these widgets is painted."""

    def __init__(self, *widgets: QWidget) -> None:
        super().__init__()
        self.paints = 0
        for widget in widgets:
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
    harness = make_harness(tmp_path)
    qtbot.addWidget(harness.window)
    harness.active("w1").show_balances(holdings(harness.clock))
    harness.window.show()
    harness.contents.open("w1")
    harness.window.hide()
    qtbot.wait(1)
    watcher = Watcher(harness.window, *harness.window.findChildren(QWidget))
    assert harness.contents.ticker is not None
    assert not harness.contents.ticker.running
    qtbot.wait(1200)
    assert watcher.paints == 0


def test_a_sleep_of_the_computer_is_right_at_the_next_tick(qtbot: QtBot, tmp_path: Path) -> None:
    harness = make_harness(tmp_path)
    qtbot.addWidget(harness.window)
    harness.active("w1")
    harness.window.show()
    harness.contents.open("w1")
    assert "3:41" in visible_texts(harness.contents.sidebar)
    harness.tick(181)
    assert "0:40" in visible_texts(harness.contents.sidebar)
    pane = harness.contents.pages.pane
    assert pane is not None
    assert pane.panel.token.ring.text == "0:40"
    harness.tick(3600)
    assert pane.panel.token.ring.text == "0:00"


def test_a_counted_second_paints_what_counts_and_nothing_below_it(qtbot: QtBot, tmp_path: Path) -> None:
    harness = make_harness(tmp_path)
    qtbot.addWidget(harness.window)
    harness.active("w1", token=harness.token(290.0, 290.0))
    with qtbot.waitExposed(harness.window):
        harness.window.show()
    entry = harness.contents.sidebar.list.made["w1"]
    qtbot.waitUntil(lambda: entry.countdown is not None)
    qtbot.wait(1)
    figures, mark, below = Watcher(entry.state.time), Watcher(entry.mark.ring), Watcher(entry)
    harness.tick(5)
    qtbot.waitUntil(lambda: figures.paints > 0 and mark.paints > 0)
    assert below.paints == 0
