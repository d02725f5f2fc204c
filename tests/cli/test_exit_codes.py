"""The text of a failure in the command line: one line that is safe for a terminal (S49)."""

import sys

import pytest

from keyrack.cli.exit_codes import plain
from keyrack.primitives import failure

SAMPLES = [
    "",
    " ",
    "plain",
    " two\nlines\r\n",
    "\x1b[31mred\x1b[0m",
    "\u202etxt.exe",
    "a\u00a0b\u2028c",
    "\ud800",
    "é中🔑",
]


@pytest.mark.security("S49")
@pytest.mark.parametrize("longest", [1, 2, 5, 300])
@pytest.mark.parametrize("text", [*SAMPLES, "x" * 2000, "\x00" * 2000 + "end"], ids=ascii)
def test_it_cleans_text_as_the_rest_of_keyrack_does(text: str, longest: int) -> None:
    assert plain(text, longest) == failure.plain(text, longest)


@pytest.mark.security("S49")
def test_it_cleans_every_character_as_the_rest_of_keyrack_does() -> None:
    every = "".join(f"{chr(code)}x" for code in range(sys.maxunicode + 1))
    assert plain(every, len(every)) == failure.plain(every, len(every))
