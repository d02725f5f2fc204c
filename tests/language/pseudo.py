"""A language in which every sentence of ours stands in brackets, so that a test sees which one was not translated."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from gettext import NullTranslations

from keyrack.language import translation

LANGUAGE = "en-XA"
_BEGIN, _END = "⟦", "⟧"
_WORDS = re.compile(r"[^\W\d_]{2,}")


class Pseudo(NullTranslations):
    """The catalogue of that language."""

    def gettext(self, message: str) -> str:
        """The sentence in brackets."""
        return f"{_BEGIN}{message}{_END}"

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        """The sentence for so many in brackets."""
        return self.gettext(msgid1 if n == 1 else msgid2)

    def pgettext(self, context: str, message: str) -> str:
        """The sentence in brackets."""
        return self.gettext(message)


@contextmanager
def pseudo(catalogue: NullTranslations | None = None) -> Iterator[None]:
    """Speak that language inside, by another catalogue if one is given, and what was spoken before afterwards."""
    before = translation.spoken()
    translation.use(LANGUAGE, catalogue or Pseudo())
    try:
        yield
    finally:
        translation.use(before)


def unmarked(text: str) -> list[str]:
    """The words that stand outside of all brackets. A value may be a sentence too, so brackets may hold brackets."""
    depth, outside = 0, ""
    for letter in text:
        depth += (letter == _BEGIN) - (letter == _END)
        outside += letter if depth == 0 and letter != _END else " "
    return _WORDS.findall(outside)
