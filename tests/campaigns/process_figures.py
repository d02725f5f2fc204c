"""What the kernel says of a running process: memory, descriptors, threads and time, and whether its memory grows."""

import os
import threading
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import combinations
from operator import itemgetter
from pathlib import Path
from statistics import median, pstdev

_PAGE = os.sysconf("SC_PAGE_SIZE")
_TICKS = os.sysconf("SC_CLK_TCK")
_LEAST_NOISE = 1 << 20
_SPREAD = 4
_SPANS = 12


@dataclass(frozen=True, slots=True)
class Figures:
    """One look. Sizes are in bytes, `cpu` in seconds. What only root may read of a hardened process is None.

    `anonymous` is the memory of no file, such as the heap. What is shared counts in `rss` whoever else has it. A share
    of it (PSS) would grow when another program that has it ends.
    """

    at: float
    rss: int
    anonymous: int | None
    threads: int
    descriptors: int | None
    cpu: float


@dataclass(frozen=True, slots=True)
class Growth:
    """A straight line through a size over time. `whole` is what it grew from the first look to the last, in bytes.

    What an answer of 200 MB takes for a moment is no growth, so only the smallest look of each of twelve spans counts,
    `low`. A heap that settles at first is no growth either, so the line's slope is the median
    of the slopes between each two of these (Theil and Sen). `noise` is four standard deviations of them about the line,
    at least 1 MiB: within it nothing grows.
    """

    whole: float
    noise: float
    per_hour: float
    low: tuple[float, ...]

    @property
    def none(self) -> bool:
        """Whether nothing grows."""
        return self.whole <= self.noise


def look(pid: int, at: float) -> Figures:
    """Look at a process now. Raises OSError when it is gone."""
    place = Path(f"/proc/{pid}")
    fields = (place / "stat").read_text().rpartition(")")[2].split()
    resident = int((place / "statm").read_text().split()[1]) * _PAGE
    anonymous = descriptors = None
    with suppress(PermissionError):
        rolled = (place / "smaps_rollup").read_text().splitlines()
        anonymous = next(int(line.split()[1]) * 1024 for line in rolled if line.startswith("Anonymous:"))
        descriptors = len(os.listdir(place / "fd"))
    return Figures(at, resident, anonymous, int(fields[17]), descriptors, (int(fields[11]) + int(fields[12])) / _TICKS)


def growth(moments: Sequence[float], sizes: Sequence[float]) -> Growth:
    """The line through these looks, of which there are at least six."""
    pairs = list(zip(moments, sizes, strict=True))
    spans = min(_SPANS, len(pairs) // 2)
    low = [min(pairs[n * len(pairs) // spans : (n + 1) * len(pairs) // spans], key=itemgetter(1)) for n in range(spans)]
    slope = median((later[1] - early[1]) / (later[0] - early[0]) for early, later in combinations(low, 2))
    rests = [size - slope * moment for moment, size in low]
    noise = max(_LEAST_NOISE, _SPREAD * pstdev(rests))
    return Growth(slope * (moments[-1] - moments[0]), noise, slope * 3600, tuple(size for _, size in low))


class Watch:
    """Looks at a process every few seconds, in a thread of its own."""

    def __init__(self, pid: int, seconds: float) -> None:
        self.looks: list[Figures] = []
        self._pid = pid
        self._seconds = seconds
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def end(self) -> None:
        """Stop looking."""
        self._ended.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._ended.wait(self._seconds):
            with suppress(OSError):
                self.looks.append(look(self._pid, time.monotonic()))
