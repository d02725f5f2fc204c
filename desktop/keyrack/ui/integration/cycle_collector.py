"""Collects Python's reference cycles on the GUI thread alone.

Python's own collection runs on the thread that happens to allocate, and that may be the keyring's. A cycle may hold a
timer of Qt. Qt cannot stop it on another thread, and the next tick of what is no longer there would end the program.
"""

import gc

from PySide6.QtCore import QObject, Qt, QTimer

_EVERY_MS = 5000


def collect_due() -> None:
    """Collect the oldest generation that is due by Python's own thresholds. It belongs to the GUI thread."""
    counts = zip(gc.get_count(), gc.get_threshold(), strict=True)
    due = [generation for generation, (count, threshold) in enumerate(counts) if count > threshold]
    if due:
        gc.collect(due[-1])


class CycleCollector(QObject):
    """Takes the place of Python's own collection from now on, as long as the program runs."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        gc.disable()
        timer = QTimer(self, interval=_EVERY_MS, timerType=Qt.TimerType.VeryCoarseTimer)
        timer.timeout.connect(collect_due)
        timer.start()
