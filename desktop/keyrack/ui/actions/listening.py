"""Connects a part of the window with a signal of the core, for as long as the part is there."""

from collections.abc import Callable

from PySide6.QtCore import QObject

from keyrack.primitives.signal import P, Signal


def listen(owner: QObject, signal: Signal[P], listener: Callable[P, object]) -> None:
    """Call `listener` at each `emit` until `owner` is destroyed. The core's signals would keep it for ever."""
    owner.destroyed.connect(signal.connect(listener))
