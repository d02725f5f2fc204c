"""Measures a window with a hundred accounts, in whichever Keyrack is on the path: `python many_worker.py`.

Prints one JSON object: the CPU in milliseconds of adding the 100th account, of opening another pane, of going back to
the overview and of another language with 124, and the CPU in milliseconds per second of a window that only counts
down, with accounts whose figures come once a second, and in the tray. Medians of several rounds.
"""

import asyncio
import json
import tempfile
import time
from collections.abc import Callable, Sequence
from decimal import Decimal
from importlib import import_module
from pathlib import Path
from statistics import median
from typing import Any

from PySide6.QtCore import QEventLoop, Qt, QTimer
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QApplication, QWidget

from tests.bench.window_worker import is_now, named

ROUNDS = 5
WATCHED_MS, _SECOND_MS = 5000, 1000
_HUNDRED, _ALL, _LIVE_IN_TRAY = 100, 124, 20
_ASSETS = 8
# The times that a window of this size shows: eleven in the list at the left, six on cards.
_COUNTING = 17
_WEEK = 7 * 86_400.0


def spun(milliseconds: int) -> float:
    """The CPU in milliseconds that the process takes while its loop runs for so long."""
    loop = QEventLoop()
    QTimer.singleShot(milliseconds, loop.quit)
    began = time.process_time()
    loop.exec()
    return (time.process_time() - began) * 1000


