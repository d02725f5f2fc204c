"""Holds a window's event loop up with balances, in whichever Keyrack is on the path: `python window_worker.py ROWS`.

Prints the longest hold in milliseconds of each action as one JSON object, the least of several rounds.
It knows the names of 0.1.0 (commit b19aa53) as well, so that one run can measure both.
"""

import json
import sys
import tempfile
import time
from collections.abc import Callable
from decimal import Decimal
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from PySide6.QtCore import QEventLoop, Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

ROUNDS = 5
_PROBE_MS, _SETTLED_MS = 1, 400
_ACCOUNT = "w1"
_NOW = {
    "harness": "tests.ui.harness.make_harness",
    "holding": "keyrack.providers.holding.Holding",
    "balances": "keyrack.core.accounts.balances_snapshot.Balances",
    "price": "keyrack.providers.api.prices.Price",
    "account": "keyrack.core.accounts.account.Account",
    "settings": "keyrack.core.accounts.account.Settings",
    "activity": "keyrack.core.accounts.activity.Activity",
    "state": "keyrack.core.accounts.state.Active",
    "token": "keyrack.oauth.token.Token",
    "secret": "keyrack.primitives.secret.Secret",
    "clock": "keyrack.primitives.clock.Clock",
    "paths": "keyrack.core.system.paths.Paths",
    "vault": "keyrack.core.vault.memory_vault.MemoryVault",
    "built_in": "keyrack.providers.registry.built_in",
    "rack": "keyrack.core.rack.Rack",
    "frontend": "keyrack.ui.frontend.Frontend",
    "window": "keyrack.ui.window.main_window.MainWindow",
    "theme": "keyrack.ui.theme.theme.theme",
}
_THEN = {
    "harness": "tests.ui.rack.bench",
    "holding": "keyrack.core.holding.Holding",
    "balances": "keyrack.core.holding.Balances",
    "price": "keyrack.providers.prices.Price",
    "account": "keyrack.core.account.Account",
    "settings": "keyrack.core.account.Settings",
    "activity": "keyrack.core.activity.Activity",
    "state": "keyrack.core.state.Active",
    "token": "keyrack.oauth.token.Token",
    "secret": "keyrack.net.secret.Secret",
    "clock": "keyrack.core.clock.Clock",
    "paths": "keyrack.core.paths.Paths",
    "vault": "keyrack.core.vault.MemoryVault",
    "built_in": "keyrack.providers.load.built_in",
    "rack": "keyrack.core.rack.Rack",
    "frontend": "keyrack.ui.desk.Desk",
    "window": "keyrack.ui.window.MainWindow",
    "theme": "keyrack.ui.theme.theme",
}


@cache
def is_now() -> bool:
    """Whether this Keyrack is newer than 0.1.0."""
    return find_spec("keyrack.primitives") is not None


def named(what: str) -> Any:
    """A name of this Keyrack's."""
    module, _, name = (_NOW if is_now() else _THEN)[what].rpartition(".")
    return getattr(import_module(module), name)


class Probe:
    """Measures the longest time for which the event loop did not come round."""

    def __init__(self) -> None:
        self._last = 0.0
        self._longest = 0.0
        self._timer = QTimer(interval=_PROBE_MS, timerType=Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._came_round)

    def _came_round(self) -> None:
        now = time.perf_counter()
        self._longest = max(self._longest, now - self._last)
        self._last = now

    def held(self, action: Callable[[], object]) -> float:
        """The longest hold in milliseconds from the action on until all that follows from it is done."""
        loop = QEventLoop()
        QTimer.singleShot(20, action)
        QTimer.singleShot(_SETTLED_MS, loop.quit)
        self._last, self._longest = time.perf_counter(), 0.0
        self._timer.start()
        loop.exec()
        self._timer.stop()
        return self._longest * 1000


class Window:
    """A window that shows one account with many assets."""

    def __init__(self, folder: Path, rows: int) -> None:
        self._harness = named("harness")(folder)
        self._rows = rows
        self._round = 0
        self.probe = Probe()
        self._harness.active(_ACCOUNT)
        self._harness.window.resize(1000, 680)
        self._harness.window.show()
        self._price()

    def _price(self) -> None:
        totals = self._harness.rack.totals if is_now() else self._harness.rack.values
        known = totals.prices.of(self._harness.account(_ACCOUNT))
        for n in range(0, self._rows, 2):
            known.prices[f"T{n:05}_USDT"] = named("price")(Decimal(n % 997 + 1) / 7)
        # There is no other way in both versions to say that these prices came just now.
        object.__setattr__(known, "taken", self._clock().wall)

    def _clock(self) -> Any:
        return self._harness.clock if is_now() else self._harness.hands

    def poll(self) -> None:
        """A new snapshot, in which every tenth figure has changed."""
        self._round += 1
        figures = (
            (n, Decimal(f"{n * 7 % 1000}.{(n * 7919 + (n % 10 == 0) * self._round) % 10**8:08}"))
            for n in range(self._rows)
        )
        held = tuple(named("holding")(f"T{n:05}", free, free + n % 3, "Spot") for n, free in figures)
        self._harness.account(_ACCOUNT).show_balances(named("balances")(held, self._clock().wall, "poll"))

    def open(self) -> None:
        """The account's pane."""
        self._harness.contents.open(_ACCOUNT)

    def leave(self) -> None:
        """Back to the overview."""
        self._harness.contents.open("")

    def sort(self) -> None:
        """By another column than before."""
        table = self._harness.contents.pages.pane.balances.table
        table.sortByColumn(2 + self._round % 3, Qt.SortOrder.DescendingOrder)

    def find(self) -> None:
        """One key in Find."""
        QTest.keyClicks(self._harness.contents.pages.pane.balances.search, "1")


def measured(rows: int) -> dict[str, float]:
    """The longest hold of each action."""
    actions = ("open", "poll", "sort", "find")
    found: dict[str, list[float]] = {action: [] for action in actions}
    with tempfile.TemporaryDirectory(prefix="kr") as folder:
        window = Window(Path(folder), rows)
        for _ in range(ROUNDS + 1):
            window.probe.held(window.poll)
            for action in actions:
                found[action].append(window.probe.held(getattr(window, action)))
            window.probe.held(window.leave)
    # The least, for whatever else the computer does.
    return {action: min(each[1:]) for action, each in found.items()}


if __name__ == "__main__":
    app = QApplication([])
    print(json.dumps(measured(int(sys.argv[1]))), flush=True)
