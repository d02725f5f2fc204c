"""Reference cycles are collected on the GUI thread, and on no other."""

import gc
import threading
import weakref
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QApplication

from keyrack.ui.integration.cycle_collector import CycleCollector, collect_due


@pytest.fixture(autouse=True)
def _own_collection() -> Iterator[None]:
    """Python's own collection, and its own thresholds, as a program has them that starts."""
    thresholds = gc.get_threshold()
    gc.set_threshold(700, 10, 10)
    gc.enable()
    yield
    gc.disable()
    gc.set_threshold(*thresholds)


class Cycle(QObject):
    """Holds itself and a timer, as a page does that its own signals lead back to."""

    def __init__(self, ended: list[str]) -> None:
        super().__init__()
        self.me = self
        self.timer = QTimer()
        weakref.finalize(self, lambda: ended.append(threading.current_thread().name))


def allocate_elsewhere() -> list[list[object]]:
    """Allocate on another thread what is due for a collection several times over."""
    kept: list[list[object]] = []
    thread = threading.Thread(target=lambda: kept.extend([] for _ in range(200_000)), name="keyring")
    thread.start()
    thread.join()
    return kept


def test_no_other_thread_ends_an_object_of_qt(qapp: QApplication) -> None:
    ended: list[str] = []
    collector = CycleCollector(qapp)
    Cycle(ended)
    kept = allocate_elsewhere()
    assert ended == []
    collect_due()
    assert ended == [threading.main_thread().name]
    assert kept
    collector.deleteLater()


def test_the_timer_collects_what_is_due(qapp: QApplication) -> None:
    ended: list[str] = []
    collector = CycleCollector(qapp)
    Cycle(ended)
    kept = allocate_elsewhere()
    timer = collector.findChild(QTimer)
    assert timer is not None
    assert timer.isActive()
    timer.timeout.emit()
    assert ended == [threading.main_thread().name]
    assert kept
    collector.deleteLater()


def test_each_generation_has_its_turn(qapp: QApplication) -> None:
    collector = CycleCollector(qapp)
    gc.collect()
    before = gc.get_stats()[1]["collections"]
    kept: list[list[object]] = []
    for _ in range(13):
        kept.extend([] for _ in range(1000))
        collect_due()
    assert gc.get_stats()[1]["collections"] > before
    collector.deleteLater()
