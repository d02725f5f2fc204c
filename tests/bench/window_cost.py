"""Measures for how long balances of thousands of rows hold the window's loop, beside Keyrack 0.1.0 in the same run."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from tests.bench.table import Row
from tests.checkout import ROOT

BEFORE = "b19aa53"
# The most milliseconds that each action may hold the loop, by the number of rows.
WANTED = {1000: {"open": 40.0, "poll": 30.0, "sort": 30.0, "find": 30.0}, 5000: {"open": 80.0}}
NAMES = {"open": "opening", "poll": "a poll while shown", "sort": "sorting", "find": "one key in Find"}
_WORKER = Path(__file__).with_name("window_worker.py")


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


def holds(tree: Path, rows: int) -> dict[str, float]:
    """The longest hold in milliseconds of each action in one Keyrack."""
    environment = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": os.pathsep.join((str(tree), str(tree / "desktop"))),
        "QT_QPA_PLATFORM": "offscreen",
    }
    command = [sys.executable, str(_WORKER), str(rows)]
    answer = subprocess.run(command, env=environment, stdout=subprocess.PIPE, check=True).stdout
    found: dict[str, float] = json.loads(answer)
    return found


def measured(home: Path) -> Iterator[Row]:
    """Two rows for each action: beside 0.1.0, and beside what is wanted."""
    old = before(home)
    if old is None:
        return
    for rows, wanted in WANTED.items():
        ours, theirs = holds(ROOT, rows), holds(old, rows)
        for action, most in wanted.items():
            what = f"{NAMES[action]}, {rows:,} assets, loop held"
            yield Row(what, ours[action], BEFORE, theirs[action])
            yield Row("the same", ours[action], "wanted", most, 1.0)
