"""Measures the window beside Keyrack 0.1.0 in the same run: how long thousands of rows of balances hold its loop, what
a hundred accounts cost, how long its first paint takes and what memory it needs."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from tests.bench import window_process_cost
from tests.bench.table import Row
from tests.checkout import ROOT

BEFORE = "b19aa53"
# The most milliseconds that each action may hold the loop, by the number of rows.
WANTED = {1000: {"open": 40.0, "poll": 30.0, "sort": 30.0, "find": 30.0}, 5000: {"open": 80.0}}
NAMES = {"open": "opening", "poll": "a poll while shown", "sort": "sorting", "find": "one key in Find"}
# The most milliseconds of CPU with many accounts, by `many_worker`'s names.
MANY = {
    "add": ("adding the 100th account, overview open", 40.0),
    "waking": ("a loop that wakes once a second for nothing", 1.0),
    "painting": ("a bare window that paints 17 numbers once a second", 1.0),
    "visible": ("visible, 100 accounts counting down", 2.0),
    "live": ("the same, all live", 15.0),
    "tray": ("in the tray, 100 accounts, 20 live", 1.0),
    "pane": ("pane to pane, 124 accounts", 16.0),
    "overview": ("pane to overview, 124 accounts", 50.0),
}
_PER_SECOND = ("waking", "painting", "visible", "live", "tray")
LANGUAGE_MS = 300.0
# Live accounts in the tray get so many frames a second, which `many_worker` leaves out. Each has to be read.
_FRAMES = "20"
MOST_FRAMES = 1.6


def before(folder: Path) -> Path | None:
    """The tree of 0.1.0 with its tests, from the repository's own history. None where that is not here."""
    made = folder / "before"
    made.mkdir()
    with suppress(OSError, subprocess.CalledProcessError):
        packed = subprocess.run(
            ["git", "-C", str(ROOT), "archive", BEFORE, "desktop", "resources", "tests"],
            capture_output=True,
            check=True,
        ).stdout
        subprocess.run(["tar", "-x", "-C", str(made)], input=packed, check=True)
        return made
    return None


def asked(worker: str, tree: Path, *arguments: str) -> dict[str, float]:
    """What a worker has measured in one Keyrack. The tree of 0.1.0 lacks the worker, so ours is on the path too."""
    environment = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": os.pathsep.join((str(tree), str(tree / "desktop"), str(ROOT))),
        "QT_QPA_PLATFORM": "offscreen",
    }
    command = [sys.executable, str(Path(__file__).with_name(worker)), *arguments]
    answer = subprocess.run(command, env=environment, stdout=subprocess.PIPE, check=True).stdout
    found: dict[str, float] = json.loads(answer)
    return found


def measured(home: Path) -> Iterator[Row]:
    """One row for each action: beside what is wanted, and beside 0.1.0. Nothing where that one is not here."""
    old = before(home)
    if old is None:
        return
    for rows, wanted in WANTED.items():
        ours, theirs = (asked("window_worker.py", tree, str(rows)) for tree in (ROOT, old))
        for action, most in wanted.items():
            what = f"{NAMES[action]}, {rows:,} assets, loop held"
            yield Row(what, ours[action], "wanted", most, 1.0, BEFORE, theirs[action])
    ours, theirs = (asked("many_worker.py", tree) for tree in (ROOT, old))
    for figure, (what, most) in MANY.items():
        unit = " ms/s" if figure in _PER_SECOND else " ms"
        yield Row(what, ours[figure], "wanted", most, 1.0, BEFORE, theirs[figure], unit)
    read, bare = (asked("frames_worker.py", ROOT, what, _FRAMES)["frames"] for what in ("ours", "bare"))
    what = f"{_FRAMES} frames of balances a second read and merged"
    yield Row(what, read, "websockets and json in qasync", bare, MOST_FRAMES, unit=" ms/s")
    yield Row("another language, 124 accounts", ours["language"], "wanted", LANGUAGE_MS, 1.0)
    yield from window_process_cost.measured(home, old)
