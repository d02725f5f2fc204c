"""Draws a QR code's pattern of dark and light modules (ISO/IEC 18004, byte mode, level M).

Written here because Keyrack needs this one kind alone, and a library for it would be one more to trust and follow.
"""

from collections.abc import Callable, Iterator

from keyrack.ui.widgets.qr_codewords import codewords, raw_modules, version_for

Grid = list[list[bool]]

_MASKS: tuple[Callable[[int, int], bool], ...] = (
    lambda x, y: (x + y) % 2 == 0,
    lambda _, y: y % 2 == 0,
    lambda x, _: x % 3 == 0,
    lambda x, y: (x + y) % 3 == 0,
    lambda x, y: (x // 3 + y // 2) % 2 == 0,
    lambda x, y: x * y % 2 + x * y % 3 == 0,
    lambda x, y: (x * y % 2 + x * y % 3) % 2 == 0,
    lambda x, y: ((x + y) % 2 + x * y % 3) % 2 == 0,
)
_LIKE_A_FINDER = ("10111010000", "00001011101")


def pattern(text: str, mask: int | None = None) -> Grid:
    """The rows of modules, True for dark, without the quiet border; ValueError when the text is too long.

    `mask` is chosen as the standard wants it, unless one is given.
    """
    data = text.encode()
    version = version_for(data)
    code = _Code(version)
    code.fill(codewords(data, version))
    if mask is not None:
        return code.masked(mask)
    return min((code.masked(number) for number in range(len(_MASKS))), key=_penalty)


class _Code:
    """One code while it is made: what is dark, and which modules carry no data."""

    def __init__(self, version: int) -> None:
        self._version = version
        self._size = version * 4 + 17
        self._dark = [[False] * self._size for _ in range(self._size)]
        self._fixed = [[False] * self._size for _ in range(self._size)]
        for at in range(self._size):
            self._set(6, at, dark=at % 2 == 0)
            self._set(at, 6, dark=at % 2 == 0)
        self._finders()
        self._alignments()
        self._version_marks()
        self._format(self._dark, 0)

    def _set(self, x: int, y: int, *, dark: bool) -> None:
        self._dark[y][x] = dark
        self._fixed[y][x] = True

    def _finders(self) -> None:
        end = self._size - 4
        for x, y in ((3, 3), (end, 3), (3, end)):
            for dy in range(-4, 5):
                for dx in range(-4, 5):
                    if 0 <= x + dx < self._size and 0 <= y + dy < self._size:
                        self._set(x + dx, y + dy, dark=max(abs(dx), abs(dy)) not in (2, 4))

    def _alignments(self) -> None:
        if self._version == 1:
            return
        count = self._version // 7 + 2
        step = (self._version * 8 + count * 3 + 5) // (count * 4 - 4) * 2
        places = [6, *(self._size - 7 - at * step for at in range(count - 1))]
        corners = {(6, 6), (6, self._size - 7), (self._size - 7, 6)}
        for x, y in ((x, y) for x in places for y in places if (x, y) not in corners):
            for dy in range(-2, 3):
                for dx in range(-2, 3):
                    self._set(x + dx, y + dy, dark=max(abs(dx), abs(dy)) != 1)

    def _version_marks(self) -> None:
        if self._version < 7:
            return
        rest = self._version
        for _ in range(12):
            rest = (rest << 1) ^ ((rest >> 11) * 0x1F25)
        bits = self._version << 12 | rest
        for at in range(18):
            far, near = self._size - 11 + at % 3, at // 3
            self._set(far, near, dark=bool(bits >> at & 1))
            self._set(near, far, dark=bool(bits >> at & 1))

    def _format(self, grid: Grid, mask: int) -> None:
        """Level M (00) and the mask, twice; the modules are fixed from the first time on."""
        rest = mask
        for _ in range(10):
            rest = (rest << 1) ^ ((rest >> 9) * 0x537)
        bits, end = (mask << 10 | rest) ^ 0x5412, self._size - 1
        first = [(8, y) for y in (0, 1, 2, 3, 4, 5, 7, 8)] + [(x, 8) for x in (7, 5, 4, 3, 2, 1, 0)]
        second = [(end - at, 8) for at in range(8)] + [(8, end - 6 + at) for at in range(7)]
        for places in (first, second):
            for at, (x, y) in enumerate(places):
                grid[y][x] = bool(bits >> at & 1)
                self._fixed[y][x] = True
        grid[end - 7][8] = self._fixed[end - 7][8] = True

    def fill(self, words: bytes) -> None:
        """Lay the bits in the zigzag from the lower right corner."""
        bits = [bool(word >> bit & 1) for word in words for bit in range(7, -1, -1)]
        bits += [False] * (raw_modules(self._version) - len(bits))
        for (x, y), dark in zip(self._free(), bits, strict=True):
            self._dark[y][x] = dark

    def _free(self) -> Iterator[tuple[int, int]]:
        upward = True
        for right in range(self._size - 1, 0, -2):
            column = right - 1 if right <= 6 else right
            for step in range(self._size):
                y = self._size - 1 - step if upward else step
                yield from ((x, y) for x in (column, column - 1) if not self._fixed[y][x])
            upward = not upward

    def masked(self, mask: int) -> Grid:
        """The finished code under one of the eight masks."""
        made = [
            [dark ^ (not self._fixed[y][x] and _MASKS[mask](x, y)) for x, dark in enumerate(row)]
            for y, row in enumerate(self._dark)
        ]
        self._format(made, mask)
        return made


def _penalty(grid: Grid) -> int:
    """How hard a camera would find it: long runs, blocks, what looks like a finder, too much dark or light."""
    lines = ["".join("01"[dark] for dark in row) for row in (*grid, *zip(*grid, strict=True))]
    size, points = len(grid), 0
    for line in lines:
        runs = [len(run) for run in line.replace("01", "0 1").replace("10", "1 0").split()]
        points += sum(run - 2 for run in runs if run >= 5)
        points += 40 * sum(line[at : at + 11] in _LIKE_A_FINDER for at in range(size - 10))
    squares = ((grid[y][x : x + 2], grid[y + 1][x : x + 2]) for y in range(size - 1) for x in range(size - 1))
    points += 3 * sum(len({*above, *below}) == 1 for above, below in squares)
    dark = sum(line.count("1") for line in lines[:size])
    return points + 10 * (abs(dark * 20 - size * size * 10) // (size * size))
