"""Measures the history beside what it may cost: rows of a hundred accounts, and the pictures of their year."""

import json
import os
import subprocess
import sys
from pathlib import Path

from tests.bench.table import Row
from tests.checkout import DESKTOP, ROOT

LOOP, PICTURE = 0.2, 50.0
SIZE = 256.0


def measured(folder: Path) -> list[Row]:
    """The rows. Processor time, in a process of its own without a screen."""
    environment = {**os.environ, "PYTHONPATH": f"{ROOT}:{DESKTOP}", "QT_QPA_PLATFORM": "offscreen", "HOME": str(folder)}
    command = [sys.executable, "-m", "tests.bench.history_worker"]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    found = json.loads(done.stdout)
    return [
        Row("history: the loop, per account and hour", found["loop"], "budget", LOOP, 1.0),
        Row("history: the year's line of 100 accounts", found["whole"], "budget", PICTURE, 1.0),
        Row("history: the year on a page of 30 cards", found["cards"], "budget", PICTURE, 1.0),
        Row("history: reading that year, off the loop", found["read"], "a picture", PICTURE),
        Row("history: the file of 100 accounts", found["megabytes"], "largest", SIZE, 1.0, unit=" MB"),
    ]
