"""Changes inputs at random: bytes, lines, numbers and texts, and pieces of other inputs."""

import random
import re
from collections.abc import Callable, Sequence

LONGEST = 200_000
_ODD_BYTES = b'\0\t\n\r "#%&()+,/:;<=>?@[\\]{|}~\x7f\x80\xc0\xff'
_ODD_NUMBERS = (
    *(b"0", b"-1", b"1", b"63", b"64", b"65", b"255", b"256", b"8192", b"65535", b"65536", b"2147483648"),
    *(b"9007199254740993", b"18446744073709551616", b"1e999", b"1e-999", b"0.1", b"NaN", b"Infinity", b"9" * 5000),
)
_ODD_TEXTS = (
    *("", " ", "\0", "a\r\nb: c", "\x1b[2J", "\u202e", "é", "\U0001f511", "../x", "true", "null", "<script>", "%00"),
    *("%", "%41", "x" * 300, "x" * 9_000, "\ud800"),
)
_NUMBER = re.compile(rb"-?\d+(?:\.\d+)?")
_TEXT = re.compile(rb'"[^"\n]*"')


class Mutator:
    """Changes inputs by random numbers of its own. `words` are pieces that it puts in."""

    def __init__(self, source: random.Random, words: Sequence[bytes]) -> None:
        self._random = source
        self._words = words
        self._ways: tuple[Callable[[bytes, bytes], bytes], ...] = (
            *(self._flip, self._odd_byte, self._word, self._word, self._delete, self._copy, self._cut, self._repeat),
            *(self._line, self._line, self._number, self._number, self._text, self._text, self._splice),
        )

    def changed(self, data: bytes, other: bytes) -> bytes:
        """The input with one to six changes. Pieces may come from the other one."""
        for _ in range(self._random.choice((1, 1, 1, 2, 2, 3, 6))):
            data = self._random.choice(self._ways)(data, other)[:LONGEST]
        return data

    def _place(self, data: bytes) -> int:
        return self._random.randint(0, len(data))

    def _span(self, data: bytes) -> tuple[int, int]:
        start = self._place(data)
        return start, min(len(data), start + self._random.choice((1, 2, 4, 8, 16, 64, 256)))

    def _put(self, data: bytes, piece: bytes) -> bytes:
        start, end = self._span(data)
        return data[:start] + piece + data[start if self._random.random() < 0.5 else end :]

    def _flip(self, data: bytes, other: bytes) -> bytes:
        at = self._place(data)
        return data[:at] + bytes(byte ^ (1 << self._random.randrange(8)) for byte in data[at : at + 1]) + data[at + 1 :]

    def _odd_byte(self, data: bytes, other: bytes) -> bytes:
        return self._put(data, bytes([self._random.choice(_ODD_BYTES)]))

    def _word(self, data: bytes, other: bytes) -> bytes:
        return self._put(data, self._random.choice(self._words))

    def _delete(self, data: bytes, other: bytes) -> bytes:
        start, end = self._span(data)
        return data[:start] + data[end:]

    def _copy(self, data: bytes, other: bytes) -> bytes:
        start, end = self._span(data)
        return self._put(data, data[start:end])

    def _cut(self, data: bytes, other: bytes) -> bytes:
        return data[: self._place(data)]

    def _repeat(self, data: bytes, other: bytes) -> bytes:
        start, end = self._span(data)
        return data[:start] + data[start:end] * self._random.choice((2, 5, 70, 1_000)) + data[end:]

    def _splice(self, data: bytes, other: bytes) -> bytes:
        return data[: self._place(data)] + other[self._place(other) :]

    def _line(self, data: bytes, other: bytes) -> bytes:
        lines, more = data.splitlines(keepends=True), other.splitlines(keepends=True)
        at = self._random.randint(0, len(lines))
        new = [self._random.choice(more or [b"\r\n"])] if self._random.random() < 0.6 else []
        return b"".join([*lines[:at], *new, *lines[at + (self._random.random() < 0.6) :]])

    def _number(self, data: bytes, other: bytes) -> bytes:
        return self._replaced(_NUMBER, data, self._random.choice(_ODD_NUMBERS))

    def _text(self, data: bytes, other: bytes) -> bytes:
        texts = [*(text.encode("utf-8", "surrogatepass") for text in _ODD_TEXTS), *self._words]
        return self._replaced(_TEXT, data, b'"' + self._random.choice(texts) + b'"')

    def _replaced(self, pattern: re.Pattern[bytes], data: bytes, piece: bytes) -> bytes:
        found = list(pattern.finditer(data))
        if not found:
            return self._put(data, piece)
        chosen = self._random.choice(found)
        return data[: chosen.start()] + piece + data[chosen.end() :]