class Many:
    """A window over many accounts that are ready, with everything that belongs to it, and a clock that goes."""

    def __init__(self, folder: Path, count: int) -> None:
        self._now = 1_790_000_000.0
        self.rack = self._rack(folder)
        self.window = named("window")(sandbox=True)
        self._snapshot = self._figures()
        for _ in range(count):
            self.add()
        self._frontend = named("frontend")(self.window, self.rack)
        self.window.resize(1000, 680)
        self.live: Sequence[Any] = ()
        self._pushed = 0
        self._pushing = QTimer(timerType=Qt.TimerType.PreciseTimer)
        self._pushing.timeout.connect(self._push_next)
        self._second = QTimer(interval=_SECOND_MS)
        self._second.timeout.connect(self._pass)
        self._second.start()

    def _rack(self, folder: Path) -> Any:
        clock = named("clock")(lambda: self._now, lambda: self._now)
        paths = named("paths")(*(folder / name for name in ("config", "state", "run", "logs")))
        providers, vault = named("built_in")(), named("vault")()
        if is_now():
            wiring = import_module("keyrack.core.wiring")
            return named("rack")(wiring.assemble(providers, vault, paths, sandbox=True, clock=clock), sandbox=True)
        return named("rack")(providers, vault, paths, sandbox=True, clock=clock)

    def _pass(self) -> None:
        """One more second. The live accounts have new figures, one after another."""
        self._now += 1.0
        self._snapshot = self._figures()
        if not self.live:
            self._pushing.stop()
        elif not self._pushing.isActive():
            self._pushing.start(_SECOND_MS // len(self.live))

    def _push_next(self) -> None:
        if not self.live:
            return
        account = self.live[self._pushed % len(self.live)]
        self._pushed += 1
        account.show_balances(self._snapshot)

    def _figures(self) -> Any:
        figures = (Decimal(f"{self._now % 997}{n}") for n in range(_ASSETS))
        held = tuple(named("holding")(f"T{n}", free, free, "Spot") for n, free in enumerate(figures))
        return named("balances")(held, self._now, "push")

    def account(self, number: int) -> Any:
        """An account that is signed in. Each has another time left, so that not all turn to a new minute at once."""
        settings = named("settings")(
            f"m{number}", f"Desk {number}", "whitebit", "global", "authorization_code", "client"
        )
        account = named("account")(settings, named("activity")([], lambda: self._now))
        secret = named("secret")(f"invented-{number}")  # Keyrack tells of one that two accounts share
        token = named("token")(secret, self._now - 3000.0 + 7 * number, 6000.0, secret, _WEEK, self._now)
        account.become(named("state")(token), expected=account.state)
        account.show_balances(self._snapshot)
        return account

    def add(self) -> None:
        """One more account."""
        self.rack.accounts.add(self.account(len(self.rack.accounts)))

    def remove(self) -> None:
        """Take the newest account away again."""
        self.rack.accounts.remove(tuple(self.rack.accounts)[-1])

    def speak(self, language: str) -> None:
        """Choose another language."""
        settings = import_module("keyrack.core.preferences.all_settings")
        self.rack.preferences.choose(settings.LANGUAGE, language)

    def open(self, id: str) -> None:
        """The account's pane, or the overview for ""."""
        self.window.contents.open(id)


def cost(action: Callable[[], object], before: Callable[[], object]) -> float:
    """The median CPU in milliseconds of an action and all that follows from it, without what a second costs anyway."""
    taken = []
    for _ in range(ROUNDS):
        before()
        idle = spun(_SECOND_MS)
        began = time.process_time()
        action()
        taken.append((time.process_time() - began) * 1000 + spun(_SECOND_MS) - idle)
    return max(0.0, median(taken))


def per_second(many: Many, live: Sequence[Any]) -> float:
    """The CPU in milliseconds per second while these accounts have new figures once a second."""
    many.live = live
    spun(_SECOND_MS)
    return spun(WATCHED_MS) * 1000 / WATCHED_MS


def with_pushes(many: Many, count: int) -> float:
    """The same with so many live accounts, less what the pushes cost where no window follows the accounts."""
    strangers = [many.account(number) for number in range(count)]
    idle, pushes = per_second(many, ()), per_second(many, strangers)
    return per_second(many, list(many.rack.accounts)[:count]) - (pushes - idle)


def waking() -> float:
    """The CPU in milliseconds per second of a loop that wakes once a second for nothing, here and now."""
    idle = QTimer(interval=_SECOND_MS)
    idle.timeout.connect(lambda: None)
    idle.start()
    spun(_SECOND_MS)
    return spun(WATCHED_MS) * 1000 / WATCHED_MS


class _Number(QWidget):
    """A number that is painted with nothing below it."""

    def __init__(self, at: int, parent: QWidget) -> None:
        super().__init__(parent)
        self.setGeometry(8, 8 + 24 * at, 48, 16)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self._number = 0

    def count(self) -> None:
        """Show the next one."""
        self._number += 1
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(event.rect(), Qt.GlobalColor.white)
        painter.drawText(self.rect(), str(self._number))


def painting() -> float:
    """The CPU in milliseconds per second of a bare window that shows as many other numbers each second."""
    window = QWidget()
    window.resize(1000, 680)
    numbers = [_Number(at, window) for at in range(_COUNTING)]
    second = QTimer(interval=_SECOND_MS)
    for number in numbers:
        second.timeout.connect(number.count)
    window.show()
    second.start()
    spun(_SECOND_MS)
    return spun(WATCHED_MS) * 1000 / WATCHED_MS


def measured(folder: Path) -> dict[str, float]:
    """All figures."""
    empty, bare = waking(), painting()
    hundred = Many(folder / "hundred", _HUNDRED)
    hundred.window.show()
    found = {"waking": empty, "painting": bare, "add": cost(hundred.add, hundred.remove)}
    spun(_SECOND_MS)
    found["visible"] = per_second(hundred, ())
    found["live"] = with_pushes(hundred, _HUNDRED)
    hundred.window.hide()
    found["tray"] = with_pushes(hundred, _LIVE_IN_TRAY)
    hundred.live = ()
    many = Many(folder / "many", _ALL)
    many.window.show()
    many.open("m1")
    found["pane"] = cost(lambda: many.open("m2"), lambda: many.open("m3"))
    found["overview"] = cost(lambda: many.open(""), lambda: many.open("m3"))
    if is_now():
        found["language"] = cost(lambda: many.speak("ko"), lambda: many.speak("de"))
    return found


if __name__ == "__main__":
    app = QApplication([])
    named("theme")().start(app)
    asyncio.set_event_loop(asyncio.new_event_loop())
    with tempfile.TemporaryDirectory(prefix="kr") as place:
        print(json.dumps(measured(Path(place))), flush=True)
